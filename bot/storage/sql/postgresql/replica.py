"""A server that follows the primary: it is read where it has everything that was acknowledged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.errors import StorageBusyError, StorageError, StorageGoneError
from bot.storage.sql.engines import Position
from bot.storage.sql.postgresql.errors import FAILURES, explained

log = logging.getLogger(__name__)

CONNECTIONS = 2
"""Reports are few."""
_SECONDS_BEHIND = 1.0
"""So long it may take to have what was written before a report was asked for."""
_SECONDS_BETWEEN_LOOKS = 0.02
_SECONDS_OF_REST = 30.0
"""One that failed is not asked again before."""
_PRIMARY_IS_AT = text(
    "SELECT system_identifier, (pg_current_wal_flush_lsn() - '0/0')::bigint "
    "FROM pg_control_system()"
)
_IS_AT = text(
    "SELECT pg_is_in_recovery(), system_identifier, (pg_last_wal_replay_lsn() - '0/0')::bigint "
    "FROM pg_control_system()"
)


class PostgresqlReplica:
    """Implements `Replica`."""

    def __init__(self, place: str, primary: AsyncEngine, replica: AsyncEngine) -> None:
        """Prepare.

        Args:
            place: Host, port and database of the replica, for messages.
            primary: Connections to the server that it follows.
            replica: Connections to it.
        """
        self._place = place
        self._primary = primary
        self._replica = replica
        self._rests_until = 0.0
        self._failed = False

    @property
    def is_awake(self) -> bool:
        """Whether it is worth asking."""
        return asyncio.get_running_loop().time() >= self._rests_until

    async def position(self) -> Position:
        """How far the primary is."""
        async with self._primary.connect() as connection:
            return Position(*(await connection.execute(_PRIMARY_IS_AT)).one())

    @asynccontextmanager
    async def reading(self, position: Position) -> AsyncIterator[AsyncConnection]:
        """A connection, as soon as everything up to `position` is there."""
        try:
            async with self._replica.connect() as connection:
                await self._follow(connection, position)
                yield connection
        except FAILURES as error:
            raise explained(self._place, error) from error
        except PoolTimeoutError as error:
            raise StorageBusyError(f"All connections to {self._place} are in use.") from error

    async def _follow(self, connection: AsyncConnection, wanted: Position) -> None:
        """Wait for the replica, but not for long."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _SECONDS_BEHIND
        while True:
            follows, system, written = (await connection.execute(_IS_AT)).one()
            await connection.rollback()
            if not follows or system != wanted.system:
                raise StorageGoneError(
                    f"The database server {self._place} is no replica of that of `database.url`, "
                    "or none any more. Set `database.replica_url` to one, or to null."
                )
            if written is not None and written >= wanted.written:
                return
            if loop.time() >= until:
                raise StorageBusyError(
                    f"The replica {self._place} is more than {_SECONDS_BEHIND:.0f} s behind. Look "
                    "in pg_stat_replication of the primary for what holds it up."
                )
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    def worked(self) -> None:
        """Note that it gave what was asked of it."""
        if self._failed:
            log.info("Reports are read from the replica again.")
        self._failed = False

    def failed(self, error: StorageError) -> None:
        """Let it rest; said once, until it works again."""
        if not self._failed:
            log.warning(
                "Reports are read from the primary for now: `database.replica_url` does not "
                "serve. %s",
                error,
            )
        self._failed = True
        self._rests_until = asyncio.get_running_loop().time() + _SECONDS_OF_REST

    async def close(self) -> None:
        """Let go of its connections."""
        await self._replica.dispose()
