"""Interactions that arrive at the bot in process, and when each is answered."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterable, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

from discord.utils import _to_json, time_snowflake, utcnow
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.answering.answers import Answerer
from bot.client.client import CoalitionBot
from bot.cogs.composition import add_features
from bot.config import Config
from bot.locales import Phrasebooks
from bot.storage import open_storage
from tests.bot.stand_in import StandIn, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from discord.http import Route

_GUILD, _CHANNEL, _COMMAND = "10", "11", "12"
_FIRST = 1_000_000
_SEQUENCE = 1 << 22
"""How many ids Discord can make in a millisecond."""
_COMPLETION = 4
_THINKING = 5
_TOKEN = "benchmark"  # noqa: S105 - what the stand-in takes


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a member does.

    Attributes:
        typed: The question, or its beginning.
        whole: Whether it is asked; otherwise suggestions are asked for.
    """

    typed: str
    whole: bool = True


class Clock(AsyncWebhookAdapter):
    """Takes what the bot sends instead of Discord, and notes when it came."""

    def __init__(self, awaited: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._awaited = awaited
        self.arrived: dict[str, float] = {}
        self.waited: dict[str, float] = {}
        self.all_answered = asyncio.Event()

    async def request(self, route: Route, *_: object, **sent: Any) -> Any:  # noqa: ANN401 - as its base
        """Note when an interaction is answered; what would be sent is written out first."""
        payload = sent.get("payload") or {}
        _to_json(payload)
        number = route.url.split("/callback")[0].split("/messages")[0].rsplit("/", 1)[1]
        if payload.get("type") != _THINKING:
            self.waited[number] = time.perf_counter() - self.arrived[number]
        if len(self.waited) == self._awaited:
            self.all_answered.set()
        if route.path.endswith("/callback"):
            return {"interaction": {"id": number, "type": 2, "response_message_id": number}}
        return _message(number)


@contextmanager
def clock(awaited: int) -> Iterator[Clock]:
    """Put a clock for so many answers in the place of what speaks to Discord."""
    adapter = Clock(awaited)
    before = async_context.set(adapter)
    try:
        yield adapter
    finally:
        async_context.reset(before)


@asynccontextmanager
async def connected(config: Config, answerer: Answerer) -> AsyncIterator[CoalitionBot]:
    """A bot that is connected to the tests' stand-in for Discord, with a database of its own."""
    with TemporaryDirectory() as folder:
        async with (
            open_storage(Path(folder) / "benchmark.db") as storage,
            serving(StandIn(accepts=_TOKEN)),
            CoalitionBot(config, Phrasebooks.read(), add_features, answerer, storage) as bot,
        ):
            await bot.login(_TOKEN)
            connection = asyncio.create_task(bot.connect())
            await bot.wait_until_ready()
            yield bot
            await bot.close()
            await connection


async def waits(bot: CoalitionBot, arrivals: Sequence[Arrival], a_second: float) -> list[float]:
    """Let members act at random moments, `a_second` of them; how long each waited, in seconds.

    Each is another member. The moments are those of a Poisson process, the same in every run.
    """
    moments = random.Random(20)  # noqa: S311 - moments, no secrets
    with clock(len(arrivals)) as noted:
        due = time.perf_counter()
        for number, arrival in enumerate(arrivals, _FIRST):
            due += moments.expovariate(a_second)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            # An interaction's id tells when Discord made it; what is old is not answered.
            identifier = str(time_snowflake(utcnow()) + number % _SEQUENCE)
            payload = _payload(identifier, str(number), arrival)
            noted.arrived[identifier] = time.perf_counter()
            # What discord.py itself calls when the gateway tells of an interaction.
            bot._connection.parse_interaction_create(cast("Any", payload))  # noqa: SLF001
        async with asyncio.timeout(60):
            await noted.all_answered.wait()
    return list(noted.waited.values())


def asked(questions: Iterable[str]) -> list[Arrival]:
    """Questions that are asked."""
    return [Arrival(each) for each in questions]


def typed(beginnings: Iterable[str]) -> list[Arrival]:
    """Beginnings for which suggestions are asked."""
    return [Arrival(each, whole=False) for each in beginnings]


def _message(number: str) -> dict[str, Any]:
    """What Discord answers when a message is edited."""
    lists = ("attachments", "embeds", "mentions", "mention_roles", "components")
    empty: dict[str, Any] = {name: [] for name in lists}
    return {
        **empty,
        "id": number,
        "channel_id": _CHANNEL,
        "author": {"id": "1", "username": "bot", "discriminator": "0", "avatar": None},
        "content": "",
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "type": 20,
        "pinned": False,
        "tts": False,
        "mention_everyone": False,
    }


def _payload(identifier: str, member: str, arrival: Arrival) -> dict[str, Any]:
    option = {"type": 3, "name": "question", "value": arrival.typed}
    if not arrival.whole:
        option["focused"] = True
    user = {"id": member, "username": "member", "discriminator": "0", "avatar": None}
    return {
        "id": identifier,
        "application_id": "1",
        "type": 2 if arrival.whole else _COMPLETION,
        # By this Discord's addresses tell interactions apart, also after they are acknowledged.
        "token": identifier,
        "version": 1,
        "data": {"id": _COMMAND, "name": "ask", "type": 1, "options": [option]},
        "guild_id": _GUILD,
        "guild": {"id": _GUILD, "locale": "fr", "features": []},
        "channel_id": _CHANNEL,
        "channel": {
            "id": _CHANNEL,
            "type": 0,
            "name": "general",
            "guild_id": _GUILD,
            "position": 0,
            "permission_overwrites": [],
            "permissions": "0",
        },
        "member": {
            "user": user,
            "roles": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": "0",
        },
        "locale": "fr" if int(member) % 2 else "en-US",
        "guild_locale": "fr",
        "app_permissions": "0",
        "entitlements": [],
        "authorizing_integration_owners": {"0": _GUILD},
        "context": 0,
        "attachment_size_limit": 1 << 20,
    }
