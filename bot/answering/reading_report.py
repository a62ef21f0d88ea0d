"""What is said of a file that was read, the same in a terminal and on Discord."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bot.drafts import usable
from bot.locales import Phrasebook
from knowledge.blocks.reading import Furniture, LeftOut, Said

_MOST_PAGES = 8


def left_out_of(left: Iterable[LeftOut], phrases: Phrasebook) -> str:
    """What was left out, as the end of a line; blank where nothing was."""
    listed = "; ".join(
        left_out_line(each, phrases) for each in left if each.what is not Furniture.FRONT_MATTER
    )
    return phrases("reading.file_left_out", listed=listed) if listed else ""


def said_line(said: Said, phrases: Phrasebook) -> str:
    """What a file says of itself that its document has from it; blank where that is nothing."""
    found = usable(said)
    if "published" in found:
        found["published"] = phrases.date(found["published"])
    parts = [phrases(f"reading.said_{name}", value=value) for name, value in found.items()]
    return phrases("reading.said", listed=", ".join(parts)) if parts else ""


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
