"""SQLite, in a file of the data folder. All that is SQLite's alone stands here."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.config.sharding import Shards
from bot.locales import Words
from bot.storage.errors import (
    StorageBusyError,
    StorageDamagedError,
    StorageError,
    StorageFullError,
    StorageGoneError,
)
from bot.storage.sql.engines import CopyProgress, quiet

log = logging.getLogger(__name__)

_CONNECTIONS = 3
"""Each has a thread; readers do not wait for the writer."""
_MILLISECONDS_WAITED = 5000
_FULL = "SQLITE_FULL"
_UNSHARED = {"SQLITE_IOERR_LOCK", "SQLITE_IOERR_SHMLOCK", "SQLITE_IOERR_SHMMAP"}
_WRITE_AHEAD = "PRAGMA journal_mode = WAL"
_SECONDS_BETWEEN = 0.01
_PRAGMAS = (
    f"PRAGMA busy_timeout = {_MILLISECONDS_WAITED}",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # What is deleted for privacy's sake is overwritten, not only let go.
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -1024",
)


class SqliteEngine:
    """A database file. `writing` lets one writer at it at a time, so that none starves."""

    failures = (DBAPIError,)
    is_shared = False
    replica = None

    def __init__(self, path: Path) -> None:
        """Prepare to open `path`; it is made, for its owner alone, if it is missing.

        Raises:
            StorageGoneError: The file cannot be made, or its file system has no locks.
        """
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            made = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unusable(path, error.strerror or str(error)) from error
        try:
            # A byte that SQLite never locks. It would take a refusal for somebody else's lock.
            fcntl.lockf(made, fcntl.LOCK_SH | fcntl.LOCK_NB, 1)
        except (BlockingIOError, PermissionError):
            pass  # Held by another program, so there are locks.
        except OSError as error:
            raise _unshared(path, error.strerror or str(error)) from error
        finally:
            os.close(made)
        self._file = _identity(path)
        self._turn = asyncio.Lock()
        self.engine: AsyncEngine = create_async_engine(
            URL.create("sqlite+aiosqlite", database=str(path)),
            pool_size=_CONNECTIONS,
            max_overflow=0,
            # Members' words stand in parameters.
            hide_parameters=True,
        )
        event.listen(self.engine.sync_engine, "connect", _prepare)
        event.listen(self.engine.sync_engine, "begin", _begin)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Held by this process while it writes.

        Raises:
            StorageGoneError: The file is no longer where it was; SQLite would go on writing
                into what nobody finds again.
        """
        async with self._turn:
            if _identity(self.path) != self._file:
                raise _unusable(self.path, "it was moved or replaced while the bot ran")
            yield

    def bell(self) -> None:
        """A file belongs to one process."""

    def cluster(self, fingerprint: str, shards: Shards) -> None:
        """A file belongs to one process."""

    def explained(self, error: Exception) -> StorageError:
        """What went wrong, told apart by SQLite's own name for it."""
        original = getattr(error, "orig", None)
        return _explained(self.path, getattr(original, "sqlite_errorname", None) or "")

    async def lock_schema(self, connection: AsyncConnection) -> None:
        """Nothing more to do: a transaction that writes is the only one."""

    async def number_on(self, connection: AsyncConnection) -> None:
        """Nothing more to do: a new row has the number after the largest."""

    async def check(self) -> None:
        """Look for damage: every page, without reading it against its indexes."""
        try:
            async with self.engine.connect() as connection:
                found = await connection.exec_driver_sql("PRAGMA quick_check(1)")
                verdict = str(found.scalar_one())
        except DBAPIError as error:
            raise self.explained(error) from error
        if verdict != "ok":
            raise _damaged(self.path)

    async def scrub(self) -> None:
        """Bring the log of writes to its end, where deleted text still stands."""
        async with self.engine.connect() as connection:
            raw = await connection.get_raw_connection()
            # Outside any transaction, which would itself keep the log.
            driver: Any = raw.driver_connection
            try:
                # A cursor that is not read to its end would keep the connection from all else.
                cursor = await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                ((busy, *_),) = await cursor.fetchall()
                await cursor.close()
            except sqlite3.Error as error:
                raise _explained(self.path, error.sqlite_errorname) from error
        if busy:
            # Somebody reads what was before; the log ends at a later turn.
            log.info("What was deleted still stands in the log of the database for a while.")

    async def backup(self, target: Path, progress: CopyProgress = quiet) -> None:
        """Write a copy to `target`, complete and checked before it has that name."""
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            await asyncio.to_thread(_copy, self.path, part, progress)
            await asyncio.to_thread(_put_in_place, part, target)
        except sqlite3.Error as error:
            if error.sqlite_errorname == _FULL:
                # What is full is where the copy goes, be it another disk.
                raise StorageFullError(
                    f"There is no space left for the backup {target}. Free some space on its "
                    "disk, or choose a file in another folder."
                ) from error
            raise _explained(self.path, error.sqlite_errorname) from error
        except OSError as error:
            raise StorageFullError(
                Words("error.backup_unwritable", target=target, reason=error.strerror)
            ) from error
        finally:
            part.unlink(missing_ok=True)

    async def close(self) -> None:
        """Let go of all connections."""
        await self.engine.dispose()


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file has that name."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare(connection: Any, record: object) -> None:  # noqa: ANN401 - SQLAlchemy's adapter
    del record
    connection.run_async(_prepared)


