"""Transactions: of one guild, or of the house; what fails is a `StorageError`."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import islice
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.locales import Words
from bot.storage.errors import StorageBusyError, StorageError
from bot.storage.sql.engines import StorageEngine
from bot.storage.sql.sessions import GuildSession
from bot.storage.sql.tables import GuildRecord
from bot.storage.sql.version_watch import VersionWatch

T = TypeVar("T")
_MOST_IDS = 500
Clock = Callable[[], dt.datetime]
"""Tells the time, in UTC."""


class Database:
    """Opens transactions."""

    def __init__(self, engine: StorageEngine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock
        self._reads = engine.engine
        self._writes = engine.engine.execution_options(writes=True, of_this_version=True)
        self._version = VersionWatch(engine.engine)

    async def look_at_version(self) -> None:
        """See that no newer version of the bot has changed the tables; the log says so once.

        Raises:
            StorageError: One has, or the storage cannot be used.
        """
        async with self._explained(), self._reads.connect() as connection:
            await connection.run_sync(self._version.look)

    @asynccontextmanager
    async def reading(self, guild: int) -> AsyncIterator[AsyncSession]:
        """A transaction that reads what belongs to a guild.

        Raises:
            StorageError: The storage cannot be used.
        """
        async with self._explained(), _of(guild, self._reads) as session, session.begin():
            yield session

    async def report(self, guild: int, read: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Read at length what belongs to a guild: from the replica, where it has everything.

        Args:
            guild: The guild.
            read: Reads; again, from the primary, where the replica fails.

        Raises:
            StorageError: The storage cannot be used.
        """
        replica = self.engine.replica
        if replica is not None and replica.is_awake:
            async with self._explained():
                position = await replica.position()
            try:
                async with (
                    replica.reading(position) as connection,
                    _of(guild, connection) as session,
                    session.begin(),
                ):
                    found = await read(session)
            except StorageError as error:
                replica.failed(error)
            else:
                replica.worked()
                return found
        async with self.reading(guild) as session:
            return await read(session)

    @asynccontextmanager
    async def writing(self, guild: int) -> AsyncIterator[AsyncSession]:
        """A transaction that reads and writes what belongs to a guild, one at a time.

        Raises:
            StorageError: The storage cannot be used.
        """
        async with (
            self._explained(),
            self.engine.writing(),
            _of(guild, self._writes) as session,
            session.begin(),
        ):
            if await record(session) is None:
                await _add_record(session, guild)
                await record(session)
            yield session

    @asynccontextmanager
    async def house(self, *, writes: bool) -> AsyncIterator[AsyncSession]:
        """A transaction that sees every guild, for what the operator or a member may do.

        Raises:
            StorageError: The storage cannot be used.
        """
        async with self._explained():
            if writes:
                async with (
                    self.engine.writing(),
                    AsyncSession(self._writes) as session,
                    session.begin(),
                ):
                    yield session
            else:
                async with AsyncSession(self._reads) as session, session.begin():
                    yield session

    @asynccontextmanager
    async def _explained(self) -> AsyncIterator[None]:
        try:
            yield
        except IntegrityError:
            # A mistake of ours, not of the database.
            raise
        except self.engine.failures as error:
            raise self.engine.explained(error) from error
        except PoolTimeoutError as error:
            raise StorageBusyError(Words("error.connections_in_use")) from error


def _of(guild: int, engine: object) -> AsyncSession:
    return AsyncSession(
        bind=engine,  # type: ignore[arg-type]
        sync_session_class=GuildSession,
        guild=guild,
        expire_on_commit=False,
    )


async def record(session: AsyncSession) -> GuildRecord | None:
    """The record of the session's guild, held until the transaction ends where it writes."""
    found: GuildRecord | None = await session.scalar(select(GuildRecord).with_for_update())
    return found


def batched(ids: Iterable[T]) -> Iterator[list[T]]:
    """Ids, so many at a time as a condition may name: engines have a limit on parameters."""
    rest = iter(ids)
    while some := list(islice(rest, _MOST_IDS)):
        yield some


async def hold_records(session: AsyncSession, guilds: Collection[int]) -> None:
    """Keep the records of guilds from being deleted until the transaction of the house ends."""
    wanted = select(GuildRecord.guild_id).where(GuildRecord.guild_id.in_(guilds))
    # In the same order everywhere, so that no two processes wait for each other.
    held = wanted.order_by(GuildRecord.guild_id).with_for_update(read=True, key_share=True)
    missing = set(guilds) - set(await session.scalars(held))
    for guild in sorted(missing):
        await _add_record(session, guild)
    if missing:
        await session.scalars(held)


async def _add_record(session: AsyncSession, guild: int) -> None:
    # Where another process was first, its transaction has ended by the time that this fails.
    with suppress(IntegrityError):
        async with session.begin_nested():
            session.add(GuildRecord(guild_id=guild, sequence=0))


async def advance(session: AsyncSession) -> int:
    """The guild's next sequence, for a change that others must learn of."""
    found = await record(session)
    assert found is not None  # noqa: S101 - `Database.writing` has made it
    found.sequence += 1
    return found.sequence
