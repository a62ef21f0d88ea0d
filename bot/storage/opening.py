"""Opening the storage that the configuration names."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.storage.protocols import Storage
from bot.storage.sql.database import Clock
from bot.storage.sql.sqlite import SqliteEngine
from bot.storage.sql.storage import SqlStorage

log = logging.getLogger(__name__)


def utc_now() -> dt.datetime:
    """The time."""
    return dt.datetime.now(dt.UTC)


@asynccontextmanager
async def open_storage(file: Path, clock: Clock = utc_now) -> AsyncIterator[Storage]:
    """Open the storage, bring it up to date, and let go of it in the end.

    Args:
        file: The database file; made if missing.
        clock: Tells the time, in UTC.

    Raises:
        StorageError: It cannot be used; says what to do.
    """
    storage = SqlStorage(SqliteEngine(file), clock)
    try:
        if await storage.prepare():
            log.info("The tables of the database are up to date now.")
        yield storage
    finally:
        await storage.close()