async def _prepared(driver: aiosqlite.Connection) -> None:
    # Otherwise the driver begins transactions itself, and only before some statements.
    driver.isolation_level = None
    for pragma in _PRAGMAS:
        await driver.execute_fetchall(pragma)
    await _write_ahead(driver)


async def _write_ahead(driver: aiosqlite.Connection) -> None:
    """Leave a new file's rollback journal, as long as others write in it or leave it too.

    SQLite refuses that at once, whatever `busy_timeout` says: two that hold the file for
    reading and both wait to have it alone would wait for ever.
    """
    last = time.monotonic() + _MILLISECONDS_WAITED / 1000
    while True:
        try:
            await driver.execute_fetchall(_WRITE_AHEAD)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > last:
                raise
            await asyncio.sleep(_SECONDS_BETWEEN)
        else:
            return


def _begin(connection: Connection) -> None:
    # A transaction that begins by reading and then writes may be refused half-way.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _copy(source: Path, target: Path, progress: CopyProgress) -> None:
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_RDWR | os.O_CREAT, 0o600))
    reading = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
    writing = sqlite3.connect(target)
    try:
        reading.backup(
            writing,
            pages=1024,
            progress=lambda _, left, total: progress(total - left, total),
        )
        # A file by itself: nothing beside it belongs to it.
        writing.execute("PRAGMA journal_mode = DELETE")
        if writing.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise _damaged(source)
    finally:
        writing.close()
        reading.close()


def _put_in_place(part: Path, target: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _explained(path: Path, name: str) -> StorageError:
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StorageBusyError(
            Words("error.database_locked", path=path, seconds=_MILLISECONDS_WAITED // 1000)
        )
    if name in {_FULL, "SQLITE_IOERR_SHMSIZE"}:
        # The second at the start: the file that connections share does not get its size.
        return StorageFullError(Words("error.database_full", path=path))
    if name in {"SQLITE_CORRUPT", "SQLITE_NOTADB"} or name.startswith("SQLITE_CORRUPT"):
        return _damaged(path)
    if name in _UNSHARED:
        return _unshared(path, name)
    return _unusable(path, name or "no reason was given")


def _damaged(path: Path) -> StorageDamagedError:
    return StorageDamagedError(Words("error.database_damaged", path=path))


def _unshared(path: Path, reason: str) -> StorageGoneError:
    return StorageGoneError(
        f"The database {path} lies on a file system without locks or shared memory ({reason}), as "
        "some network folders are. Set `data_folder` to a folder on a disk of this machine."
    )


def _unusable(path: Path, reason: str) -> StorageGoneError:
    return StorageGoneError(Words("error.database_unusable", path=path, reason=reason))
