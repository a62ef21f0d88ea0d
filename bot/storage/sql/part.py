"""What the parts of a guild's storage share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.records import Action
from bot.storage.sql.database import Database, T
from bot.storage.sql.tables import AuditRow


class GuildPart:
    """Keeps one kind of thing for one guild."""

    def __init__(self, database: Database, guild: int) -> None:
        self._database = database
        self._guild = guild

    def _reading(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self._database.reading(self._guild)

    async def _report(self, read: Callable[[AsyncSession], Awaitable[T]]) -> T:
        return await self._database.report(self._guild, read)

    def _writing(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self._database.writing(self._guild)

    def _note(
        self,
        session: AsyncSession,
        action: Action,
        subject: str,
        *,
        by: int,
        old: Any = None,  # noqa: ANN401 - as JSON has it
        new: Any = None,  # noqa: ANN401
    ) -> None:
        """Write into the audit, in the transaction of the change itself."""
        session.add(
            AuditRow(
                at=self._database.clock(), by=by, action=action, subject=subject, old=old, new=new
            )
        )
