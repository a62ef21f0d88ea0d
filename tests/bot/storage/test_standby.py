"""A second server follows the first: what is lost when the first one dies, and what is not."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from bot.config import DatabaseServer
from bot.config.sharding import ONE
from bot.storage import StorageGoneError, open_storage
from bot.storage.sql.postgresql import cluster as postgresql_cluster
from bot.storage.sql.postgresql import connecting as postgresql_connecting
from bot.storage.sql.postgresql.engine import PostgresqlEngine
from tests.bot.killing import grown, pin_until_refused
from tests.bot.storage.test_changes import changes_of, next_change, pin, seen_until
from tests.bot.storage.test_cluster import TOKEN
from tests.postgres import PASSWORD, PostgresServer

GUILD, OTHER = 11, 22


def whichever_writes(*servers: PostgresServer) -> DatabaseServer:
    """Both servers in one address, of which the bot takes the one that may be written to."""
    hosts = ",".join(f"127.0.0.1:{each.port}" for each in servers)
    return servers[0].address("postgres", hosts=hosts, query="?target_session_attrs=read-write")


def let_commits_wait_for_the_standby(server: PostgresServer) -> None:
    server.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
    server.reload()


async def waiting_for(server: PostgresServer, what: str, wanted: str) -> None:
    """Until the server says so."""
    async with asyncio.timeout(30):
        while server.execute(what) != wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_standby_alone_is_no_place_to_write(standby: PostgresServer) -> None:
    with pytest.raises(StorageGoneError, match="only reads, as a standby does") as refused:
        async with open_storage(standby.address("postgres")):
            pass
    assert PASSWORD not in f"{refused.value!r}"


async def test_of_several_hosts_none_that_writes(standby: PostgresServer) -> None:
    with pytest.raises(StorageGoneError, match="where all of them are standbys, promote one"):
        async with open_storage(whichever_writes(standby, standby)):
            pass
    # What asyncpg refused is closed in the loop's next rounds.
    await asyncio.sleep(0)


async def test_of_several_hosts_the_one_that_writes_is_taken(
    own_server: PostgresServer, standby: PostgresServer
) -> None:
    for servers in ((own_server, standby), (standby, own_server)):
        async with open_storage(whichever_writes(*servers)) as storage:
            await pin(storage, GUILD)
    assert own_server.execute("SELECT sequence FROM guilds") == "2"


async def test_nothing_acknowledged_is_lost_where_commits_wait_for_the_standby(
    own_server: PostgresServer, standby: PostgresServer
) -> None:
    async with open_storage(whichever_writes(own_server, standby)) as storage:
        let_commits_wait_for_the_standby(own_server)
        await waiting_for(own_server, "SELECT sync_state FROM pg_stat_replication", "sync")
        acknowledged: list[str] = []
        writing = asyncio.gather(
            *(pin_until_refused(storage, GUILD, each, acknowledged) for each in range(3))
        )
        await grown(acknowledged, by=30)
        own_server.kill()
        await writing
        with pytest.raises(StorageGoneError, match="again by itself"):
            await pin(storage, GUILD, "while nobody writes")
        standby.promote()
        # The very same storage goes on with the other server.
        await pin(storage, GUILD, "afterwards")
        found = {each.question for each in await storage.guild(GUILD).pins.every()}
        assert {*acknowledged, "afterwards"} <= found
        # At most what each writer was writing when the server died is there besides.
        assert len(found) <= len(acknowledged) + 4


async def test_what_the_standby_did_not_have_yet_is_lost_where_commits_do_not_wait(
    own_server: PostgresServer, standby: PostgresServer
) -> None:
    async with open_storage(whichever_writes(own_server, standby)) as storage:
        await pin(storage, GUILD, "before")
        here = own_server.execute("SELECT pg_current_wal_flush_lsn()")
        await waiting_for(standby, f"SELECT pg_last_wal_replay_lsn() >= '{here}'", "t")
        own_server.execute("ALTER SYSTEM SET max_wal_senders = 0")
        standby.execute("ALTER SYSTEM SET primary_conninfo = ''")
        standby.reload()
        await waiting_for(own_server, "SELECT count(*) FROM pg_stat_replication", "0")
        await pin(storage, GUILD, "too late")
        own_server.kill()
        standby.promote()
        # What docs/scaling.md says, and no more than that.
        assert [each.question for each in await storage.guild(GUILD).pins.every()] == ["before"]
        await pin(storage, GUILD, "afterwards")


async def test_processes_agree_again_on_the_promoted_server(
    own_server: PostgresServer, standby: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_cluster, "_SECONDS_BETWEEN_LOOKS", 0.05)
    place = whichever_writes(own_server, standby)
    async with open_storage(place) as storage, aclosing(changes_of(storage)) as changes:
        await pin(storage, GUILD)
        await seen_until(changes, {GUILD})
        here = own_server.execute("SELECT pg_current_wal_flush_lsn()")
        await waiting_for(standby, f"SELECT pg_last_wal_replay_lsn() >= '{here}'", "t")
        cluster = PostgresqlEngine(place).cluster(TOKEN.fingerprint, ONE)
        await cluster.take()
        keeping = asyncio.create_task(cluster.keep())
        waiting = asyncio.create_task(next_change(changes))
        own_server.kill()
        standby.promote()
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid <> 0"
        await waiting_for(standby, held, "1")
        await pin(storage, OTHER)
        assert await waiting == {OTHER}
        assert not keeping.done()
        keeping.cancel()
        await cluster.leave()


async def test_a_host_that_answers_nothing_holds_up_nobody_for_long(
    postgres: PostgresServer, database: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a machine that has vanished with its primary."""
    del database
    monkeypatch.setattr(postgresql_connecting, "_CONNECT_SECONDS", 0.5)
    asked = 0

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    hosts = f"127.0.0.1:{silent.sockets[0].getsockname()[1]},127.0.0.1:{postgres.port}"
    place = postgres.address("test", hosts=hosts, query="?target_session_attrs=read-write")
    async with open_storage(place) as storage:
        await asyncio.gather(*(pin(storage, GUILD, f"{each} ?") for each in range(9)))
        assert len(await storage.guild(GUILD).pins.every()) == 9
    # Whoever connects afterwards begins with the host that serves.
    assert asked == 1
    silent.close()


@pytest.mark.parametrize(
    ("shown", "hosts"),
    [
        ("one:5433,two/bot", [("one", 5433), ("two", 5432)]),
        ("[::1]:5433,[::2],three/bot", [("::1", 5433), ("::2", 5432), ("three", 5432)]),
        ("one:5433/bot", []),
        ("/bot", []),
    ],
)
def test_hosts_of_an_address(shown: str, hosts: list[tuple[str, int]]) -> None:
    assert postgresql_connecting._hosts(shown) == hosts
