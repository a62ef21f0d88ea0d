"""What each server can be read from, looked at once for as long as it stays the same."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.answering.catalogue import Catalogue
from bot.guilds.answerer import GuildAnswerer
from bot.process.worker import Worker
from bot.storage import Questions, Storage, StorageError
from index import Index

log = logging.getLogger(__name__)

_MOST_KEPT = 50
_OLDEST = 300.0
"""Seconds for which it is not asked again how often passages were quoted."""
COUNTED = dt.timedelta(days=90)
"""For how long it counts that a passage was quoted."""


@dataclass(slots=True)
class _Held:
    index: Index
    catalogue: Catalogue
    quoted: Mapping[str, int]
    counted: float


@dataclass(frozen=True, slots=True)
class Catalogued:
    """What a server can be read from.

    Attributes:
        catalogue: Its documents.
        quoted: By passage how often it was quoted there in the last 90 days.
    """

    catalogue: Catalogue
    quoted: Mapping[str, int]


class Catalogues:
    """The catalogues of servers that were asked for lately."""

    def __init__(
        self,
        answerer: GuildAnswerer,
        storage: Callable[[], Storage],
        questions: Callable[[int], Awaitable[Questions]],
        worker: Worker,
    ) -> None:
        """Start.

        Args:
            answerer: Knows what each server is answered from.
            storage: Has when documents were changed.
            questions: Gives what was asked in a server.
            worker: Looks at documents.
        """
        self._answerer = answerer
        self._storage = storage
        self._questions = questions
        self._worker = worker
        self._held: OrderedDict[int | None, _Held] = OrderedDict()

    async def of(self, guild: int | None) -> Catalogued:
        """The catalogue of a server; of the shared documents alone elsewhere.

        Raises:
            BusyError: Too much waits.
        """
        index = await self._answerer.index(guild)
        held = self._held.get(guild)
        if held is None or held.index is not index:
            changed = await self._changed(guild)
            catalogue = await self._worker.run_for(guild, Catalogue, index, changed)
            counts = {} if held is None else held.quoted
            held = _Held(index, catalogue, counts, 0.0 if held is None else held.counted)
            self._held[guild] = held
            while len(self._held) > _MOST_KEPT:
                self._held.popitem(last=False)
        if not held.counted or time.monotonic() - held.counted > _OLDEST:
            held.quoted, held.counted = await self._quoted(guild), time.monotonic()
        self._held.move_to_end(guild)
        return Catalogued(held.catalogue, held.quoted)

    async def _changed(self, guild: int | None) -> dict[str, dt.date]:
        if guild is None:
            return {}
        try:
            states = await self._storage().guild(guild).documents.every()
        except (StorageError, RuntimeError) as error:
            log.warning("When documents were changed is not known. %s", error)
            return {}
        return {each.slug: each.changed.date() for each in states}

    async def _quoted(self, guild: int | None) -> Mapping[str, int]:
        if guild is None:
            return {}
        try:
            since = dt.datetime.now(dt.UTC) - COUNTED
            return await (await self._questions(guild)).quoted_since(since)
        except (StorageError, RuntimeError) as error:
            log.warning("How often passages were quoted is not known. %s", error)
            return {}
