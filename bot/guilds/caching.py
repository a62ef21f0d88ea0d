"""What the storage has, kept at hand once it was read: every answer asks for it."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from bot.storage import StorageError

log = logging.getLogger(__name__)

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_PATIENCE = 0.5
"""Seconds that an answer waits for the storage: Discord gives up after 3."""


class ReadThroughCache(Generic[K, V]):
    """Values by their keys; those that nobody asked for in a long time are let go."""

    def __init__(self, what: str, read: Callable[[K], Awaitable[V]], most: int) -> None:
        """Start.

        Args:
            what: What the values are, for the log.
            read: Reads one from the storage.
            most: How many are kept.
        """
        self._what = what
        self._read = read
        self._most = most
        # What was not asked for in the longest time stands first.
        self._known: OrderedDict[K, V] = OrderedDict()
        self._reading: dict[K, asyncio.Task[V | None]] = {}

    async def get(self, key: K) -> V | None:
        """A value; None too where the storage does not give it soon."""
        if key not in self._known:
            reading = self._reading.get(key)
            if reading is None:
                reading = self._reading[key] = asyncio.create_task(self._take(key))
            # It goes on reading, for who asks next.
            done, _ = await asyncio.wait({reading}, timeout=_PATIENCE)
            if key not in self._known:
                return reading.result() if done else None
        self._known.move_to_end(key)
        return self._known[key]

    def keep(self, key: K, value: V) -> None:
        """Keep a value that is in the storage now."""
        self._known[key] = value
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def forget(self, key: K) -> None:
        """Read a value anew when it is next asked for."""
        self._known.pop(key, None)
        self._reading.pop(key, None)

    async def _take(self, key: K) -> V | None:
        own = asyncio.current_task()
        try:
            value = await self._read(key)
        except StorageError as error:
            log.warning("%s: taken as unset. %s", self._what, error)
            return None
        else:
            # What was forgotten or chosen while it was read is not to be undone.
            if self._reading.get(key) is own and key not in self._known:
                self.keep(key, value)
            return value
        finally:
            if self._reading.get(key) is own:
                del self._reading[key]
