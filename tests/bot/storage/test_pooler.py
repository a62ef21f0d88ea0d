"""A pooler between the bot and its server: whole sessions serve, divided ones are refused."""

from __future__ import annotations

from contextlib import aclosing

import pytest

from bot.config import DatabaseServer
from bot.config.sharding import Shards
from bot.errors import RunningError
from bot.storage import open_storage
from bot.storage.sql.postgresql.connecting import PostgresqlConnector
from tests.bot.storage.conftest import Clock
from tests.bot.storage.test_changes import changes_of, next_change
from tests.bot.storage.test_copying import fill_all
from tests.bot.storage.test_postgresql import GUILD, pin, refusal
from tests.pgbouncer import pgbouncer_program, pooled
from tests.postgres import PostgresServer

pytestmark = pytest.mark.skipif(
    pgbouncer_program() is None, reason="PgBouncer is not installed (Debian's package pgbouncer)"
)
FINGERPRINT = "0123456789abcdef"


async def test_whole_sessions_serve(
    postgres: PostgresServer, database: DatabaseServer, clock: Clock
) -> None:
    """Tables, rows, notifications and the locks of a cluster, as without a pooler."""
    del database
    with pooled(postgres, "test", "session") as place:
        async with open_storage(place, clock) as storage:
            await fill_all(storage, clock)
            async with aclosing(changes_of(storage)) as changes:
                await next_change(changes)
                await pin(storage, "Qui d'autre ?")
                assert await next_change(changes) == {GUILD}
            first = storage.cluster(FINGERPRINT, Shards(1, (0,)))
            second = storage.cluster(FINGERPRINT, Shards(1, (0,)))
            assert first is not None and second is not None
            await first.take()
            with pytest.raises(RunningError, match="runs already with this token"):
                await second.take()
            await first.leave()
            await second.take()
            await second.leave()


async def test_settings_hold_through_a_pooler(
    postgres: PostgresServer, database: DatabaseServer
) -> None:
    """And those of who had the session before do not come with it."""
    del database
    with pooled(postgres, "test", "session", "default_pool_size = 1") as place:
        connect = PostgresqlConnector(place).connect
        for found, changed in (("10s", "1s"), ("10s", "2s")):
            connection = await connect()
            assert await connection.fetchval("SHOW lock_timeout") == found
            await connection.execute(f"SET lock_timeout = '{changed}'")
            await connection.close()


@pytest.mark.parametrize("mode", ["transaction", "statement"])
async def test_divided_sessions_are_refused(
    postgres: PostgresServer, database: DatabaseServer, mode: str
) -> None:
    del database
    with pooled(postgres, "test", mode) as place:
        error = await refusal(place)
    assert "Set `pool_mode = session` for this database" in str(error)
    tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
    assert postgres.execute(tables, "test") == postgres.execute(tables, "empty")


async def test_a_pooler_whose_server_is_gone(postgres: PostgresServer) -> None:
    with pooled(postgres, "empty", "session", "server_login_retry = 1") as place:
        postgres.execute("ALTER DATABASE empty ALLOW_CONNECTIONS false")
        try:
            error = await refusal(place)
        finally:
            postgres.execute("ALTER DATABASE empty ALLOW_CONNECTIONS true")
    assert "gave no connection to the server behind it. Look in its log" in str(error)
