"""Keeping the questions that are asked in servers, without delaying any answer."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.answering.answers import Answer
from bot.guilds.gaps import meaning_of
from bot.storage import AskedQuestion, Questions, Storage, StorageError, Surface, new_question_id

log = logging.getLogger(__name__)

_MOST_WAITING = 1000
_GATHERING = 0.25
"""Seconds in which questions gather: a transaction costs as much as the answers that it keeps."""


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
    """Writes questions after their answers are sent, all together that came meanwhile.

    Attributes:
        lost: How many could not be kept.
    """

    def __init__(self, storage: Callable[[], Storage]) -> None:
        """Start; `storage` is asked for when there is something to write."""
        self.lost = 0
        self._storage = storage
        self._waiting: list[AskedQuestion] = []
        self._gathering: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None

    def record(self, question: AskedQuestion) -> None:
        """Keep a question soon; never waits and never fails."""
        if len(self._waiting) >= _MOST_WAITING:
            self.lost += 1
            return
        self._waiting.append(question)
        if self._writing is None:
            self._gather()

    async def questions(self, guild: int) -> Questions:
        """What was asked in a server up to now."""
        await self.flush()
        return self._storage().guild(guild).questions

    async def flush(self) -> None:
        """Write at once what waits, and wait for it."""
        if self._writing is not None:
            await asyncio.shield(self._writing)
        if self._waiting:
            await asyncio.shield(self._begin())

    def _gather(self) -> None:
        if self._gathering is None:
            loop = asyncio.get_running_loop()
            self._gathering = loop.call_later(_GATHERING, self._begin)

    def _begin(self) -> asyncio.Task[None]:
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return self._writing

    async def _write(self) -> None:
        gathered, self._waiting = self._waiting, []
        try:
            await self._storage().record(gathered)
        except StorageError as error:
            self.lost += len(gathered)
            log.warning("Questions could not be kept (%d so far). %s", self.lost, error)
        finally:
            self._writing = None
            if self._waiting:
                self._gather()
