"""Which lines make a paragraph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from knowledge.blocks.richtext import Piece, RichText, rich_text
from knowledge.files.pdf.hyphens import Hyphens
from knowledge.files.pdf.lines import HYPHEN, Line

ITEM = re.compile(r"([•●▪◦‣■□○–—-]|\d{1,3}[.)]|[a-z][.)]|\([a-z\d]{1,2}\)) +(?=\S)")
_CLOSE, _FAR = 0.8, 2.2
"""Between these, in sizes of the font, is the distance of two lines of a text."""
_BULLET = re.compile(r"[•●▪◦‣■□○] ")
_ENDED = re.compile(r"[.!?:;…][»”\")\]\s]*$")


@dataclass(slots=True)
class Group:
    """Lines that belong together.

    Attributes:
        lines: At least one.
        rows: Whether each stands by itself: rows of a table without lines around it.
    """

    lines: list[Line] = field(default_factory=list)
    rows: bool = False

    @property
    def text(self) -> str:
        """Its lines, one after another."""
        return " ".join(each.text for each in self.lines)


def grouped(lines: Sequence[Line]) -> list[Group]:
    """The paragraphs of a document."""
    leading = _leading(lines)
    body = Counter[float]()
    for line in lines:
        body[line.size] += len(line.text)
    shared = Counter((each.page, each.row) for each in lines)
    right = max((each.right for each in lines), default=0.0)
    groups: list[Group] = []
    for line in lines:
        is_row = shared[line.page, line.row] > 1
        last = groups[-1] if groups else None
        if (last and is_row and last.rows and last.lines[-1].page == line.page) or (
            last and not is_row and not last.rows and _goes_on(last, line, leading, right)
        ):
            last.lines.append(line)
        else:
            groups.append(Group([line], is_row))
    return groups


def text_of(group: Group, hyphens: Hyphens) -> RichText:
    """The text of a paragraph, its lines joined; of rows, line by line."""
    pieces: list[Piece] = []
    before: Line | None = None
    for line in group.lines:
        own = line.pieces()
        if before is not None:
            together = (before.page, before.row) == (line.page, line.row)
            between = "\n" if group.rows and not together else " "
            end = before.last_word
            if end.endswith(HYPHEN):
                between = hyphens.between(end[:-1].strip('«“("'), line.words[0])
            elif re.search(r"[^\W\d_]-$", end) and not group.rows:
                at = max(index for index, each in enumerate(pieces) if each.text)
                bare = pieces[at].text.removesuffix("-")
                pieces[at] = Piece(bare, pieces[at].styles)
                between = hyphens.between(end[:-1].strip('«“("'), line.words[0])
            pieces.append(Piece(between))
        pieces += own
        before = line
    if pieces and group.lines[-1].last_word.endswith(HYPHEN):
        # Nothing follows: the hyphen stays as it is read.
        pieces.append(Piece("-"))
    return rich_text(pieces)


def _leading(lines: Sequence[Line]) -> float:
    """The usual distance of lines, in sizes of their fonts."""
    steps = [
        (a.base - b.base) / b.size
        for a, b in pairwise(lines)
        if a.page == b.page and a.size == b.size and _CLOSE < (a.base - b.base) / b.size < _FAR
    ]
    return median(steps) if steps else 1.25


def _goes_on(group: Group, line: Line, leading: float, right: float) -> bool:  # noqa: PLR0911 - one rule a line
    last, first = group.lines[-1], group.lines[0]
    if abs(last.size - line.size) > 0.08 * line.size or last.bold != line.bold:
        return False
    divided = last.last_word.endswith((HYPHEN, "-"))
    if _BULLET.match(line.text):
        return False
    ended = _ENDED.search(last.text) is not None
    item = ITEM.match(first.text) is not None
    if ITEM.match(line.text) and (ended or item):
        return False
    step = (last.base - line.base) / line.size
    if line.page != last.page or step < 0:
        # Over the end of a page or a column: by what is said.
        return divided or not (ended or line.bold) or line.text[0].islower()
    if step > 1.25 * leading:
        return False
    short = last.right < right - 0.2 * (right - last.left)
    if ended and short:
        return False
    indented = line.left > last.left + 0.8 * line.size
    return item or (len(group.lines) == 1 and not ended) or not indented
