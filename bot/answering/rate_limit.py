"""Whose turn it is: one question at a time a member, and so many a minute."""

from __future__ import annotations

import math
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.errors import RateLimitError

_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where.

    Attributes:
        member: The member's id.
        guild: The server's id; None in direct messages.
    """

    member: int
    guild: int | None

    @property
    def queue(self) -> int:
        """Whose queue the question waits in: the server's, so that none keeps others waiting."""
        return self.member if self.guild is None else self.guild


class RateLimit:
    """Gives members their turns, so that a flood from one never slows another.

    It is kept in memory, for this process alone.
    """

    def __init__(self, a_minute: int) -> None:
        """Start; a member may ask `a_minute` questions in any minute."""
        self._a_minute = a_minute
        # Who has not asked in the longest time stands first.
        self._asked: OrderedDict[int, deque[float]] = OrderedDict()
        self._asking: set[int] = set()

    @contextmanager
    def of(self, member: int, a_minute: int | None = None) -> Iterator[None]:
        """The turn of a member, while a question is answered.

        Args:
            member: The member.
            a_minute: How many questions in any minute; None for the usual number.

        Raises:
            RateLimitError: It is not the member's turn; says how long to wait where that is known.
        """
        if member in self._asking:
            raise RateLimitError(None)
        now = time.monotonic()
        asked = self._asked.get(member, deque())
        while asked and asked[0] <= now - _MINUTE:
            asked.popleft()
        if len(asked) >= (a_minute or self._a_minute):
            # The oldest of the last so many must be a minute old.
            oldest = asked[-(a_minute or self._a_minute)]
            raise RateLimitError(math.ceil(oldest + _MINUTE - now))
        asked.append(now)
        self._asked[member] = asked
        self._asked.move_to_end(member)
        self._forget(now)
        self._asking.add(member)
        try:
            yield
        finally:
            self._asking.discard(member)

    def _forget(self, now: float) -> None:
        """Forget who has not asked for a minute."""
        while True:
            first = next(iter(self._asked))
            if self._asked[first][-1] > now - _MINUTE:
                return
            del self._asked[first]
