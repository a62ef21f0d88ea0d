"""The version of the tables: checked at every start, brought up to date where needed."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.locales import Words
from bot.storage.errors import StorageDamagedError, StorageError, StorageTooNewError
from bot.storage.sql.engines import StorageEngine
from bot.storage.sql.tables import Base

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""Every version there was, the newest last; `migrations/versions` leads from each to the next.
A test compares the two: Alembic itself is imported only where something is to be done."""
_TABLE = "alembic_version"
_COPYING = "copying"
"""The version of a database that a copy is being written into: no bot opens half of one."""


async def bring_up_to_date(engine: StorageEngine) -> bool:
    """Make the tables what this version of the bot expects.

    Everything happens in one transaction, which other processes wait for.

    Returns:
        Whether anything was done.

    Raises:
        StorageError: The database cannot be used, or a newer bot has written it.
    """
    try:
        async with engine.engine.begin() as connection:
            if await connection.run_sync(_version) == VERSIONS[-1]:
                await connection.run_sync(_check_tables)
                return False
        async with engine.engine.execution_options(writes=True).begin() as connection:
            await engine.lock_schema(connection)
            # Another process may have done it by now.
            if await connection.run_sync(_version) == VERSIONS[-1]:
                return False
            await connection.run_sync(_migrate)
            await connection.run_sync(_check_tables)
    except engine.failures as error:
        raise engine.explained(error) from error
    return True


async def expect_current(engine: StorageEngine) -> None:
    """See that the tables are those of this version of the bot, and leave them as they are.

    Raises:
        StorageError: They are of another version, or there are none.
    """
    try:
        async with engine.engine.connect() as connection:
            version = await connection.run_sync(_version)
    except engine.failures as error:
        raise engine.explained(error) from error
    if (refused := refusal(version)) is not None:
        raise refused


def _version(connection: Connection) -> str | None:
    """The version of the tables; None where there are none."""
    inspector = inspect(connection)
    if not inspector.has_table(_TABLE):
        ours = sorted(Base.metadata.tables.keys() & set(inspector.get_table_names()))
        if ours:
            raise _not_ours(f"there is a table “{ours[0]}”, and nothing says of which version")
        return None
    version = version_now(connection)
    if version is not None and version not in VERSIONS:
        raise _not_to_be_opened(version)
    return version


def version_now(connection: Connection) -> str | None:
    """The version of tables that are there."""
    found: str | None = connection.exec_driver_sql(f"SELECT version_num FROM {_TABLE}").scalar()  # noqa: S608
    return found


def refusal(version: str | None) -> StorageError | None:
    """Why tables of a version cannot be used as they are; None where they can."""
    if version == VERSIONS[-1]:
        return None
    if version is not None and version not in VERSIONS:
        return _not_to_be_opened(version)
    has = Words("error.tables_none")
    if version is not None:
        has = Words("error.tables_version", version=version)
    return StorageError(Words("error.tables_other", has=has, wanted=VERSIONS[-1]))


def _not_to_be_opened(version: str) -> StorageError:
    if version == _COPYING:
        return StorageDamagedError(Words("error.copy_unfinished"))
    return StorageTooNewError(Words("error.tables_newer", version=version, known=VERSIONS[-1]))


async def begin_copy(engine: StorageEngine) -> None:
    """Mark an empty database as one that is being copied into; it may be marked already.

    Raises:
        StorageError: It cannot be used, or there is something in it.
    """
    try:
        async with engine.engine.connect() as connection:
            if await connection.run_sync(_marked):
                return
        await bring_up_to_date(engine)
        async with engine.engine.execution_options(writes=True).begin() as connection:
            await engine.lock_schema(connection)
            for table in Base.metadata.sorted_tables:
                if (await connection.execute(select(table).limit(1))).first() is not None:
                    raise StorageError(Words("error.target_not_empty", table=table.name))
            await _set_version(connection, _COPYING)
    except engine.failures as error:
        raise engine.explained(error) from error


async def end_copy(engine: StorageEngine) -> None:
    """Take the mark away, and let the engine number new rows after those that are there.

    Raises:
        StorageError: The database cannot be used.
    """
    try:
        async with engine.engine.execution_options(writes=True).begin() as connection:
            await engine.number_on(connection)
            await _set_version(connection, VERSIONS[-1])
    except engine.failures as error:
        raise engine.explained(error) from error


def _marked(connection: Connection) -> bool:
    if not inspect(connection).has_table(_TABLE):
        return False
    return version_now(connection) == _COPYING


async def _set_version(connection: AsyncConnection, version: str) -> None:
    statement = text(f"UPDATE {_TABLE} SET version_num = :version")  # noqa: S608
    await connection.execute(statement, {"version": version})


def _check_tables(connection: Connection) -> None:
    """Look whether somebody else changed the tables, or stopped half-way.

    `pg_restore` makes indexes and keys after all rows: where one is missing, so may rows be.
    """
    inspector = inspect(connection)
    columns = inspector.get_multi_columns()
    indexes = inspector.get_multi_indexes()
    primary = inspector.get_multi_pk_constraint()
    foreign = inspector.get_multi_foreign_keys()
    found = {
        *((table, each["name"]) for (_, table), all_ in columns.items() for each in all_),
        *((table, each["name"]) for (_, table), all_ in indexes.items() for each in all_),
        *((table, _key(each["constrained_columns"])) for (_, table), each in primary.items()),
        *(
            (table, _key(each["constrained_columns"], each["referred_table"]))
            for (_, table), all_ in foreign.items()
            for each in all_
        ),
    }
    wanted = set[tuple[str, str]]()
    for table in Base.metadata.tables.values():
        wanted |= {(table.name, column.name) for column in table.columns}
        wanted |= {(table.name, str(index.name)) for index in table.indexes}
        wanted.add((table.name, _key(table.primary_key.columns.keys())))
        wanted |= {
            (table.name, _key(each.column_keys, each.referred_table.name))
            for each in table.foreign_key_constraints
        }
    missing = sorted(wanted - found)
    if missing:
        raise _not_ours(f"“{missing[0][0]}.{missing[0][1]}” is missing")


def _key(columns: Iterable[str], referred: str | None = None) -> str:
    """How a primary key is named here, or one that refers to another table."""
    to = "" if referred is None else f" to {referred}"
    return f"key ({', '.join(columns)}){to}"


def _not_ours(why: str) -> StorageDamagedError:
    return StorageDamagedError(Words("error.tables_not_ours", why=why))


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "bot.storage.sql:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
