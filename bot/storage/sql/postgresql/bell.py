"""Being told by PostgreSQL that something changed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.storage.sql.postgresql.errors import DRIVER_FAILURES, not_connected

CHANNEL = "guild_changed"
"""Where the trigger of migration 0002 notifies."""
_SECONDS_BETWEEN_LOOKS = 30
"""However silent it is: a notification is a courtesy, and looking is the truth."""
_SECONDS_TO_GATHER = 0.05
_PING_SECONDS = 5


class PostgresqlBell:
    """Listens on a connection of its own, which is made anew when it is lost."""

    def __init__(self, place: str, connect: Callable[[], Awaitable[Any]]) -> None:
        """Prepare.

        Args:
            place: Host, port and database, for messages.
            connect: Makes a connection of asyncpg's.
        """
        self._place = place
        self._connect = connect
        self._connection: Any = None
        self._told = asyncio.Event()

    async def rung(self) -> None:
        """Wait until there may be something new; many changes at once ring once.

        Raises:
            StorageError: The server cannot be reached.
        """
        if self._connection is None or self._connection.is_closed():
            await self._listen()
            # What happened before has been told to nobody here.
            return
        try:
            async with asyncio.timeout(_SECONDS_BETWEEN_LOOKS):
                await self._told.wait()
            await asyncio.sleep(_SECONDS_TO_GATHER)
        except TimeoutError:
            await self._ping()
        self._told.clear()

    async def close(self) -> None:
        """Listen no more."""
        if self._connection is not None:
            self._connection.terminate()

    async def _listen(self) -> None:
        connection = await self._connect()
        self._told.clear()
        try:
            connection.add_termination_listener(self._ring)
            await connection.add_listener(CHANNEL, self._ring)
        except DRIVER_FAILURES as error:
            connection.terminate()
            raise not_connected(self._place, error) from None
        self._connection = connection

    async def _ping(self) -> None:
        """Find out whether the connection only seems to be there."""
        try:
            await self._connection.fetchval("SELECT 1", timeout=_PING_SECONDS)
        except DRIVER_FAILURES as error:
            self._connection.terminate()
            raise not_connected(self._place, error) from None

    def _ring(self, *_: object) -> None:
        self._told.set()
