"""What goes wrong with requests, as a scenario wants it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Cut(Enum):
    """When a connection is cut."""

    BEFORE = "before anything was done"
    AFTER = "after it was done, before a byte of the answer was sent"
    HALF = "in the middle of the answer"


@dataclass(eq=False)
class Fault:
    """What happens to the requests that match.

    Attributes:
        method: Of which method.
        path: What their path has in it.
        times: How many more of them; None for all.
        status: What is answered instead of anything being done.
        delay: Seconds before anything happens.
        cut: When the connection is cut.
        hits: To how many it happened.
    """

    method: str
    path: re.Pattern[str]
    times: int | None = 1
    status: int | None = None
    delay: float = 0.0
    cut: Cut | None = None
    hits: int = 0


class Faults:
    """The faults that are to happen."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []

    def plan(
        self,
        method: str,
        path: str,
        *,
        times: int | None = 1,
        status: int | None = None,
        delay: float = 0.0,
        cut: Cut | None = None,
    ) -> Fault:
        """Plan a fault for the requests of `method` whose path has the regex `path` in it."""
        fault = Fault(method, re.compile(path), times, status, delay, cut)
        self._planned.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything go well from now on."""
        self._planned.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that happens to a request, if one does."""
        for fault in self._planned:
            if fault.method == method and fault.path.search(path) and fault.times != 0:
                fault.hits += 1
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None
