"""Copying everything from one database to another, of whatever kinds they are.

Rows go in the order of their keys, many in one transaction, so that what a killed copy leaves
is a beginning, and the next one goes on from there. Until the end the target's version says
that it is half a copy, and no bot opens it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Table, collate, func, insert, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.locales import Words
from bot.storage.errors import StorageError
from bot.storage.sql.engines import CopyProgress, StorageEngine
from bot.storage.sql.schema import begin_copy, bring_up_to_date, end_copy
from bot.storage.sql.tables import Base

_AT_ONCE = 500
_LARGE = {"document_versions": 20, "document_encodings": 4}
"""Rows that hold whole documents, or what was encoded of them."""
_TABLES: tuple[Table, ...] = tuple(Base.metadata.sorted_tables)
"""Each after those that it refers to."""
_SHARED = Base.metadata.tables["document_encodings"]


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied and found alike.

    Attributes:
        rows: How many rows the target has.
        resumed: How many of them an earlier copy had left there.
    """

    rows: int
    resumed: int


async def copy_database(
    source: StorageEngine, target: StorageEngine, progress: CopyProgress, at_once: int = _AT_ONCE
) -> Copied:
    """Copy everything and compare both sides; a copy that was interrupted goes on.

    Args:
        source: Where it is; only read, as it is at the beginning.
        target: An empty database, or one that an interrupted copy of the same source left.
        progress: Told of every step; copying and comparing count alike.
        at_once: Rows in a transaction.

    Raises:
        StorageError: One of the two cannot be used, the target has something else in it, or
            the source changed since the interrupted copy.
    """
    await source.check()
    await bring_up_to_date(source)
    await target.check()
    await begin_copy(target)
    async with _explaining(source), source.engine.connect() as reading:
        if reading.dialect.name == "postgresql":
            # One moment for all that is read, as SQLite gives by itself.
            await reading.execution_options(isolation_level="REPEATABLE READ")
        return await _copied(reading, target, progress, at_once)


async def _copied(
    reading: AsyncConnection, target: StorageEngine, progress: CopyProgress, at_once: int
) -> Copied:
    # What machines share is of no use in a file; a server that it is copied to fills by itself.
    tables = [each for each in _TABLES if target.is_shared or each is not _SHARED]
    rows = {table: await _count(reading, table) for table in tables}
    total = 2 * sum(rows.values())
    async with _explaining(target), target.engine.connect() as connection:
        there = {table: await _count(connection, table) for table in tables}
    done = sum(there.values())
    if any(there[table] > rows[table] for table in tables):
        raise _others("it has rows that the source does not have")
    progress(done, total)
    writes = target.engine.execution_options(writes=True)
    for table in tables:
        async with _explaining(target), target.engine.connect() as connection:
            last = await _last(connection, table)
        size = min(at_once, _LARGE.get(table.name, at_once))
        async for batch in _batches(reading, table, last, size):
            async with _explaining(target), writes.begin() as connection:
                await connection.execute(insert(table), list(map(dict, batch)))
            done += len(batch)
            progress(done, total)
    for table in tables:
        wanted = await _digest(reading, table)
        async with _explaining(target), target.engine.connect() as connection:
            if await _digest(connection, table) != wanted:
                raise _others(f"the rows of “{table.name}” are not those of the source")
        done += rows[table]
        progress(done, total)
    await end_copy(target)
    return Copied(sum(rows.values()), sum(there.values()))


@asynccontextmanager
async def _explaining(engine: StorageEngine) -> AsyncIterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise _others("something else writes into it at the same time") from error
    except engine.failures as error:
        raise engine.explained(error) from error


async def _count(connection: AsyncConnection, table: Table) -> int:
    return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


def _key(connection: AsyncConnection, table: Table) -> list[ColumnElement[Any]]:
    """What rows are sorted by: alike on both sides, whatever language a server sorts by."""
    by_letters = connection.dialect.name == "postgresql"
    return [
        collate(column, "C") if by_letters and column.type.python_type is str else column
        for column in table.primary_key
    ]


async def _last(connection: AsyncConnection, table: Table) -> tuple[Any, ...] | None:
    """The key of the last row."""
    newest_first = [each.desc() for each in _key(connection, table)]
    found = await connection.execute(select(*table.primary_key).order_by(*newest_first).limit(1))
    row = found.one_or_none()
    return None if row is None else tuple(row)


async def _batches(
    connection: AsyncConnection, table: Table, after: tuple[Any, ...] | None, size: int
) -> AsyncIterator[list[RowMapping]]:
    """The rows after a key, in its order."""
    key = _key(connection, table)
    while True:
        wanted = select(table).order_by(*key).limit(size)
        if after is not None:
            wanted = wanted.where(tuple_(*key) > tuple_(*after))
        batch = list((await connection.execute(wanted)).mappings())
        if not batch:
            return
        yield batch
        after = tuple(batch[-1][column] for column in table.primary_key)


async def _digest(connection: AsyncConnection, table: Table) -> bytes:
    """A checksum of all rows, in the order of their keys."""
    digest = hashlib.sha256()
    async for batch in _batches(connection, table, None, _LARGE.get(table.name, _AT_ONCE)):
        for row in batch:
            values = [_plain(value) for value in row.values()]
            digest.update(json.dumps(values, sort_keys=True, ensure_ascii=False).encode())
    return digest.digest()


def _plain(value: Any) -> Any:  # noqa: ANN401 - as the columns have it
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _others(why: str) -> StorageError:
    return StorageError(Words("error.target_other", why=why))
