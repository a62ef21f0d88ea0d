"""Two servers do what they like; neither ever sees anything of the other."""

from __future__ import annotations

import pytest

from bot.client import CoalitionBot
from tests.bot.isolation import MARKS, Driver, LeakError
from tests.bot.world import World

STEPS = 250


@pytest.fixture
def driver(world: World) -> Driver:
    """Two servers beside the one of other tests."""
    return Driver(world.env, seed=11)


async def test_nothing_leaks(driver: Driver) -> None:
    await driver.take(STEPS)
    assert sum(driver.taken.values()) == STEPS
    assert len(driver.taken) >= 9


async def test_a_leak_would_be_seen(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    bot = driver.bot
    plain = bot.storage.guild
    ours, theirs = driver.sides
    assert isinstance(bot, CoalitionBot)

    def confused(guild: int) -> object:
        return plain(ours.guild.id if guild == theirs.guild.id else guild)

    await driver.pin(ours, theirs)
    with monkeypatch.context() as patched:
        patched.setattr(bot.storage, "guild", confused)
        with pytest.raises(LeakError, match=MARKS[0]):
            await driver.complete(theirs, ours)
