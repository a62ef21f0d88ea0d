"""The bot in a pretend Discord, with the real index behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from simcord import Env

from bot.answers import Answerer
from bot.client import CoalitionBot
from bot.config import Config
from bot.locale import Phrasebooks
from tests.bot.world import World, check_requests, quick, unprivileged

quick()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    unprivileged(items)


@pytest.fixture
def simcord_bot(answerer: Answerer) -> CoalitionBot:
    """A fresh client for each test; simcord's `simcord_env` starts it."""
    return CoalitionBot(Config(), Phrasebooks.read(), answerer)


@pytest.fixture
async def world(simcord_env: Env, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A server with an English and a French member, and the commands registered."""
    marker = request.node.get_closest_marker("guild_locale")
    world = World(simcord_env, guild_locale=marker.args[0] if marker else "en-US")
    await world.sync()
    yield world
    check_requests(simcord_env)
