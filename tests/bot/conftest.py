"""The bot in a pretend Discord, with the real index behind it."""

from __future__ import annotations

import asyncio
import logging
import math
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from simcord import Env, MemberActor

from bot.answering.answers import Answerer
from bot.client.client import CoalitionBot
from bot.cogs.composition import add_features
from bot.config import Config
from bot.locales import Phrasebooks
from bot.storage import Storage, open_storage
from index import Index, Strictness
from index.calibration.calibration import POINTS
from tests.bot.world import World, check_requests, quick, unprivileged, with_permission

quick()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    unprivileged(items)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without anything in it; not to be changed."""
    path = tmp_path_factory.mktemp("database") / "empty.db"

    async def make() -> None:
        async with open_storage(path):
            pass

    asyncio.run(make())
    return path


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """Give the log back to pytest where a command took it."""
    loggers = [logging.getLogger(name) for name in (None, "bot", "index", "knowledge")]
    handlers, levels = loggers[0].handlers, [each.level for each in loggers]
    yield
    loggers[0].handlers = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture
async def storage(empty_database: Path, tmp_path: Path) -> AsyncIterator[Storage]:
    """A storage that nothing is in yet."""
    path = tmp_path / "coalition.db"
    shutil.copy(empty_database, path)
    async with open_storage(path) as opened:
        yield opened


@pytest.fixture
def unsure(answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fits is the closest passage and never an answer, but in a server that is eager.

    No question is that by itself on every processor: two passages that fit about equally well
    change places when the last bits do.
    """
    never = replace(POINTS[Strictness.BALANCED], confidence=math.inf)
    monkeypatch.setitem(POINTS, Strictness.BALANCED, never)
    old = answerer.index
    # One that remembers no result of before, and whose results nobody remembers.
    again = Index(old.manifest, old.segments, old.encoder, old.reference, old.confidence)
    monkeypatch.setattr(answerer, "index", again)


@pytest.fixture
def make_bot(answerer: Answerer, storage: Storage, tmp_path: Path) -> Callable[[], CoalitionBot]:
    """Makes the bot, and makes it again for a restart."""
    config = Config(data_folder=tmp_path)
    return lambda: CoalitionBot(config, Phrasebooks.read(), add_features, answerer, storage)


@pytest.fixture
def simcord_bot(make_bot: Callable[[], CoalitionBot]) -> CoalitionBot:
    """A fresh client for each test; simcord's `simcord_env` starts it."""
    return make_bot()


@pytest.fixture
async def world(simcord_env: Env, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A server with an English and a French member, and the commands registered."""
    # A busy machine is no failure.
    simcord_env.settle_timeout = 60.0
    marker = request.node.get_closest_marker("guild_locale")
    world = World(simcord_env, guild_locale=marker.args[0] if marker else "en-US")
    await world.sync()
    yield world
    check_requests(simcord_env)


@pytest.fixture
def mo(world: World) -> MemberActor:
    """A moderator, in French."""
    mo = with_permission(world, "mo", "manage_messages")
    world.tongues[mo] = "fr"
    return mo
