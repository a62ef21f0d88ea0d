"""What is said of a file that was read, the same in a terminal and on Discord."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.locales import Phrasebook
from knowledge.blocks.reading import LeftOut

_MOST_PAGES = 8


def left_out_line(left: LeftOut, phrases: Phrasebook) -> str:
    """What was left out of one kind: how much of it, where, and its first words."""
    parts = [phrases(f"reading.furniture.{left.what}")]
    if left.words:
        parts.append(phrases("reading.words", words=left.words))
    elif left.count > 1 and not left.places:
        parts.append(str(left.count))
    if left.places:
        parts.append(phrases("reading.pages", pages=", ".join(_ranges(left.places))))
    line = ", ".join(parts)
    first = left.first_words
    return line + phrases("reading.first_words", words=first) if first else line


def _ranges(numbers: Sequence[int]) -> Iterator[str]:
    """Numbers as people write them: “2–4”, “7”."""
    groups = groupby(enumerate(numbers), lambda each: each[1] - each[0])
    for place, (_, group) in enumerate(groups):
        if place == _MOST_PAGES:
            yield "…"
            return
        found = [number for _, number in group]
        yield str(found[0]) if len(found) == 1 else f"{found[0]}–{found[-1]}"
