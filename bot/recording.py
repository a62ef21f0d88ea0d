"""Keeping the questions that are asked in servers, without delaying any answer."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby

from bot.answers import Answer
from bot.cards import Card
from bot.gaps import meaning_of
from bot.storage import AskedQuestion, Storage, StorageError, Surface, new_question_id

log = logging.getLogger(__name__)

_MOST_WAITING = 1000


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a question came from, and when.

    Attributes:
        guild: The server that the bot is in; None elsewhere, where nothing is kept.
        channel: The channel.
        surface: The way by which it came.
        started: When it arrived, as `time.perf_counter` tells it.
    """

    guild: int | None
    channel: int
    surface: Surface
    started: float = field(default_factory=time.perf_counter)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent, and what is kept of the question once it is.

    Attributes:
        card: The message.
        question: What is kept; None where nothing is.
    """

    card: Card
    question: AskedQuestion | None = None


def question_to_keep(answer: Answer, origin: Origin, encoder: str) -> AskedQuestion | None:
    """What is kept of a question; None of what was asked outside servers, and of small talk.

    Args:
        answer: The answer.
        origin: Where the question came from.
        encoder: The name of the encoder that read it.
    """
    if origin.guild is None or answer.result.small_talk is not None:
        return None
    return AskedQuestion(
        new_question_id(),
        origin.guild,
        dt.datetime.now(dt.UTC),
        answer.question,
        answer.detected.language,
        answer.outcome,
        answer.found[0].quote.passage_id if answer.found else None,
        answer.result.verdict.evidence,
        1000 * (time.perf_counter() - origin.started),
        origin.channel,
        origin.surface,
        meaning=meaning_of(answer.result.embedding, encoder),
    )


class Recorder:
    """Writes questions after their answers are sent, many at once where many wait.

    Attributes:
        lost: How many could not be kept.
    """

    def __init__(self, storage: Callable[[], Storage]) -> None:
        """Start; `storage` is asked for when there is something to write."""
        self.lost = 0
        self._storage = storage
        self._waiting: deque[AskedQuestion] = deque()
        self._writing: asyncio.Task[None] | None = None

    def record(self, question: AskedQuestion) -> None:
        """Keep a question soon; never waits and never fails."""
        if len(self._waiting) >= _MOST_WAITING:
            self.lost += 1
            return
        self._waiting.append(question)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def flush(self) -> None:
        """Wait until everything is written that waited."""
        if self._writing is not None:
            await self._writing

    async def _write(self) -> None:
        while self._waiting:
            batch = sorted(self._waiting, key=lambda each: each.guild)
            self._waiting.clear()
            for guild, questions in groupby(batch, key=lambda each: each.guild):
                of_guild = list(questions)
                try:
                    await self._storage().guild(guild).questions.record(of_guild)
                except StorageError as error:
                    self.lost += len(of_guild)
                    log.warning("Questions could not be kept (%d so far). %s", self.lost, error)
