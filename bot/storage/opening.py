"""Opening the storage that the configuration names."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.config import DatabaseServer
from bot.storage.protocols import Storage
from bot.storage.sql.database import Clock
from bot.storage.sql.engines import StorageEngine
from bot.storage.sql.sqlite import SqliteEngine
from bot.storage.sql.storage import SqlStorage

log = logging.getLogger(__name__)


def utc_now() -> dt.datetime:
    """The time."""
    return dt.datetime.now(dt.UTC)


@asynccontextmanager
async def open_storage(
    place: Path | DatabaseServer, clock: Clock = utc_now
) -> AsyncIterator[Storage]:
    """Open the storage, bring it up to date, and let go of it in the end.

    Args:
        place: The database file, made if missing; or a server.
        clock: Tells the time, in UTC.

    Raises:
        StorageError: It cannot be used; says what to do.
    """
    storage = SqlStorage(open_engine(place), clock)
    try:
        if await storage.prepare():
            log.info("The tables of the database are up to date now.")
        yield storage
    finally:
        await storage.close()


def open_engine(place: Path | DatabaseServer) -> StorageEngine:
    """Prepare to connect.

    Raises:
        StorageError: It cannot be used; says what to do.
    """
    if isinstance(place, Path):
        return SqliteEngine(place)
    from bot.storage.sql.postgresql import PostgresqlEngine

    return PostgresqlEngine(place)
