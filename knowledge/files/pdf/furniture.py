"""Running heads and page numbers: lines at an edge that come back from page to page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from knowledge.blocks.reading import Furniture, LeftOut, left_out
from knowledge.files.pdf.lines import Line

_EDGE = 3
"""How many lines from an edge they stand."""
_NUMBER = re.compile(r"\W*(?:pages?|p\.)?\W*#(?:\s*(?:sur|of|de|/)\s*#)?\W*", re.IGNORECASE)
_TITLE = re.compile(r"\W*(?:article|chapitre|chapter|section|titre|title|annexe|part)\b", re.I)


def without_furniture(
    pages: Sequence[Sequence[Line]],
) -> tuple[list[list[Line]], list[LeftOut]]:
    """The lines of each page that say something, and the account of the others."""
    with_text = [each for each in pages if each]
    seen: dict[tuple[str, bool], list[Line]] = defaultdict(list)
    for lines in with_text:
        ordered = sorted(lines, key=lambda each: -each.base)
        for at, line in enumerate(ordered):
            from_end = len(ordered) - 1 - at
            if min(at, from_end) < _EDGE:
                seen[re.sub(r"\d+", "#", line.text), at <= from_end].append(line)
    # Left and right pages may have heads of their own.
    enough = max(2, 0.4 * len(with_text))
    gone: set[Line] = set()
    found: list[LeftOut] = []
    for (key, _), lines in seen.items():
        if len({each.page for each in lines}) < enough or not _comes_back(key, lines):
            continue
        numbers = _NUMBER.fullmatch(key) is not None
        what = Furniture.PAGE_NUMBERS if numbers else Furniture.RUNNING_HEADS
        for line in lines:
            if line not in gone:
                gone.add(line)
                found.append(left_out(what, line.text, (line.page + 1,)))
    return [[each for each in lines if each not in gone] for lines in pages], found


def _comes_back(key: str, lines: Sequence[Line]) -> bool:
    if max(each.base for each in lines) - min(each.base for each in lines) > lines[0].size:
        return False
    if "#" not in key:
        return True
    if _TITLE.match(key):
        return len({each.text for each in lines}) == 1
    numbers = [[int(each) for each in re.findall(r"\d{1,9}", line.text)] for line in lines]
    return all(
        len(now) == len(later)
        and all(new in (old, old + b.page - a.page) for old, new in zip(now, later, strict=True))
        for (now, a), (later, b) in pairwise(zip(numbers, lines, strict=True))
    )
