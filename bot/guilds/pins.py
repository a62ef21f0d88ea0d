"""The pins of all servers, in memory."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Sequence

import numpy as np

from bot.answering.pins import Pinned
from bot.storage import Pin, Storage, StorageError
from bot.storage.same_question import folded_question
from index.encoders.encoder import FloatArray
from knowledge import Language

log = logging.getLogger(__name__)


class PinBook:
    """The pins of all servers, kept at hand. Only this may change them."""

    def __init__(
        self,
        storage: Storage | None,
        embed: Callable[[int, Sequence[str]], Awaitable[FloatArray]],
    ) -> None:
        """Start.

        Args:
            storage: Where pins are; without one there are none.
            embed: Finds what the questions of a server mean, without blocking.
        """
        self._storage = storage
        self._embed = embed
        self._known: dict[int, Pinned | None] = {}

    async def of(self, guild: int | None) -> Pinned | None:
        """The pins of a server; None where there are none, or they cannot be read."""
        if guild is None or self._storage is None:
            return None
        if guild not in self._known:
            try:
                pins = await self._storage.guild(guild).pins.every()
            except StorageError as error:
                log.warning("The pins of the server %d are left out. %s", guild, error)
                return None
            pinned = None
            if pins:
                questions = [each.question for each in pins]
                pinned = Pinned(pins, await self._embed(guild, questions))
            self._known[guild] = pinned
        return self._known[guild]

    async def foreseen(
        self, guild: int, question: str, language: Language, passage: str, *, by: int
    ) -> Pinned:
        """The pins that there would be if a question were given a passage; nothing is."""
        meaning = await self._embed(guild, [question])
        pin = Pin(0, question, language, passage, dt.datetime.now(dt.UTC), by)
        there = await self.of(guild)
        if there is None:
            return Pinned([pin], meaning)
        words = folded_question(question)
        stay = [at for at, each in enumerate(there.pins) if folded_question(each.question) != words]
        others = [there.pins[at] for at in stay]
        return Pinned([pin, *others], np.concatenate([meaning, there.embeddings[stay]]))

    async def pin(
        self, guild: int, question: str, language: Language, passage: str, *, by: int
    ) -> Pin:
        """Give a question of a server a passage, from now on.

        Raises:
            StorageError: It could not be kept; nothing was changed.
        """
        assert self._storage is not None  # noqa: S101 - nothing is pinned without one
        pin = await self._storage.guild(guild).pins.pin(question, language, passage, by=by)
        self.forget(guild)
        return pin

    async def unpin(self, guild: int, identifier: int, *, by: int) -> Pin | None:
        """Take a pin of a server away; None where it is not there.

        Raises:
            StorageError: It could not be taken away; nothing was changed.
        """
        assert self._storage is not None  # noqa: S101 - nothing is pinned without one
        pin = await self._storage.guild(guild).pins.unpin(identifier, by=by)
        self.forget(guild)
        return pin

    def forget(self, guild: int) -> None:
        """Read the pins of a server anew when they are next asked for."""
        self._known.pop(guild, None)
