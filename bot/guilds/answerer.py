"""Answering in a server: from its documents and pins, as its settings have it, in turn."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bot.answering.answers import Answer
from bot.answering.judging import judged
from bot.answering.rate_limit import Asker, RateLimit
from bot.answering.suggestions import Suggestion
from bot.guilds.knowledge import GuildKnowledge, GuildSources
from bot.guilds.languages import HeardLanguages
from bot.guilds.pins import PinBook
from bot.guilds.settings import SettingsBook
from bot.process.worker import Worker
from bot.storage import StorageError
from index import Index, IndexingError
from knowledge import Language

log = logging.getLogger(__name__)

_QUICK = 0.05
"""Seconds after which suggestions come without their meaning."""


class GuildAnswerer:
    """Answers members' questions without blocking the event loop.

    Attributes:
        rate_limit: How many questions a member may ask.
    """

    def __init__(
        self,
        knowledge: GuildKnowledge,
        settings: SettingsBook,
        pins: PinBook,
        *,
        rate_limit: RateLimit,
        worker: Worker,
        home: Callable[[int | None], int | None],
    ) -> None:
        """Start.

        Args:
            knowledge: What each server is answered from.
            settings: How sure to be, and how often a member may ask.
            pins: What moderators chose.
            rate_limit: Counts what members ask.
            worker: Searches.
            home: The server of an id if the bot is in it, else None.
        """
        self.rate_limit = rate_limit
        self._knowledge = knowledge
        self._settings = settings
        self._pins = pins
        self._worker = worker
        self._home = home
        self._heard = HeardLanguages()

    async def of(self, guild: int | None) -> GuildSources:
        """What a server is answered from; what is shared alone where the bot is not in it.

        So too, for now, where its own documents cannot be read.
        """
        try:
            return await self._knowledge.of(self._home(guild))
        except (StorageError, IndexingError) as error:
            log.warning("The server %s is answered from what is shared alone. %s", guild, error)
            return self._knowledge.shared

    async def index(self, guild: int | None) -> Index:
        """What the questions of a server's members are searched in."""
        return (await self.of(guild)).answerer.index

    async def whole_index(self, guild: int | None) -> Index:
        """All that a server has, for moderators: also what is for them alone."""
        return (await self.of(guild)).whole.index

    @judged
    async def answer(
        self,
        asker: Asker,
        text: str,
        spoken: Language | None,
        language: Language | None = None,
        channel: int | None = None,
    ) -> Answer:
        """Answer a member's question.

        Args:
            asker: Who asks, and where.
            text: What was typed.
            spoken: What the member or the server speaks, where that is known.
            language: The language that quotes should be in; None takes the question's.
            channel: Where it was asked; what was last spoken there counts where `spoken` is None.

        Raises:
            QuestionError: The text is no question that can be searched for.
            BusyError: Too many questions wait.
            TurnError: It is not the member's turn.
        """
        settings = await self._settings.of(asker.guild)
        answerer = (await self.of(asker.guild)).answerer
        with self.rate_limit.of(asker.member, settings.questions_a_minute):
            pinned = await self._pins.of(asker.guild)
            answer = await self._worker.run_for(
                asker.queue,
                answerer.answer,
                text,
                spoken or self._heard.of(channel),
                language,
                settings.strictness,
                pinned,
            )
        if answer.detected.told:
            self._heard.note(channel, answer.detected.language)
        return answer

    async def try_out(
        self, guild: int, text: str, language: Language, *, whole: bool = False
    ) -> Answer:
        """What the bot would answer in a server, out of turn, for a moderator to look at.

        Args:
            guild: The server.
            text: The question.
            language: What the moderator speaks.
            whole: Whether what is for moderators alone is searched too.

        Raises:
            QuestionError: The text is no question that can be searched for.
            BusyError: Too many questions wait.
        """
        settings = await self._settings.of(guild)
        pinned = await self._pins.of(guild)
        sources = await self.of(guild)
        answerer = sources.whole if whole else sources.answerer
        return await self._worker.run_for(
            guild, answerer.answer, text, language, None, settings.strictness, pinned
        )

    async def suggest(
        self, guild: int | None, typed: str, language: Language, most: int
    ) -> tuple[Suggestion, ...]:
        """Curated questions for what a member types; by meaning where that delays nobody."""
        known = (await self.of(guild)).suggestions
        if self._worker.idle:
            meant = asyncio.ensure_future(self._worker.run(known.meant, typed, language, most))
            done, _ = await asyncio.wait({meant}, timeout=_QUICK)
            if done:
                return meant.result()
        return known.matching(typed, language, most)
