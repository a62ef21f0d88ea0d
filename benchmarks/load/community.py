"""Thousands of members in hundreds of servers, and what they ask."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.locales import Phrasebooks
from knowledge import Language
from tests.discord_server import DiscordServer, Interaction, Person

QUESTIONS = Path("tests/data/questions.yaml")
_BOOKS = Phrasebooks.read()
_REFUSALS = {_BOOKS[language]("problem.busy") for language in Language}
_GIVEN_UP = 20.0
"""Seconds after which nobody waits for an answer any more."""


@dataclass
class Asked:
    """What came of the questions of a phase.

    Attributes:
        answered: Seconds to each card.
        shed: Seconds to each polite refusal.
        lost: Of how many nothing came, by the reason: Discord's error code, or that it took
            longer than anybody waits.
        public_refusals: How many refusals everybody saw.
    """

    answered: list[float] = field(default_factory=list)
    shed: list[float] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    public_refusals: int = 0

    @property
    def total(self) -> int:
        """How many questions there were."""
        return len(self.answered) + len(self.shed) + self.lost.total()


class Community:
    """Members who take turns asking."""

    def __init__(self, discord: DiscordServer, guilds: int, members: int) -> None:
        """Make the servers and their members."""
        random.seed(7)
        places = [discord.guild(f"server-{number}") for number in range(guilds)]
        # A few servers are large and most are small.
        weights = [1 / (number + 1) for number in range(guilds)]
        chosen = random.choices(places, weights, k=members)  # noqa: S311
        self._discord = discord
        self._people: list[Person] = [
            discord.person(f"member-{number}", guild, random.choice(("fr", "en-US")))  # noqa: S311
            for number, guild in enumerate(chosen)
        ]
        self._questions = _questions()
        self._next = 0
        self._waits: set[asyncio.Task[None]] = set()

    def ask(self, asked: Asked) -> asyncio.Task[None]:
        """Have the next member ask; what comes of it goes into `asked`."""
        person = self._people[self._next % len(self._people)]
        question = self._questions[self._next % len(self._questions)]
        self._next += 1
        task = asyncio.create_task(self._ask(person, question, asked))
        self._waits.add(task)
        task.add_done_callback(self._waits.discard)
        return task

    async def settled(self) -> None:
        """Wait until every question has come to its end."""
        while self._waits:
            await asyncio.wait(self._waits)

    async def _ask(self, person: Person, question: str, asked: Asked) -> None:
        began = asyncio.get_running_loop().time()
        interaction = await person.ask(question)
        try:
            card = await interaction.card(_GIVEN_UP)
        except AssertionError:
            asked.lost[str(interaction.refused or "too long")] += 1
        else:
            took = asyncio.get_running_loop().time() - began
            if card.text in _REFUSALS:
                asked.shed.append(took)
                asked.public_refusals += not card.ephemeral
            else:
                asked.answered.append(took)
        self._forget(interaction)

    def _forget(self, interaction: Interaction) -> None:
        self._discord.interactions.pop(interaction.token, None)
        for message in (interaction.original, *interaction.followups):
            if message is not None:
                self._discord.messages.pop(message.id, None)


def _questions() -> Sequence[str]:
    cases = yaml.safe_load(QUESTIONS.read_text("utf-8"))
    return [each["question"] for each in cases]


async def open_loop(community: Community, rate: float, seconds: float) -> Asked:
    """Ask `rate` questions a second, whatever becomes of them."""
    asked = Asked()
    loop = asyncio.get_running_loop()
    began, sent = loop.time(), 0
    while (now := loop.time() - began) < seconds:
        while sent < now * rate:
            community.ask(asked)
            sent += 1
        await asyncio.sleep(min(1 / rate, 0.01))
    await community.settled()
    return asked


async def closed_loop(community: Community, in_flight: int, seconds: float) -> Asked:
    """Keep so many questions in flight; the last may still be, when this returns."""
    asked, loop = Asked(), asyncio.get_running_loop()
    began = loop.time()
    flying = {community.ask(asked) for _ in range(in_flight)}
    while loop.time() - began < seconds:
        done, flying = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
        flying |= {community.ask(asked) for _ in done}
    return asked
