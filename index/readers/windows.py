"""Dividing what is longer than a reader reads into windows that overlap."""

from __future__ import annotations

from math import ceil

_OVERLAP = 4
"""Windows share at least one part in so many with the next."""


def question_room(room: int) -> int:
    """How many tokens of a question are read where question and passage have `room`."""
    return room // 2


def windows(tokens: int, room: int) -> list[slice]:
    """Slices of at most `room` of so many tokens, evenly spread, which together have them all.

    Args:
        tokens: How many there are.
        room: How many are read at once, at least one.
    """
    if tokens <= room:
        return [slice(0, tokens)]
    step = max(room - room // _OVERLAP, 1)
    more = ceil((tokens - room) / step)
    starts = (round(number * (tokens - room) / more) for number in range(more + 1))
    return [slice(start, start + room) for start in starts]
