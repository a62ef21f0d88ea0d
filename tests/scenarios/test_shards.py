"""Two processes with three shards, on one PostgreSQL server, for one Discord."""

from __future__ import annotations

import asyncio
import datetime as dt
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from bot.storage import open_storage
from tests.discord_server import BotProcess, DiscordServer, Person
from tests.postgres import PASSWORD, PostgresServer
from tests.scenarios.conftest import ANSWER, QUESTION, check_log

SHARDS = 3
GUILDS = 12
OWN_QUESTION = "When does the bakery open on Sundays?"
OWN_DOCUMENT = {
    "en.md": "---\ntitle: Bakery\nlanguage: en\n---\n\n"
    "On Sundays the bakery opens at nine. On other days it opens at six.\n"
}
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
NOT_KEPT = "I cannot save anything at the moment"


@dataclass
class Town:
    """Many servers with a member each, on a Discord where one shard identifies at a time."""

    discord: DiscordServer
    people: list[Person]

    def of_shard(self, number: int) -> Person:
        return next(each for each in self.people if shard_of(each) == number)


def shard_of(person: Person) -> int:
    return (int(person.member.guild.id) >> 22) % SHARDS


@pytest.fixture
def shared(config: Path, own_server: PostgresServer) -> Path:
    """The configuration of processes that share a server."""
    settings = yaml.safe_load(config.read_text("utf-8"))
    url = own_server.address("postgres").url.get_secret_value()
    settings["database"] = {"url": url, "connections": 2}
    # Members ask until they see what changed.
    settings["discord"] = {"questions_a_minute": 1000}
    config.write_text(yaml.safe_dump(settings), "utf-8")
    return config


@pytest.fixture
async def town(discord: DiscordServer) -> Town:
    people: list[Person] = []
    while len(people) < GUILDS or {shard_of(each) for each in people} != set(range(SHARDS)):
        people.append(discord.person(f"member-{len(people)}", discord.guild()))
        # Ids tell milliseconds, and those tell shards.
        await asyncio.sleep(0.001)
    return Town(discord, people)


@pytest.fixture
async def two(discord: DiscordServer, town: Town, shared: Path) -> AsyncIterator[list[BotProcess]]:
    """Both processes, connected."""
    del town
    discord.gateway.identify_every = 4.9
    async with AsyncExitStack() as stack:
        processes = [
            await stack.enter_async_context(
                BotProcess(discord, shared, "run", "--shard-count", f"{SHARDS}", *which)
            )
            for which in (("--shards", "0"), ("--cluster", "2/2"))
        ]
        await discord.gateway.all_connected(SHARDS)
        yield processes
    for process in processes:
        check_log(process)
        assert PASSWORD not in process.log


@pytest.mark.timeout(300)
async def test_two_processes_serve_one_discord(
    two: list[BotProcess], town: Town, shared: Path, own_server: PostgresServer
) -> None:
    discord = town.discord
    assert discord.gateway.too_soon == 0
    assert sorted(each["shard"][0] for each in discord.gateway.identified) == [0, 1, 2]

    # Every server is answered, once, by the process that it belongs to.
    async def ask(person: Person) -> None:
        card = await (await person.ask(QUESTION)).card()
        assert ANSWER in card.text
        said = [each for each in discord.messages_in(person.channel) if each.author is discord.bot]
        assert said == [card]

    await asyncio.gather(*map(ask, town.people))
    person = town.of_shard(2)
    assert ANSWER in (await discord.reply_to(await person.write_privately(QUESTION))).text

    # A third that would answer twice is refused.
    arguments = ("run", "--shard-count", f"{SHARDS}", "--shards", "1")
    async with BotProcess(discord, shared, *arguments) as third:
        assert await third.exited(60) == 2
        assert "Shard 1 of 3 runs already" in third.log.replace("\n", " ")

    # What another process writes is in force within a moment.
    settings = own_server.address("postgres")
    async with open_storage(settings) as storage:
        guild = storage.guild(int(person.member.guild.id))
        assert "nine" not in (await (await person.ask(OWN_QUESTION)).card()).text
        await guild.documents.put("bakery", OWN_DOCUMENT, by=1, expected=0)
        async with asyncio.timeout(20):
            while "nine" not in (await (await person.ask(OWN_QUESTION)).card()).text:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        await guild.settings.change(by=1, open_channels=(1,))
        async with asyncio.timeout(20):
            while not (card := await (await person.ask(QUESTION)).card()).ephemeral:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        assert ANSWER in card.text
        assert await guild.questions.since(LONG_AGO) != ()

    # The server dies: answers go on, and what cannot be kept is refused kindly.
    own_server.kill()
    other = town.of_shard(0)
    card = await (await other.ask(QUESTION)).card()
    assert ANSWER in card.text
    assert NOT_KEPT in (await (await other.press(card, "👍")).card()).text
    # It comes back, and everything heals by itself.
    own_server.start()
    thanks = await (await other.press(card, "👍")).card()
    assert "Thank you" in thanks.text
    async with open_storage(settings) as storage:
        opinions = await storage.guild(int(other.member.guild.id)).questions.opinions(LONG_AGO)
        assert [each.helpful for each in opinions] == [True]
    for process in two:
        process.send(signal.SIGTERM)
        assert await process.exited() == 0
