"""The storage on an SQL database."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from sqlalchemy import select

from bot.config.sharding import Shards
from bot.storage.errors import StorageTooNewError
from bot.storage.protocols import Cluster, GuildStorage
from bot.storage.records import AskedQuestion
from bot.storage.sql.changes import changes
from bot.storage.sql.database import Clock, Database, hold_records, record
from bot.storage.sql.documents import SqlDocuments
from bot.storage.sql.engines import StorageEngine
from bot.storage.sql.pins import SqlPins, SqlRequests
from bot.storage.sql.privacy import SqlPreferences, SqlPrivacy
from bot.storage.sql.questions import SqlQuestions, rows_of
from bot.storage.sql.schema import bring_up_to_date
from bot.storage.sql.settings import SqlAudit, SqlSettings
from bot.storage.sql.tables import GuildRecord, RequestRow

_WRONG_CLOCK = dt.timedelta(hours=1)
"""What a clock may be put back in the course of things."""


class SqlGuildStorage:
    """Implements `GuildStorage`."""

    def __init__(self, database: Database, guild: int) -> None:
        self._database = database
        self._guild = guild

    @cached_property
    def documents(self) -> SqlDocuments:
        """Its documents."""
        return SqlDocuments(self._database, self._guild)

    @cached_property
    def settings(self) -> SqlSettings:
        """Its settings."""
        return SqlSettings(self._database, self._guild)

    @cached_property
    def audit(self) -> SqlAudit:
        """What its moderators changed."""
        return SqlAudit(self._database, self._guild)

    @cached_property
    def questions(self) -> SqlQuestions:
        """The questions asked there."""
        return SqlQuestions(self._database, self._guild)

    @cached_property
    def pins(self) -> SqlPins:
        """Its pins."""
        return SqlPins(self._database, self._guild)

    @cached_property
    def requests(self) -> SqlRequests:
        """What waits for its moderators."""
        return SqlRequests(self._database, self._guild)

    async def sequence(self) -> int:
        """Grows with every change."""
        async with self._database.reading(self._guild) as session:
            found = await record(session)
            return 0 if found is None else found.sequence

    async def take_digest(self, every: dt.timedelta) -> bool:
        """Whether a digest is due."""
        now = self._database.clock()
        async with self._database.writing(self._guild) as session:
            found = await record(session)
            assert found is not None  # noqa: S101 - `Database.writing` has made it
            last = found.digested_at
            if last is not None and now - every < last <= now + _WRONG_CLOCK:
                return False
            found.digested_at = now
            # A clock that was ahead and is right again: the next comes after the usual time, not
            # when the clock has caught up.
            return last is None or last <= now


class SqlStorage:
    """Implements `Storage`."""

    def __init__(self, engine: StorageEngine, clock: Clock) -> None:
        self._engine = engine
        self._database = Database(engine, clock)
        self.is_shared = engine.is_shared
        self.preferences = SqlPreferences(self._database)
        self.privacy = SqlPrivacy(self._database)

    async def prepare(self) -> bool:
        """Look for damage and make the tables; returns whether those were changed.

        Raises:
            StorageError: The database cannot be used.
        """
        await self._engine.check()
        return await bring_up_to_date(self._engine)

    def guild(self, guild: int) -> GuildStorage:
        """What belongs to a guild."""
        return SqlGuildStorage(self._database, guild)

    async def record(self, questions: Sequence[AskedQuestion]) -> None:
        """Keep questions of whatever guilds."""
        async with self._database.house(writes=True) as session:
            await hold_records(session, {each.guild for each in questions})
            session.add_all(rows_of(questions))

    async def sequences(self) -> dict[int, int]:
        """For every guild, its sequence."""
        wanted = select(GuildRecord.guild_id, GuildRecord.sequence)
        async with self._database.house(writes=False) as session:
            found = await session.execute(wanted)
            return {guild: sequence for guild, sequence in found}  # noqa: C416 - rows are no pairs

    async def unposted(self) -> frozenset[int]:
        """The guilds with requests that were not posted."""
        waiting = RequestRow.answered_at.is_(None) & RequestRow.post.is_(None)
        async with self._database.house(writes=False) as session:
            found = await session.scalars(select(RequestRow.guild_id).where(waiting).distinct())
            return frozenset(found)

    def cluster(self, fingerprint: str, shards: Shards) -> Cluster | None:
        """What this process agrees on with others."""
        return self._engine.cluster(fingerprint, shards)

    def changes(self) -> AsyncGenerator[frozenset[int]] | None:
        """Guilds that changed, by whichever process."""
        bell = self._engine.bell()
        return None if bell is None else changes(bell, self._looked_at)

    async def _looked_at(self) -> dict[int, int]:
        with suppress(StorageTooNewError):
            await self._database.look_at_version()
        return await self.sequences()

    async def check(self) -> None:
        """Look for damage."""
        await self._engine.check()

    async def backup(self, target: Path) -> None:
        """Write a copy."""
        await self._engine.backup(target)

    async def close(self) -> None:
        """Let go of the database."""
        await self._engine.close()
