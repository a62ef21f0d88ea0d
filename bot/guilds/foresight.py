"""What a server's questions would be given, before a change of its knowledge is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace

from bot.answering.foresight import Foresight, GivenUp, Known, different, foresee
from bot.guilds.gaps import embeddings_kept
from bot.guilds.knowledge import GuildKnowledge
from bot.guilds.pins import PinBook
from bot.guilds.settings import SettingsBook
from bot.process.worker import Worker
from bot.storage import PastQuestion, Questions
from index import Index, Strictness
from index.comparing import KnownQuestion
from knowledge import Language

SINCE = dt.timedelta(days=90)
MOST_ASKED = 10_000
"""Different questions, those asked most, that are asked again."""
_MOST_ENCODED = 500
"""Questions of which no meaning was kept and which are encoded for one change."""
_LONGEST = 600.0
"""Seconds after which a comparison is given up, or is too late to begin."""
_WAITING = 20

Told = Callable[[int, int], bool]
"""Told, in a thread, how many questions are settled, and of how many; whether to go on."""


class Foreseer:
    """Asks what is known, and what would be known, everything that was asked."""

    def __init__(
        self,
        knowledge: GuildKnowledge,
        settings: SettingsBook,
        pins: PinBook,
        questions: Callable[[int], Awaitable[Questions]],
    ) -> None:
        """Start.

        Args:
            knowledge: What servers are answered from.
            settings: How sure to be.
            pins: What moderators chose.
            questions: Gives what was asked in a server up to now.
        """
        self._knowledge = knowledge
        self._settings = settings
        self._pins = pins
        self._questions = questions
        # Of its own: members' questions wait for none of this.
        self._worker = Worker(1, _WAITING, _LONGEST, _LONGEST)

    async def of_documents(
        self,
        guild: int,
        files: Mapping[str, Mapping[str, str]],
        removed: Collection[str],
        reading: Told,
        told: Told,
    ) -> Foresight:
        """What would be answered differently if documents were put or removed.

        Args:
            guild: The server.
            files: By slug the files of documents that would be put.
            removed: The slugs of those that would be removed.
            reading: Told how far encoding is.
            told: Told how far asking is.

        Raises:
            GivenUp: Nobody wants to know any more.
            StorageError, IndexingError, EncoderError, BusyError, WorkerError: It cannot be told.
        """

        def progress(done: int, total: int) -> None:
            if not reading(done, total):
                raise GivenUp

        foreseen = await self._knowledge.foreseen(guild, files, removed, progress)
        pinned = await self._pins.of(guild)
        return await self._foreseen(
            guild, Known(foreseen.before, pinned), Known(foreseen.after, pinned), told
        )

    async def of_pin(
        self, guild: int, question: str, language: Language, passage: str, told: Told
    ) -> Foresight:
        """What would be answered differently if a question were given a passage.

        Raises:
            GivenUp, StorageError, IndexingError, BusyError, WorkerError: As `of_documents`.
        """
        answerer = (await self._knowledge.of(guild)).answerer
        would = await self._pins.foreseen(guild, question, language, passage, by=0)
        before = Known(answerer, await self._pins.of(guild))
        found = await self._foreseen(guild, before, Known(answerer, would), told)
        # That the question itself gets the passage is what was asked for.
        others = tuple(each for each in found.changed if each.question != question)
        return replace(found, changed=others)

    async def _foreseen(self, guild: int, before: Known, after: Known, told: Told) -> Foresight:
        since = dt.datetime.now(dt.UTC) - SINCE
        past = await (await self._questions(guild)).different_since(since, MOST_ASKED)
        strictness = (await self._settings.of(guild)).strictness
        return await self._worker.run_for(guild, _foreseen, before, after, past, strictness, told)

    def close(self) -> None:
        """Take no more."""
        self._worker.close()


def _foreseen(
    before: Known,
    after: Known,
    past: Sequence[PastQuestion],
    strictness: Strictness | None,
    told: Told,
) -> Foresight:
    index = before.answerer.index
    meanings = embeddings_kept([each.meaning for each in past], index.encoder.name)
    known = [
        KnownQuestion(each.text, each.language, meaning)
        for each, meaning in zip(past, meanings, strict=True)
        if meaning is not None
    ]
    unread = [each for each, meaning in zip(past, meanings, strict=True) if meaning is None]
    some = unread[:_MOST_ENCODED]
    read = index.embed([each.text for each in some]) if some else ()
    known += [
        KnownQuestion(each.text, each.language, meaning)
        for each, meaning in zip(some, read, strict=True)
    ]
    for each in (before, after):
        known += _curated(each.answerer.index)
        if each.pinned is not None:
            known += [
                KnownQuestion(pin.question, pin.language, meaning)
                for pin, meaning in zip(each.pinned.pins, each.pinned.embeddings, strict=True)
            ]
    found = foresee(before, after, different(known), strictness, told)
    return replace(found, left=len(unread) - len(some))


def _curated(index: Index) -> list[KnownQuestion]:
    """The curated questions of an index."""
    return [
        KnownQuestion(each.question, each.language, meaning)
        for segment in index.segments.every
        for each, meaning in zip(segment.curated.questions, segment.curated.embeddings, strict=True)
    ]
