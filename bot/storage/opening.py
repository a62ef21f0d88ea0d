"""Opening the storage that the configuration names."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import DatabaseServer
from bot.locales import Words
from bot.storage.errors import StorageGoneError
from bot.storage.protocols import Storage

if TYPE_CHECKING:
    # A quarter of a second of a command that needs no database.
    from bot.storage.sql.copying import Copied
    from bot.storage.sql.database import Clock
    from bot.storage.sql.engines import CopyProgress, StorageEngine

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
    from bot.storage.sql.storage import SqlStorage

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
        from bot.storage.sql.sqlite import SqliteEngine

        return SqliteEngine(place)
    try:
        from bot.storage.sql.postgresql.engine import PostgresqlEngine
    except ModuleNotFoundError as error:
        raise StorageGoneError(Words("error.no_asyncpg")) from error
    return PostgresqlEngine(place)


@asynccontextmanager
async def using_engine(place: Path | DatabaseServer) -> AsyncIterator[StorageEngine]:
    """An engine, for what needs no storage; its connections are let go of in the end.

    Raises:
        StorageError: It cannot be used; says what to do.
    """
    engine = open_engine(place)
    try:
        yield engine
    finally:
        await engine.close()


async def copy_storage(
    source: Path | DatabaseServer, target: Path | DatabaseServer, progress: CopyProgress
) -> Copied:
    """Copy everything from one database to another, or go on with a copy.

    Raises:
        StorageError: As `copy_database` says, or there is no source.
    """
    from bot.storage.sql.copying import copy_database

    if isinstance(source, Path) and not await asyncio.to_thread(source.exists):
        raise StorageGoneError(Words("error.no_source", source=source))
    async with using_engine(source) as reading, using_engine(target) as writing:
        return await copy_database(reading, writing, progress)
