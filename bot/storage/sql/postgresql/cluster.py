"""Processes that share a token agree through locks of the server, which end with their holder.

An advisory lock has two numbers: the first is the token's, so that bots of several tokens may
share a database; the second says what is held. Lock 0 is held for a moment by who looks around.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from bot.config.sharding import Shards
from bot.errors import RunningError
from bot.locales import Words
from bot.storage.errors import StorageError
from bot.storage.sql.postgresql.errors import DRIVER_FAILURES, not_connected

log = logging.getLogger(__name__)

_SECONDS_BETWEEN_LOOKS = 5.0
_SECONDS_FOR_A_GHOST = 60.0
"""How long the server may take for a lost connection of ours to be gone."""
IDENTIFY_SECONDS = 5.0
"""In each of Discord's buckets one shard may identify in that time."""
_LONGEST_WAIT = 3600.0
_BITS = 16
_HELD = """
    SELECT pid, objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND objid <> 0 AND classid = $1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND pid <> pg_backend_pid()
"""


class _GhostError(RunningError):
    """A lost connection of ours holds the shards, until the server notices that it is gone."""


class PostgresqlCluster:
    """Implements `Cluster`, with a connection of its own."""

    def __init__(
        self, place: str, connect: Callable[[], Awaitable[Any]], fingerprint: str, shards: Shards
    ) -> None:
        """Prepare.

        Args:
            place: Host, port and database, for messages.
            connect: Makes a connection of asyncpg's.
            fingerprint: What stands for the token, in hexadecimal digits.
            shards: The shards of this process.
        """
        self._place = place
        self._connect = connect
        # Both fit a signed number of 32 bits, which is what a lock takes.
        self._running = int(fingerprint[:8], 16) >> 1
        self._identifying = int(fingerprint[8:16], 16) >> 1
        self._shards = shards
        self._connection: Any = None
        self._session: int | None = None
        self._slots: set[Any] = set()

    async def take(self) -> None:
        """Take the shards of this process, until it ends or the connection is lost."""
        connection = await self._connect()
        try:
            async with connection.transaction():
                await connection.execute("SELECT pg_advisory_xact_lock($1, 0)", self._running)
                held = await connection.fetch(_HELD, self._running)
                others = [lock for session, lock in held if session != self._session]
                self._check([(each >> _BITS, each & ((1 << _BITS) - 1)) for each in others])
                if len(others) < len(held):
                    raise _GhostError(
                        "A connection of this process that was lost still holds its shards at "
                        f"{self._place}. Start it again, or end that session on the server."
                    )
                first = self._shards.count << _BITS
                await connection.executemany(
                    "SELECT pg_advisory_lock($1, $2)",
                    [(self._running, first | each) for each in self._shards.ids],
                )
                # Not what the driver was told: a pooler has numbers of its own.
                session = await connection.fetchval("SELECT pg_backend_pid()")
        except DRIVER_FAILURES as error:
            connection.terminate()
            raise not_connected(self._place, error) from None
        except RunningError:
            await connection.close()
            raise
        except asyncio.CancelledError:
            connection.terminate()
            raise
        self._connection, self._session = connection, session

    def _check(self, held: list[tuple[int, int]]) -> None:
        ours = self._shards
        for count, _ in held:
            if count != ours.count:
                raise RunningError(Words("error.shards_other_count", count=count, ours=ours.count))
        taken = sorted({shard for _, shard in held} & set(ours.ids))
        if taken:
            raise RunningError(Words("error.shard_taken", shard=taken[0], count=ours.count))

    async def keep(self) -> None:
        """Hold the shards for ever, and take them again where the server was away.

        Raises:
            RunningError: Another process has taken them meanwhile, as while this one stood still.
        """
        ghost = 0.0
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            try:
                if await self._is_alive():
                    continue
                await self.take()
                ghost = 0.0
            except StorageError:
                log.warning("Whether another process runs our shards is not known for now.")
            except _GhostError:
                ghost += _SECONDS_BETWEEN_LOOKS
                if ghost > _SECONDS_FOR_A_GHOST:
                    raise

    async def _is_alive(self) -> bool:
        try:
            await self._connection.fetchval("SELECT 1", timeout=_SECONDS_BETWEEN_LOOKS)
        except DRIVER_FAILURES:
            self._connection.terminate()
            return False
        return True

    async def may_identify(self, bucket: int) -> Callable[[], None]:
        """Wait until it is a shard's turn; what is returned is called when it identifies."""
        connection = await self._connect()
        try:
            await connection.execute("SET lock_timeout = 0")
            await connection.fetchval(
                "SELECT pg_advisory_lock($1, $2)", self._identifying, bucket, timeout=_LONGEST_WAIT
            )
        except DRIVER_FAILURES as error:
            connection.terminate()
            raise not_connected(self._place, error) from None
        except asyncio.CancelledError:
            connection.terminate()
            raise

        self._slots.add(connection)

        def identifies() -> None:
            asyncio.get_running_loop().call_later(IDENTIFY_SECONDS, self._let_go, connection)

        return identifies

    def _let_go(self, slot: Any) -> None:  # noqa: ANN401 - asyncpg's own
        self._slots.discard(slot)
        slot.terminate()

    async def leave(self) -> None:
        """Let go of everything."""
        for slot in tuple(self._slots):
            self._let_go(slot)
        if self._connection is not None:
            self._connection.terminate()
        # What was terminated is closed in the loop's next round.
        await asyncio.sleep(0)
