"""Finding out whether a pooler before the server, such as PgBouncer, keeps sessions whole.

Locks, notifications and settings belong to a session. A pooler of transactions gives each of them
whatever connection is free, so that locks are held by nobody, and nothing is refused: two processes
would answer every question. The server's process tells: two connections that are open at once are
served by one only where sessions are divided.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from bot.storage.sql.postgresql.errors import DRIVER_FAILURES, not_connected, not_whole

_LOOKS = 4
_WHO = "SELECT pg_backend_pid()"


async def expect_whole_sessions(place: str, connect: Callable[[], Awaitable[Any]]) -> None:
    """See that each connection has a process of the server to itself.

    Args:
        place: Host, port and database, for messages.
        connect: Makes a connection of asyncpg's.

    Raises:
        StorageError: Connections share processes, or none can be had.
    """
    opened: list[Any] = []
    try:
        opened.append(await connect())
        opened.append(await connect())
        seen: list[set[int]] = [set(), set()]
        for _ in range(_LOOKS):
            for connection, processes in zip(opened, seen, strict=True):
                processes.add(await connection.fetchval(_WHO))
    except (asyncpg.InvalidSQLStatementNameError, asyncpg.DuplicatePreparedStatementError):
        # One has met what the other prepared, or has lost its own.
        raise not_whole(place) from None
    except DRIVER_FAILURES as error:
        raise not_connected(place, error) from None
    finally:
        for connection in opened:
            connection.terminate()
    first, second = seen
    if len(first) > 1 or first & second:
        raise not_whole(place)
