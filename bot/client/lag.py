"""How far the bot is behind with what Discord sends it."""

from __future__ import annotations

import time
from collections.abc import Callable

_WINDOW = 300.0
"""Seconds for which the quickest arrival counts as what the way itself takes."""
_IMPLAUSIBLE = 60.0
"""Seconds by which nothing is behind: a clock was set."""


def _now() -> float:
    # Looked up at every call, since tests have a `time.monotonic` of their own.
    return time.monotonic()


class Lag:
    """Tells how long something waited on its way, by its id and without trusting the clock.

    An id says when Discord made it. The clock here may be wrong, but its error is the same for
    all, so what came quickest tells how much of the difference is error.
    """

    def __init__(self, now: Callable[[], float] = _now) -> None:
        """Start; `now` gives seconds from any point, such as `time.monotonic`."""
        self._now = now
        self._since = now()
        self._least = self._least_before = float("inf")

    def behind(self, snowflake: int) -> float:
        """Seconds that something waited, less what the quickest of late waited."""
        now = self._now()
        difference = now - (snowflake >> 22) / 1000
        if now - self._since > _WINDOW:
            self._since, self._least_before, self._least = now, self._least, float("inf")
        quickest = min(self._least, self._least_before)
        if difference - quickest > _IMPLAUSIBLE:
            self._least_before, self._least = float("inf"), difference
            return 0.0
        self._least = min(self._least, difference)
        return max(difference - quickest, 0.0)
