"""A session of one guild sees and writes that guild alone, whatever it is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Executable,
    Select,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.orm import aliased

from bot.config import DatabaseServer
from bot.storage import IsolationError
from bot.storage.opening import open_engine
from bot.storage.sql.database import Database
from bot.storage.sql.storage import SqlStorage
from bot.storage.sql.tables import Base, GuildRecord, PinRow, PreferenceRow, SettingRow
from knowledge import Language
from tests.bot.storage.conftest import Clock

OURS, THEIRS = 11, 22


@pytest.fixture
async def guilds(place: Path | DatabaseServer, clock: Clock) -> AsyncIterator[Database]:
    """Two guilds with a pin and a setting each."""
    engine = open_engine(place)
    storage = SqlStorage(engine, clock)
    await storage.prepare()
    for guild in (OURS, THEIRS):
        await storage.guild(guild).pins.pin("Qui ?", Language.FRENCH, f"{guild:016}", by=1)
        await storage.guild(guild).settings.change(by=1, digest=True)
    yield Database(engine, clock)
    await storage.close()


OTHER = aliased(PinRow)
READS: dict[str, Select[Any]] = {
    "rows": select(PinRow.guild_id),
    "an alias": select(OTHER.guild_id),
    "a join": select(PinRow.guild_id).join(OTHER, OTHER.folded == PinRow.folded),
    "the far side of a join": select(OTHER.guild_id).join(PinRow, OTHER.folded == PinRow.folded),
    "a sub-query": select(select(PinRow.guild_id).subquery().c.guild_id),
    "the record": select(GuildRecord.guild_id),
    "a condition that is always true": select(PinRow.guild_id).where(literal_column("1 = 1")),
    "a count": select(func.max(PinRow.guild_id)),
    "a count from": select(func.count() + 10).select_from(PinRow),
}


@pytest.mark.parametrize("statement", READS.values(), ids=READS)
async def test_only_our_rows_are_read(guilds: Database, statement: Select[Any]) -> None:
    async with guilds.reading(OURS) as session:
        assert set(await session.scalars(statement)) == {OURS}


async def test_a_row_of_theirs_is_not_found_by_its_key(guilds: Database) -> None:
    async with guilds.reading(OURS) as session:
        assert await session.get(SettingRow, (OURS, "digest")) is not None
        assert await session.get(SettingRow, (THEIRS, "digest")) is None
        assert await session.get(GuildRecord, THEIRS) is None


async def test_only_our_rows_are_changed_and_deleted(guilds: Database) -> None:
    async with guilds.writing(OURS) as session:
        await session.execute(update(PinRow).values(passage="changed"))
        await session.execute(delete(SettingRow))
    async with guilds.reading(THEIRS) as session:
        assert list(await session.scalars(select(PinRow.passage))) == [f"{THEIRS:016}"]
        assert list(await session.scalars(select(SettingRow.key))) == ["digest"]
    async with guilds.reading(OURS) as session:
        assert list(await session.scalars(select(PinRow.passage))) == ["changed"]
        assert list(await session.scalars(select(SettingRow.key))) == []


REFUSED: dict[str, Executable] = {
    "words": text("SELECT * FROM pins"),
    "words as rows": select(PinRow).from_statement(text("SELECT * FROM pins")),
    "a bare table": select(PinRow.__table__),
    "an insertion": insert(PinRow).values(guild_id=THEIRS),
    "rows of no guild": select(PreferenceRow),
    "a row given away": update(PinRow).values(guild_id=THEIRS),
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
async def test_what_cannot_be_kept_to_a_guild_is_refused(
    guilds: Database, statement: Executable
) -> None:
    with pytest.raises(IsolationError):
        async with guilds.writing(OURS) as session:
            await session.execute(statement)


async def test_connections_and_bulk_writes_are_refused(guilds: Database) -> None:
    async with guilds.writing(OURS) as session:
        with pytest.raises(IsolationError):
            await session.connection()
        for refused in ("bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"):
            with pytest.raises(IsolationError):
                getattr(session.sync_session, refused)(PinRow, [])


@pytest.mark.parametrize(
    "row",
    [
        SettingRow(guild_id=THEIRS, key="language", value="fr"),
        GuildRecord(guild_id=33, sequence=0),
        PreferenceRow(member=1, language="fr"),
    ],
)
async def test_a_row_for_another_guild_is_refused(guilds: Database, row: Base) -> None:
    with pytest.raises(IsolationError):
        async with guilds.writing(OURS) as session:
            session.add(row)


async def test_a_row_is_not_moved_to_another_guild(guilds: Database) -> None:
    async with guilds.writing(OURS) as session:
        (row,) = await session.scalars(select(PinRow))
        row.guild_id = THEIRS
        with pytest.raises(IsolationError):
            await session.flush()
        await session.rollback()
    async with guilds.reading(THEIRS) as session:
        assert await session.scalar(select(func.count(PinRow.id))) == 1


async def test_a_row_belongs_to_the_guild_of_its_session(guilds: Database) -> None:
    async with guilds.writing(OURS) as session:
        session.add(SettingRow(key="language", value="fr"))
    async with guilds.reading(OURS) as session:
        assert await session.get(SettingRow, (OURS, "language")) is not None
