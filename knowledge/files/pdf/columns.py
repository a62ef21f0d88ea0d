"""Lines side by side: columns of prose, read one after the other, or rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from statistics import median

from knowledge.files.pdf.lines import Line

_SIDES = 2
_LEAST_ROWS = 5
_PROSE = 4
"""Words that a line of a column has, at least; cells of tables mostly have fewer."""


def in_order(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page in the order of reading."""
    rows = [list(each) for _, each in groupby(lines, key=lambda line: line.row)]
    found: list[Line] = []
    run: list[list[Line]] = []
    for row in [*rows, []]:
        if len(row) == _SIDES and (not run or _same_gutter(run[0], row)):
            run.append(row)
            continue
        found += _run(run)
        run = [row] if len(row) == _SIDES else []
        if not run:
            found += row
    return [*found, *_run(run)]


def _same_gutter(first: Sequence[Line], row: Sequence[Line]) -> bool:
    return abs(first[1].left - row[1].left) < 2 * row[1].size and row[0].right < first[1].left


def _run(rows: Sequence[Sequence[Line]]) -> list[Line]:
    prose = len(rows) >= _LEAST_ROWS and all(
        median(len(row[side].words) for row in rows) >= _PROSE for side in (0, 1)
    )
    if not prose:
        return [each for row in rows for each in row]
    # In rows of their own: they stand side by side, but are not read so.
    return [
        replace(row[side], row=-1 - 2 * row[side].row - side) for side in (0, 1) for row in rows
    ]
