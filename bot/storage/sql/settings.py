"""The settings of a guild, and who changed what."""

from __future__ import annotations

from typing import Any, Unpack

from sqlalchemy import func, select

from bot.storage.records import Action, AuditEntry
from bot.storage.settings import GuildSettings, SettingChanges
from bot.storage.sql.database import advance
from bot.storage.sql.part import GuildPart
from bot.storage.sql.tables import AuditRow, SettingRow


class SqlSettings(GuildPart):
    """Implements `Settings`: a row for each setting that was changed."""

    async def read(self) -> GuildSettings:
        """All settings."""
        async with self._reading() as session:
            found = await session.scalars(select(SettingRow))
            return GuildSettings.model_validate({row.key: row.value for row in found})

    async def change(self, *, by: int, **changes: Unpack[SettingChanges]) -> GuildSettings:
        """Change some settings."""
        async with self._writing() as session:
            rows = {row.key: row for row in await session.scalars(select(SettingRow))}
            before = GuildSettings.model_validate({key: row.value for key, row in rows.items()})
            after = GuildSettings.model_validate({**before.model_dump(), **changes})
            old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
            differing = [key for key in new if new[key] != old[key]]
            for key in differing:
                if key in rows:
                    rows[key].value = new[key]
                else:
                    session.add(SettingRow(key=key, value=new[key]))
                self._note(session, Action.SETTING_CHANGED, key, by=by, old=old[key], new=new[key])
            if differing:
                await advance(session)
            return after


class SqlAudit(GuildPart):
    """Implements `Audit`."""

    async def latest(self, limit: int, before: int = 0) -> tuple[AuditEntry, ...]:
        """The newest entries after the newest `before`."""
        wanted = select(AuditRow).order_by(AuditRow.id.desc()).offset(before).limit(limit)
        async with self._reading() as session:
            found = await session.scalars(wanted)
            return tuple(
                AuditEntry(
                    row.at, row.by, Action(row.action), row.subject, row.old, row.new, row.pseudonym
                )
                for row in found
            )

    async def count(self) -> int:
        """How many there are."""
        async with self._reading() as session:
            found: Any = await session.scalar(select(func.count(AuditRow.id)))
            return int(found)
