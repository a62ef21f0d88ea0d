"""Processes with one token agree on who runs which shard, and who identifies when."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest

from bot.config import DatabaseServer
from bot.config.sharding import ONE, Shards
from bot.config.token import Token
from bot.errors import RunningError
from bot.storage import StorageError
from bot.storage.sql.postgresql import cluster as postgresql_cluster
from bot.storage.sql.postgresql.cluster import PostgresqlCluster
from bot.storage.sql.postgresql.engine import PostgresqlEngine
from tests.postgres import PostgresServer

TOKEN = Token("a-token-that-must-never-show")


class House:
    """Makes clusters as processes do, and lets go of them in the end."""

    def __init__(self, database: DatabaseServer) -> None:
        self._engine = PostgresqlEngine(database)
        self._made: list[PostgresqlCluster] = []

    def process(self, shards: Shards, token: Token = TOKEN) -> PostgresqlCluster:
        cluster = self._engine.cluster(token.fingerprint, shards)
        self._made.append(cluster)
        return cluster

    async def close(self) -> None:
        for each in self._made:
            await each.leave()


@pytest.fixture
async def house(database: DatabaseServer) -> AsyncIterator[House]:
    house = House(database)
    yield house
    await house.close()


async def test_each_shard_has_one_process(house: House) -> None:
    first = house.process(Shards(4, (0, 1)))
    await first.take()
    await house.process(Shards(4, (2, 3))).take()
    with pytest.raises(RunningError, match="Shard 1 of 4 runs already"):
        await house.process(Shards(4, (1, 2))).take()
    await first.leave()
    await taken(house.process(Shards(4, (0, 1))))


async def taken(cluster: PostgresqlCluster) -> None:
    """Take, as soon as the server has noticed who left."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await cluster.take()
            except RunningError:
                await asyncio.sleep(0.01)


async def test_of_many_that_start_at_once_one_runs(house: House) -> None:
    starting = [house.process(ONE).take() for _ in range(5)]
    results = await asyncio.gather(*starting, return_exceptions=True)
    assert results.count(None) == 1
    assert sum(isinstance(each, RunningError) for each in results) == 4


async def test_all_have_the_same_count_of_shards(house: House) -> None:
    await house.process(Shards(8, (0,))).take()
    with pytest.raises(RunningError, match="start this one with --shard-count 8"):
        await house.process(Shards(16, (1,))).take()


async def test_bots_with_other_tokens_are_left_alone(house: House) -> None:
    await house.process(ONE).take()
    await house.process(Shards(16, (0, 1)), Token("another")).take()


async def test_nothing_tells_the_token(house: House) -> None:
    await house.process(ONE).take()
    with pytest.raises(RunningError) as refused:
        await house.process(ONE).take()
    assert TOKEN.reveal() not in f"{refused.value!r}"
    assert TOKEN.fingerprint not in f"{refused.value!r}"


async def test_shards_are_taken_again_when_the_server_is_back(
    own_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_cluster, "_SECONDS_BETWEEN_LOOKS", 0.05)
    house = House(own_server.address("postgres"))
    mine = house.process(ONE)
    await mine.take()
    keeping = asyncio.create_task(mine.keep())
    own_server.kill()
    with pytest.raises(StorageError):
        await house.process(ONE).take()
    own_server.start()
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid <> 0"
    async with asyncio.timeout(20):
        while own_server.execute(held) == "0":  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    with pytest.raises(RunningError):
        await house.process(ONE).take()
    assert not keeping.done()
    keeping.cancel()
    await house.close()


async def test_who_lost_its_shards_to_another_stops_at_once(
    own_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a process that stood still while the server gave up its connection."""
    monkeypatch.setattr(postgresql_cluster, "_SECONDS_BETWEEN_LOOKS", 0.05)
    house = House(own_server.address("postgres"))
    mine = house.process(ONE)
    await mine.take()
    own_server.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    await taken(house.process(ONE))
    with pytest.raises(RunningError, match="runs already"):
        async with asyncio.timeout(20):
            await mine.keep()
    await house.close()


async def test_a_lost_connection_of_ours_is_waited_for(
    own_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server does not notice at once that it is gone: its process is stopped."""
    monkeypatch.setattr(postgresql_cluster, "_SECONDS_BETWEEN_LOOKS", 0.5)
    house = House(own_server.address("postgres"))
    mine = house.process(ONE)
    await mine.take()
    holder = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid <> 0"
    ghost = int(own_server.execute(holder))
    os.kill(ghost, signal.SIGSTOP)
    keeping = asyncio.create_task(mine.keep())
    await asyncio.sleep(2)
    assert not keeping.done()
    os.kill(ghost, signal.SIGCONT)
    async with asyncio.timeout(20):
        while own_server.execute(holder) in {"", str(ghost)}:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert not keeping.done()
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    await house.close()


async def test_one_of_a_bucket_identifies_at_a_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_cluster, "IDENTIFY_SECONDS", 0.05)
    one, two = house.process(Shards(4, (0, 1))), house.process(Shards(4, (2, 3)))
    identifies = await one.may_identify(0)
    await two.may_identify(1)  # another bucket
    waiting = asyncio.create_task(two.may_identify(0))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    identifies()
    async with asyncio.timeout(20):
        await waiting


async def test_a_process_that_dies_holds_up_nobody(house: House) -> None:
    one, two = house.process(Shards(2, (0,))), house.process(Shards(2, (1,)))
    await one.may_identify(0)
    waiting = asyncio.create_task(two.may_identify(0))
    await one.leave()
    async with asyncio.timeout(20):
        await waiting
