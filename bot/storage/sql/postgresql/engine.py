"""PostgreSQL, on a server that processes share. What is PostgreSQL's alone stands here."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.config import DatabaseServer
from bot.config.sharding import Shards
from bot.storage.errors import StorageError, StorageGoneError
from bot.storage.sql.copying import copy_database
from bot.storage.sql.engines import CopyProgress, quiet
from bot.storage.sql.postgresql.bell import PostgresqlBell
from bot.storage.sql.postgresql.cluster import PostgresqlCluster
from bot.storage.sql.postgresql.connecting import PostgresqlConnector
from bot.storage.sql.postgresql.errors import (
    FAILURES,
    explained,
    read_only,
)
from bot.storage.sql.postgresql.pooler import expect_whole_sessions
from bot.storage.sql.postgresql.replica import CONNECTIONS, PostgresqlReplica
from bot.storage.sql.schema import expect_current
from bot.storage.sql.sqlite import SqliteEngine
from bot.storage.sql.tables import Base

_SCHEMA_LOCK = 0x636F616C
"""Held while the schema is changed: “coal” as a number."""


class PostgresqlEngine:
    """A PostgreSQL server, reached by asyncpg."""

    failures = FAILURES
    is_shared = True

    def __init__(self, server: DatabaseServer) -> None:
        """Prepare to connect to `server`; nothing is sent yet."""
        self._server = server
        self.connect = PostgresqlConnector(server).connect
        self.engine = _pool(server, self.connect)
        self.replica: PostgresqlReplica | None = None
        if server.replica is not None:
            follower = DatabaseServer(server.replica, CONNECTIONS)
            pool = _pool(follower, PostgresqlConnector(follower).connect)
            self.replica = PostgresqlReplica(follower.shown, self.engine, pool)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Writers need take no turns: rows are locked one by one."""
        yield

    def bell(self) -> PostgresqlBell:
        """Rings when the server tells."""
        return PostgresqlBell(self._server.shown, self.connect)

    def cluster(self, fingerprint: str, shards: Shards) -> PostgresqlCluster:
        """What processes with one token agree on."""
        return PostgresqlCluster(self._server.shown, self.connect, fingerprint, shards)

    def explained(self, error: Exception) -> StorageError:
        """What went wrong, told apart by PostgreSQL's codes."""
        return explained(self._server.shown, error)

    async def lock_schema(self, connection: AsyncConnection) -> None:
        """Keep other processes from changing the schema until the transaction ends."""
        await connection.execute(
            text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SCHEMA_LOCK}
        )

    async def number_on(self, connection: AsyncConnection) -> None:
        """Set every counter to the largest number that there is."""
        for table in Base.metadata.sorted_tables:
            column = table.autoincrement_column
            if column is not None:
                await connection.execute(
                    select(
                        func.setval(
                            func.pg_get_serial_sequence(table.name, column.name),
                            func.coalesce(func.max(column), 1),
                            func.max(column).is_not(None),
                        )
                    ).select_from(table)
                )

    async def check(self) -> None:
        """Look whether the server can be reached and written to. It looks for damage itself."""
        await expect_whole_sessions(self._server.shown, self.connect)
        try:
            async with self.engine.connect() as connection:
                found = await connection.execute(
                    text("SELECT pg_is_in_recovery(), current_setting('server_encoding')")
                )
                standby, encoding = found.one()
        except self.failures as error:
            raise self.explained(error) from error
        if standby:
            raise read_only(self._server.shown)
        if encoding != "UTF8":
            raise StorageGoneError(
                f"The database {self._server.shown} keeps text as {encoding}, and members write "
                "everything that there is. Make one with `CREATE DATABASE … ENCODING 'UTF8' "
                "TEMPLATE template0` and set `database.url` to it."
            )

    async def scrub(self) -> None:
        """Nothing to do here: the server overwrites in its own time what was deleted."""

    async def backup(self, target: Path, progress: CopyProgress = quiet) -> None:
        """Copy all rows, as they are at one moment, into a file, and compare both."""
        await expect_current(self)
        with tempfile.TemporaryDirectory(prefix=".copy-", dir=target.parent) as folder:
            copy = SqliteEngine(Path(folder) / target.name)
            try:
                await copy_database(self, copy, progress)
                await copy.backup(target, progress)
            finally:
                await copy.close()

    async def close(self) -> None:
        """Let go of all connections."""
        await self.engine.dispose()
        if self.replica is not None:
            await self.replica.close()


def _pool(server: DatabaseServer, connect: Callable[[], Awaitable[Any]]) -> AsyncEngine:
    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_size=server.connections,
        max_overflow=0,
        # A connection that died with its server is replaced before it is used.
        pool_pre_ping=True,
        hide_parameters=True,
    )
