"""Which tables of a page have data, and which only lay it out."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.files.html.tree import Element

_LONGEST_CELL = 120
"""Words of a cell of a table without titles that is no data."""
_ROWS = {"thead", "tbody", "tfoot"}


class Tables:
    """The tables that are open."""

    def __init__(self) -> None:
        self._open: list[tuple[bool, set[int]]] = []

    def named(self, element: Element, *, is_laid_out: bool) -> str:
        """The name by which an element of a table is to be known: its own, “th” or “div”."""
        tag = element.tag
        if tag == "table":
            laid_out = is_laid_out or _lays_out(element)
            titles = set() if laid_out else _titles(element)
            self._open.append((laid_out, titles))
            # What opens is left again, whatever it is called.
            return "div" if laid_out else "table"
        if not self._open:
            return "div"
        laid_out, titles = self._open[-1]
        if laid_out:
            return "div"
        return "th" if id(element) in titles else tag

    def leave(self) -> None:
        """A table ends."""
        self._open.pop()

    def in_order(self, element: Element) -> list[Element | str]:
        """What stands in an element, in the order in which it is shown."""
        if element.tag != "table":
            return element.children
        last = [
            each for each in element.children if isinstance(each, Element) and each.tag == "tfoot"
        ]
        return [each for each in element.children if each not in last] + [*last]


def _lays_out(table: Element) -> bool:
    if table.get("role") in ("presentation", "none"):
        return True
    rows = [*_rows(table)]
    cells = [[*_cells(row)] for row in rows]
    if any(each.tag == "table" for each in table.all() if each is not table):
        return True
    titled = any(cell.tag == "th" for row in cells for cell in row)
    if titled:
        return False
    if len(cells) == 1 or all(len(row) == 1 for row in cells):
        return True
    return any(cell.words > _LONGEST_CELL for row in cells for cell in row)


def _titles(table: Element) -> set[int]:
    """The cells that are titles of columns without saying so."""
    rows = [*_rows(table)]
    if not rows:
        return set()
    found = {
        id(cell)
        for row in rows
        if row.parent is not None and row.parent.tag == "thead"
        for cell in _cells(row)
    }
    first = [*_cells(rows[0])]
    below = [cell for row in rows[1:] for cell in _cells(row) if cell.words]
    if found or len(first) <= 1 or not below or not first[0].words:
        return found
    if _are_bold(first) and not _are_bold(below):
        return {id(cell) for cell in first}
    return found


def _are_bold(cells: list[Element]) -> bool:
    return all(_is_bold(each) for each in cells if each.words)


def _is_bold(cell: Element) -> bool:
    bold = 0
    coming = [cell]
    while coming:
        for each in coming.pop().children:
            if isinstance(each, Element):
                if each.tag in ("b", "strong"):
                    bold += each.words
                else:
                    coming.append(each)
    return bold == cell.words > 0


def _rows(table: Element) -> Iterator[Element]:
    for each in table.children:
        if isinstance(each, Element):
            if each.tag == "tr":
                yield each
            elif each.tag in _ROWS:
                yield from (
                    row for row in each.children if isinstance(row, Element) and row.tag == "tr"
                )


def _cells(row: Element) -> Iterator[Element]:
    return (each for each in row.children if isinstance(each, Element) and each.tag in ("td", "th"))
