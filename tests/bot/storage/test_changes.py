"""What one process changes on a server, others learn of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from bot.config import DatabaseServer
from bot.storage import Storage, open_storage
from bot.storage.sql.postgresql import bell as postgresql_bell
from bot.storage.sql.postgresql.engine import PostgresqlEngine
from bot.storage.sql.tables import GuildRecord
from knowledge import Language
from tests.bot.storage.conftest import Clock
from tests.bot.storage.test_questions import question
from tests.postgres import PostgresServer

GUILD, OTHER, THIRD = 11, 22, 33


@pytest.fixture
async def storage(database: DatabaseServer, clock: Clock) -> AsyncIterator[Storage]:
    async with open_storage(database, clock) as opened:
        yield opened


@pytest.fixture
async def other(database: DatabaseServer, clock: Clock) -> AsyncIterator[Storage]:
    """The same storage as another process opens it: nothing is shared but the database."""
    async with open_storage(database, clock) as opened:
        yield opened


async def pin(storage: Storage, guild: int, question: str = "Qui ?") -> None:
    await storage.guild(guild).pins.pin(question, Language.FRENCH, "0" * 16, by=1)


def changes_of(storage: Storage) -> AsyncGenerator[frozenset[int]]:
    changes = storage.changes()
    assert changes is not None
    return changes


async def next_change(changes: AsyncIterator[frozenset[int]]) -> frozenset[int]:
    async with asyncio.timeout(20):
        return await anext(changes)


async def test_others_learn_of_every_kind_of_change(storage: Storage, other: Storage) -> None:
    await pin(storage, OTHER)
    async with aclosing(changes_of(other)) as changes:
        assert await next_change(changes) == {OTHER}
        guild = storage.guild(GUILD)
        await guild.documents.put("rules", {"fr.md": "x"}, by=1, expected=0)
        assert await next_change(changes) == {GUILD}
        await guild.settings.change(by=1, digest=True)
        assert await next_change(changes) == {GUILD}
        await pin(storage, GUILD)
        assert await next_change(changes) == {GUILD}
        await guild.documents.remove("rules", by=1, expected=1)
        assert await next_change(changes) == {GUILD}
        await storage.privacy.erase(OTHER)
        assert await next_change(changes) == {OTHER}


async def test_who_changes_something_learns_of_it_too(storage: Storage) -> None:
    async with aclosing(changes_of(storage)) as changes:
        waiting = asyncio.create_task(next_change(changes))
        await pin(storage, GUILD)
        assert await waiting == {GUILD}


async def test_what_concerns_nobody_else_is_not_told(
    storage: Storage, other: Storage, clock: Clock
) -> None:
    await pin(storage, GUILD)
    async with aclosing(changes_of(other)) as changes:
        await next_change(changes)
        await storage.record([question(clock)])
        await storage.privacy.left([GUILD])
        await pin(storage, OTHER)
        # Had there been anything of the first guild, it would have come with or before this.
        assert await next_change(changes) == {OTHER}


async def seen_until(changes: AsyncIterator[frozenset[int]], wanted: set[int]) -> set[int]:
    seen: set[int] = set()
    while not wanted <= seen:
        seen |= await next_change(changes)
    return seen


async def test_no_change_of_many_writers_is_missed(storage: Storage, other: Storage) -> None:
    guilds = set(range(100, 130))
    async with aclosing(changes_of(other)) as changes:
        watching = asyncio.create_task(seen_until(changes, guilds))
        await asyncio.gather(*(pin(storage, guild) for guild in guilds))
        assert await watching == guilds


async def test_what_commits_out_of_order_is_not_missed(database: DatabaseServer) -> None:
    """A transaction that began first and ends last, with another of the same guild between."""
    engine = PostgresqlEngine(database)
    async with open_storage(database) as storage, aclosing(changes_of(storage)) as changes:
        await pin(storage, GUILD)
        await pin(storage, OTHER)
        await seen_until(changes, {GUILD, OTHER})
        async with engine.engine.begin() as slow:
            table = GuildRecord.__table__
            await slow.execute(
                table.update().where(table.c.guild_id == GUILD).values(sequence=2)  # type: ignore[attr-defined]
            )
            await pin(storage, OTHER, "Quand ?")
            waits = asyncio.create_task(pin(storage, GUILD, "Quand ?"))
            assert await next_change(changes) == {OTHER}
            assert not waits.done()
        await waits
        assert await seen_until(changes, {GUILD}) == {GUILD}
        assert await storage.guild(GUILD).sequence() == 3
    await engine.engine.dispose()


async def test_what_happened_while_the_connection_was_away(
    postgres: PostgresServer, database: DatabaseServer
) -> None:
    async with (
        open_storage(database) as storage,
        open_storage(database) as other,
        aclosing(changes_of(other)) as changes,
    ):
        await pin(storage, GUILD)
        await seen_until(changes, {GUILD})
        waiting = asyncio.create_task(next_change(changes))
        listening = "FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = 'test'"
        async with asyncio.timeout(20):
            while postgres.execute(f"SELECT count(*) {listening}") == "0":  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        # The connection is cut and the change made in one go: no bell rings for it.
        cut = f"SELECT pg_terminate_backend(pid) {listening}"
        change = f"UPDATE guilds SET sequence = 9 WHERE guild_id = {GUILD}"  # noqa: S608
        postgres.execute(f"BEGIN; {cut}; {change}; COMMIT", "test")
        assert await waiting == {GUILD}


async def test_a_bell_that_never_rings(
    postgres: PostgresServer, database: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_bell, "_SECONDS_BETWEEN_LOOKS", 0.05)
    postgres.execute("DROP TRIGGER ring ON guilds", "test")
    async with open_storage(database) as storage, aclosing(changes_of(storage)) as changes:
        await pin(storage, GUILD)
        await seen_until(changes, {GUILD})
        await pin(storage, OTHER)
        assert await next_change(changes) == {OTHER}


async def test_a_file_belongs_to_one_process(tmp_path: Path) -> None:
    async with open_storage(tmp_path / "test.db") as storage:
        assert storage.changes() is None
