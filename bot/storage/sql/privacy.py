"""What members chose; deleting, handing out, and letting go in time."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, func, inspect, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import Delete, Update

from bot.storage.records import AUDIT_KEPT, GRACE, REMOVAL, REQUEST_KEPT, Forgotten, Swept
from bot.storage.settings import GuildSettings
from bot.storage.sql.database import Database, batched
from bot.storage.sql.tables import (
    AuditRow,
    Base,
    DocumentRow,
    GuildRecord,
    OpinionRow,
    PinRow,
    PreferenceRow,
    QuestionRow,
    RequestRow,
    SettingRow,
    VersionRow,
)
from knowledge import Language

_NAMING: tuple[type[DocumentRow | VersionRow | AuditRow | PinRow], ...] = (
    DocumentRow,
    VersionRow,
    AuditRow,
    PinRow,
)
"""Tables in which `by` is the moderator who changed something."""
_AT_A_TIME = 1000
_DEFAULT_DAYS = GuildSettings().retention_days


class SqlPreferences:
    """Implements `Preferences`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def languages(self) -> dict[int, Language]:
        """By their ids, the languages of all members who chose one."""
        chosen: dict[int, Language] = {}
        async with self._database.house(writes=False) as session:
            rows = await session.stream(select(PreferenceRow.member, PreferenceRow.language))
            # A part at a time, so that thousands hold up nobody.
            async for part in rows.partitions(_AT_A_TIME):
                chosen.update((member, Language(language)) for member, language in part)
        return chosen

    async def choose_language(self, member: int, language: Language | None) -> None:
        """Keep it, or forget it."""
        async with self._database.house(writes=True) as session:
            row = await session.get(PreferenceRow, member)
            if language is None:
                if row is not None:
                    await session.delete(row)
            elif row is None:
                session.add(PreferenceRow(member=member, language=language))
            else:
                row.language = language


class SqlPrivacy:
    """Implements `Privacy`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def named(self, member: int) -> int:
        """In how many places a member is named."""
        async with self._database.house(writes=False) as session:
            return sum(
                [
                    await session.scalar(
                        select(func.count()).select_from(table).where(table.by == member)
                    )
                    or 0
                    for table in _NAMING
                ]
            )

    async def forget(self, member: int) -> Forgotten:
        """Delete what a member's id is attached to."""
        async with self._database.house(writes=True) as session:
            preferences = await _changed(
                session, delete(PreferenceRow).where(PreferenceRow.member == member)
            )
            requests = await _changed(
                session, delete(RequestRow).where(RequestRow.member == member)
            )
            audited = select(AuditRow.guild_id).where(AuditRow.by == member).distinct()
            for guild in list(await session.scalars(audited)):
                await session.execute(
                    update(AuditRow)
                    .where(AuditRow.guild_id == guild, AuditRow.by == member)
                    .values(pseudonym=secrets.token_hex(3))
                )
            named = 0
            for table in _NAMING:
                named += await _changed(
                    session, update(table).where(table.by == member).values(by=None)
                )
        await self._database.engine.scrub()
        return Forgotten(preferences > 0, requests, named)

    async def export(self, guild: int) -> dict[str, Any]:
        """All that is kept of a guild."""

        async def read(session: AsyncSession) -> dict[str, Any]:
            exported: dict[str, Any] = {}
            for table in _guild_tables():
                rows = await session.scalars(select(table))
                exported[table.__tablename__] = [_exported(row) for row in rows]
            return exported

        return await self._database.report(guild, read)

    async def erase(self, guild: int) -> bool:
        """Delete all that is kept of a guild."""
        async with self._database.house(writes=True) as session:
            erased = await _changed(
                session, delete(GuildRecord).where(GuildRecord.guild_id == guild)
            )
        await self._database.engine.scrub()
        return erased > 0

    async def left(self, guilds: Collection[int]) -> None:
        """Note that the bot is no longer in guilds."""
        now = self._database.clock()
        async with self._database.house(writes=True) as session:
            for some in batched(guilds):
                await session.execute(
                    update(GuildRecord)
                    .where(GuildRecord.guild_id.in_(some), GuildRecord.left_at.is_(None))
                    .values(left_at=now)
                )

    async def joined(self, guilds: Collection[int]) -> None:
        """Note that the bot is in guilds."""
        async with self._database.house(writes=True) as session:
            for some in batched(guilds):
                await session.execute(
                    update(GuildRecord)
                    .where(GuildRecord.guild_id.in_(some), GuildRecord.left_at.is_not(None))
                    .values(left_at=None)
                )

    async def sweep(self) -> Swept:
        """Delete everything whose time has come."""
        now = self._database.clock()
        async with self._database.house(writes=True) as session:
            questions = await self._sweep_questions(session, now)
            swept = Swept(
                questions,
                await _changed(session, delete(AuditRow).where(AuditRow.at <= now - AUDIT_KEPT)),
                await _changed(
                    session, delete(DocumentRow).where(DocumentRow.removed_at <= now - REMOVAL)
                ),
                await _changed(
                    session, delete(RequestRow).where(RequestRow.at <= now - REQUEST_KEPT)
                ),
                tuple(
                    await session.scalars(
                        select(GuildRecord.guild_id).where(GuildRecord.left_at <= now - GRACE)
                    )
                ),
            )
            await session.execute(delete(GuildRecord).where(GuildRecord.left_at <= now - GRACE))
        if swept != Swept():
            await self._database.engine.scrub()
        return swept

    async def _sweep_questions(self, session: AsyncSession, now: dt.datetime) -> int:
        chosen = await session.execute(
            select(SettingRow.guild_id, SettingRow.value).where(SettingRow.key == "retention_days")
        )
        days: dict[int, int] = {guild: int(value) for guild, value in chosen}
        count = 0
        for table in (QuestionRow, OpinionRow):
            deleted = await _changed(
                session,
                delete(table).where(
                    table.guild_id.not_in(days), table.at <= now - dt.timedelta(_DEFAULT_DAYS)
                ),
            )
            for guild, kept in days.items():
                deleted += await _changed(
                    session,
                    delete(table).where(
                        table.guild_id == guild, table.at <= now - dt.timedelta(kept)
                    ),
                )
            count += deleted if table is QuestionRow else 0
        return count


async def _changed(session: AsyncSession, statement: Delete | Update) -> int:
    """Execute a statement; returns how many rows it changed."""
    result = await session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)  # noqa: S101 - what such statements give
    return result.rowcount


def _guild_tables() -> list[type[Base]]:
    tables: list[type[Base]] = [mapper.class_ for mapper in Base.registry.mappers]
    of_guilds = [table for table in tables if table is not PreferenceRow]
    return sorted(of_guilds, key=lambda table: str(table.__tablename__))


def _exported(row: Base) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for attribute in inspect(type(row)).column_attrs:
        if attribute.deferred:
            # What is computed from the text, and is no text.
            continue
        value = getattr(row, attribute.key)
        name = attribute.columns[0].name
        values[name] = value.isoformat() if isinstance(value, dt.datetime) else value
    return values
