"""Nothing is kept longer than the bot says, also of servers that it has left."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import cast

import pytest
from simcord import Env

from bot.client.client import CoalitionBot
from bot.cogs.upkeep.retention import Retention
from bot.storage import Storage, StorageBusyError, open_storage
from tests.bot.storage.conftest import Clock
from tests.bot.world import World

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.now = dt.datetime.now(dt.UTC)
    return clock


@pytest.fixture
async def storage(empty_database: Path, tmp_path: Path, clock: Clock) -> AsyncIterator[Storage]:
    """A storage whose time a test sets."""
    path = tmp_path / "coalition.db"
    shutil.copy(empty_database, path)
    async with open_storage(path, clock) as opened:
        yield opened


def keeping(world: World) -> Retention:
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    # The class of a loaded extension is another than the one that is imported here.
    return cast("Retention", bot.get_cog("Retention"))


async def test_old_questions_are_deleted_and_counted(
    world: World, storage: Storage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    await bot.recorder.flush()
    questions = storage.guild(world.guild.id).questions
    clock.advance(days=89)
    await keeping(world).sweep()
    assert len(await questions.since(LONG_AGO)) == 1
    clock.advance(days=2)
    await keeping(world).sweep()
    assert await questions.since(LONG_AGO) == ()
    assert "Deleted in time: 1 questions" in caplog.text


async def test_a_sweep_runs_at_the_start(
    world: World, storage: Storage, clock: Clock, make_bot: Callable[[], CoalitionBot]
) -> None:
    await storage.guild(world.guild.id).settings.change(by=1, digest=True)
    await storage.privacy.left([5])
    clock.advance(days=400)
    assert await storage.guild(world.guild.id).audit.count() == 1
    await world.env.restart_bot(make_bot())
    await asyncio.sleep(0.05)
    assert await storage.guild(world.guild.id).audit.count() == 0


async def test_a_server_that_was_left_while_the_bot_was_away(
    world: World, storage: Storage, clock: Clock, make_bot: Callable[[], CoalitionBot]
) -> None:
    for guild in (5, world.guild.id):
        await storage.guild(guild).settings.change(by=1, digest=True)
    await world.env.restart_bot(make_bot())
    clock.advance(days=31)
    await keeping(world).sweep()
    assert set(await storage.sequences()) == {world.guild.id}


async def test_a_server_that_removes_the_bot_and_takes_it_back(
    world: World, storage: Storage, clock: Clock
) -> None:
    guild = world.guild.id
    await storage.guild(guild).settings.change(by=1, digest=True)
    bot = world.env.bot
    server = bot.get_guild(guild)
    assert server is not None
    await keeping(world).on_guild_remove(server)
    clock.advance(days=20)
    await keeping(world).on_guild_join(server)
    clock.advance(days=20)
    await keeping(world).sweep()
    assert set(await storage.sequences()) == {guild}
    await keeping(world).on_guild_remove(server)
    clock.advance(days=30)
    await keeping(world).sweep()
    assert await storage.sequences() == {}


async def test_a_sweep_that_fails_is_tried_again(
    world: World,
    storage: Storage,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def busy() -> None:
        raise StorageBusyError("locked")

    monkeypatch.setattr(storage.privacy, "sweep", busy)
    await keeping(world).sweep()
    assert "What has to be deleted stays for now." in caplog.text
    assert keeping(world).regularly.is_running()
    assert isinstance(world.env, Env)
