"""What the readers of office formats know of tables alike."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.blocks.blocks import Block, Heading, Table, as_text
from knowledge.blocks.reading import word_count
from knowledge.blocks.richtext import MarkKind, RichText, joined

_LONGEST_TITLE = 60
"""Characters of the title of a column that is not marked as one."""
_LONGEST_CELL = 120
"""Words of a cell of a table without titles that is data."""
_TELLING = 2
"""Rows below that it takes to tell a title from what stands under it; columns of a table."""


def titled(rows: Sequence[Sequence[RichText]], *, marked: int = 0, styled: bool = False) -> Table:
    """A table, its titles found.

    Args:
        rows: All its rows.
        marked: How many of the first its format says are titles.
        styled: Whether its format draws the first row unlike the others, or may do so.
    """
    if marked == len(rows):
        marked = 0
    if not marked and _has_titles(rows, styled=styled):
        marked = 1
    body = tuple(tuple(row) for row in rows[marked:])
    if not marked:
        return Table((), body)
    width = max(map(len, rows))
    header = tuple(
        joined((row[at] for row in rows[:marked] if at < len(row) and row[at]), " ")
        for at in range(width)
    )
    return Table(header, body)


def lays_out(rows: Sequence[Sequence[Sequence[Block]]], *, marked: int = 0) -> bool:
    """Whether a table sets text beside other text, or around it, and has no data.

    Args:
        rows: The blocks of each cell of each row.
        marked: How many rows are titles.
    """
    filled = [[cell for cell in row if cell] for row in rows]
    if all(len(row) < _TELLING for row in filled):
        return True
    if any(isinstance(each, Table | Heading) for row in rows for cell in row for each in cell):
        return not marked
    return not marked and any(
        word_count(as_text(cell).text) > _LONGEST_CELL for row in rows for cell in row
    )


def _has_titles(rows: Sequence[Sequence[RichText]], *, styled: bool) -> bool:
    if min(len(rows), len(rows[0]) if rows else 0) < _TELLING:
        return False
    first, below = rows[0], rows[1:]
    if not all(each and _is_short(each) for each in first):
        return False
    if len({each.text for each in first}) < len(first):
        return False
    if all(each.all_of(MarkKind.BOLD) for each in first):
        return not all(each.all_of(MarkKind.BOLD) for row in below for each in row if each)
    if not styled or len(below) < _TELLING:
        return False
    return any(_is_told(at, below) for at in range(len(first)))


def _is_told(at: int, below: Sequence[Sequence[RichText]]) -> bool:
    """Whether all of a column but its title has figures."""
    cells = [row[at].text for row in below if at < len(row) and row[at]]
    return len(cells) >= _TELLING and all(any(map(str.isdigit, each)) for each in cells)


def _is_short(title: RichText) -> bool:
    text = title.text
    return (
        len(text) <= _LONGEST_TITLE
        and not any(map(str.isdigit, text))
        and not text.endswith((".", ";", "!"))
    )
