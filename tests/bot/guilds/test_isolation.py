"""Two servers do what they like; neither ever sees anything of the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.client.client import CoalitionBot
from bot.guilds.knowledge import GuildSources
from tests.bot.isolation import MARKS, Driver, LeakError, Side
from tests.bot.world import World

STEPS = 250


@pytest.fixture
def driver(world: World) -> Driver:
    """Two servers beside the one of other tests."""
    return Driver(world.env, seed=11)


async def test_nothing_leaks(driver: Driver) -> None:
    await driver.take(STEPS)
    assert sum(driver.taken.values()) == STEPS
    assert len(driver.taken) >= 10
    assert driver.taken["know"] > 9


async def repeatedly(
    way: Callable[[Side, Side], Awaitable[None]], ours: Side, theirs: Side
) -> None:
    """Take a step of which not every one shows what there is."""
    for _ in range(20):
        await way(ours, theirs)


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
            await repeatedly(driver.complete, theirs, ours)


async def test_a_leak_of_knowledge_would_be_seen(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    knowledge = driver.bot.knowledge
    plain = knowledge.of
    ours, theirs = driver.sides
    files = {
        "file": ("rule.txt", f"The rule of {ours.mark} says that guests are welcome.".encode())
    }
    await ours.moderator.slash(ours.channel, "knowledge add", **files, title=f"Rule of {ours.mark}")

    async def confused(guild: int | None) -> GuildSources:
        return await plain(ours.guild.id if guild == theirs.guild.id else guild)

    monkeypatch.setattr(knowledge, "of", confused)
    with pytest.raises(LeakError, match=MARKS[0]):
        await driver.know(theirs, ours)
