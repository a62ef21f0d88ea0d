"""Refusing at little cost, while there is more to do than the bot can.

discord.py makes objects and tasks of an interaction before anybody can look at it. In a flood
that takes the time in which others could be told to come again, so what is too much is answered
here, from what Discord sent.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple, Self

import aiohttp
import discord
from discord.ext import commands
from discord.http import Route
from yarl import URL

from bot.client.admission import Admission
from bot.client.lag import Lag
from bot.client.retrying import CALLBACK
from bot.components.cards import notice_card
from bot.locales import Phrasebook
from bot.telemetry.watch import Watch

log = logging.getLogger(__name__)

_BUSY = 0.5
"""Seconds behind from which what members do is refused, so that the bot catches up."""
_FEW = 20
"""Who is inside while it is not the bot that is late, but what reaches it: a connection that was
resumed, a machine that stood still. They are answered in about a quarter of a second."""
_TOO_LATE = 2.0
"""Seconds behind from which an interaction would expire before its answer came."""
_MOST_AT_ONCE = 64
"""Refusals that are on their way: more would keep the event loop from what is answered."""
_MOST_UNTOLD = 2_000
"""Who waits to be told; whoever came before as many others is too late by then."""
_PATIENCE = aiohttp.ClientTimeout(total=3.0)
"""Discord itself gives up after 3 s."""
_SAID_EVERY = 60.0
"""Seconds from the first refusal to the line in the log that says how many there were."""
_AUTOCOMPLETE = discord.InteractionType.autocomplete.value


class _Untold(NamedTuple):
    """Who is still to be told, and what."""

    identifier: int
    url: URL
    body: bytes


class Shedder:
    """Tells members privately that the bot is busy, while it falls behind or too many are inside.

    Entered in the event loop that the bot runs in.
    """

    def __init__(
        self,
        admission: Admission,
        most: int,
        phrases: Callable[[discord.Locale | None], Phrasebook],
        watch: Watch,
    ) -> None:
        """Start.

        Args:
            admission: Where what is not refused goes in.
            most: How many may be inside: the more there are, the longer each takes.
            phrases: The phrases for somebody whose Discord is in a locale.
            watch: Told of what is refused.
        """
        self._admission = admission
        self._most = most
        self._entering = 0
        self._backlog = Lag()
        self._refusal = _refusal(phrases(None))
        self._refusals = {each.value: _refusal(phrases(each)) for each in discord.Locale}
        self._watch = watch
        self._untold: deque[_Untold] = deque(maxlen=_MOST_UNTOLD)
        self._telling: set[asyncio.Task[None]] = set()
        self._refused = 0
        self._saying: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            trace_configs=[self._watch.trace()],
            headers={"Content-Type": "application/json"},
            timeout=_PATIENCE,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._saying is not None:
            self._saying.cancel()
        for each in self._telling:
            each.cancel()
        await self._session.close()

    def guard(self, bot: commands.Bot) -> None:
        """Let a bot see only what is not refused here."""
        parsers: dict[str, Callable[[Any], None]] = bot._connection.parsers  # noqa: SLF001
        parse = parsers["INTERACTION_CREATE"]

        def take(data: Any) -> None:  # noqa: ANN401 - any JSON
            identifier = int(data["id"])
            loop = asyncio.get_running_loop()
            if self._has_room(identifier):
                parse(data)
                self._entering += 1
                # By then its task has begun, and is inside.
                loop.call_soon(self._entered)
                return
            route = Route("POST", CALLBACK, webhook_id=identifier, webhook_token=str(data["token"]))
            body = self._refusals.get(str(data.get("locale")), self._refusal)
            if data["type"] == _AUTOCOMPLETE:
                body = _NOTHING_OFFERED
            self._note(loop)
            self._untold.append(_Untold(identifier, URL(route.url, encoded=True), body))
            if len(self._telling) < _MOST_AT_ONCE:
                task = loop.create_task(self._tell())
                self._telling.add(task)
                task.add_done_callback(self._telling.discard)

        parsers["INTERACTION_CREATE"] = take

    def _has_room(self, identifier: int) -> bool:
        """Whether what comes under that id may go in."""
        crowd = self._admission.inside + self._entering
        behind = self._backlog.behind(identifier)
        return crowd < self._most and behind < (_TOO_LATE if crowd < _FEW else _BUSY)

    def _entered(self) -> None:
        self._entering -= 1

    def _note(self, loop: asyncio.AbstractEventLoop) -> None:
        self._refused += 1
        self._watch.refused()
        if self._saying is None:
            self._saying = loop.call_later(_SAID_EVERY, self._say)

    def _say(self) -> None:
        log.warning("The bot could not keep up: interactions refused: %d.", self._refused)
        self._refused, self._saying = 0, None

    async def _tell(self) -> None:
        """Tell those who wait for it, the latest first: there is most time left for them."""
        while self._untold:
            latest = self._untold.pop()
            behind = self._backlog.behind(latest.identifier)
            if behind >= _TOO_LATE:
                # A refusal would come too late, and take the time of those that would not.
                log.debug("Interactions are %.1f s late and more.", behind)
                self._untold.clear()
                return
            try:
                async with self._session.post(latest.url, data=latest.body):
                    pass
            except (aiohttp.ClientError, OSError) as error:
                log.debug("A member could not be told (%s).", type(error).__name__)


def _body(kind: discord.InteractionResponseType, data: dict[str, Any]) -> bytes:
    return json.dumps({"type": kind.value, "data": data}).encode()


_NOTHING_OFFERED = _body(discord.InteractionResponseType.autocomplete_result, {"choices": []})


def _refusal(phrases: Phrasebook) -> bytes:
    """What says, to one member alone, that the bot is busy."""
    flags = discord.MessageFlags(ephemeral=True, components_v2=True)
    card = notice_card(phrases("problem.busy"))
    return _body(
        discord.InteractionResponseType.channel_message,
        {
            "components": card.to_components(),  # type: ignore[no-untyped-call]
            "flags": flags.value,
            "allowed_mentions": {"parse": []},
        },
    )
