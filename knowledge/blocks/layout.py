"""Blocks laid out as one plain text, as it is copied from a page, with the place of each part.

A paragraph, an item and a row stand on lines of their own; cells are parted by tabs. A quote is
a run of this text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from knowledge.blocks.blocks import (
    Block,
    Code,
    Divider,
    Entry,
    Heading,
    ItemList,
    Note,
    Paragraph,
    Quotation,
    Table,
)
from knowledge.blocks.richtext import Mark, RichText
from knowledge.spans import Span, trimmed

QUESTION_LEVEL = 7
"""The level of a question that stands above its answer without being a title."""
_BETWEEN_CELLS = "\t"
_INDENT = "  "


class UnitKind(StrEnum):
    """What a part of the text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    HEADER = "header"
    """The titles of a table's columns."""
    ROW = "row"
    TERM = "term"
    CODE = "code"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the text that is read by itself.

    Attributes:
        kind: What it is.
        span: Its characters, the mark of an item or a note included.
        start: Where its own words begin, behind the mark.
        depth: How many lists an item stands in besides its own.
        quoted: Whether it stands in a quotation.
        titles: For a row, the titles of the columns; blank where the table has none.
        cells: For a row or a header, its cells.
    """

    kind: UnitKind
    span: Span
    start: int
    depth: int = 0
    quoted: bool = False
    titles: tuple[str, ...] = ()
    cells: tuple[Span, ...] = ()

    def pairs(self, text: str) -> tuple[tuple[str, str], ...]:
        """For each cell of a row that has words, the title of its column and its words."""
        titles = self.titles or ("",) * len(self.cells)
        words = (each.of(text) for each in self.cells)
        return tuple(each for each in zip(titles, words, strict=False) if each[1])

    def within(self, outer: Span) -> Unit:
        """The same part, counted from where `outer` starts."""
        return Unit(
            self.kind,
            self.span.within(outer),
            self.start - outer.start,
            self.depth,
            self.quoted,
            self.titles,
            tuple(each.within(outer) for each in self.cells),
        )


@dataclass(frozen=True, slots=True)
class Laid:
    """One block in the text.

    Attributes:
        span: Its characters.
        units: Its parts, in order.
        level: 1 to 6 for a title, 7 for a question above its answer, 0 for what can be quoted.
    """

    span: Span
    units: tuple[Unit, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """Blocks as one text.

    Attributes:
        text: The text.
        marks: What of it is set off, sorted.
        blocks: For each block its place; None for a divider, which has no text.
    """

    text: str
    marks: tuple[Mark, ...]
    blocks: tuple[Laid | None, ...]


def laid_out(blocks: Iterable[Block]) -> Layout:
    """Lay blocks out, a blank line between them."""
    writer = _Writer()
    laid: list[Laid | None] = []
    for block in blocks:
        if isinstance(block, Divider):
            laid.append(None)
            continue
        writer.blank_line()
        first = len(writer.units)
        writer.block(block, quoted=False)
        units = tuple(writer.units[first:])
        level = block.level if isinstance(block, Heading) else 0
        laid.append(Laid(Span(units[0].span.start, units[-1].span.end), units, level))
    return Layout("".join(writer.parts), tuple(writer.marks), tuple(laid))


class _Writer:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.marks: list[Mark] = []
        self.units: list[Unit] = []
        self.length = 0

    def block(self, block: Block, *, quoted: bool) -> None:  # noqa: C901 - one case a kind
        match block:
            case Heading(text):
                self._unit(UnitKind.HEADING, text, quoted=quoted)
            case Paragraph(text):
                self._unit(UnitKind.PARAGRAPH, text, quoted=quoted)
            case Code(code):
                start = self.length
                self._write(code)
                place = trimmed(code, Span(0, len(code)))
                span = Span(place.start + start, place.end + start)
                self.units.append(Unit(UnitKind.CODE, span, span.start, 0, quoted))
            case Note(mark, text):
                self._unit(UnitKind.NOTE, text, f"{mark} ", quoted=quoted)
            case ItemList(items):
                for item in items:
                    self._line()
                    self._write(_INDENT * item.depth)
                    self._unit(
                        UnitKind.ITEM, item.text, f"{item.mark} ", depth=item.depth, quoted=quoted
                    )
            case Table(header, rows):
                titles = tuple(each.text for each in header)
                if header:
                    self._row(UnitKind.HEADER, header, (), quoted=quoted)
                for row in rows:
                    self._line()
                    self._row(UnitKind.ROW, row, titles, quoted=quoted)
            case Quotation(inner):
                self._blocks(inner, quoted=True)
            case Entry(term, inner):
                self._unit(UnitKind.TERM, term, quoted=quoted)
                self._write("\n")
                self._blocks(inner, quoted=quoted)
            case Divider():
                pass

    def blank_line(self) -> None:
        if self.parts:
            self._write("\n\n")

    def _blocks(self, blocks: Iterable[Block], *, quoted: bool) -> None:
        first = True
        for each in blocks:
            if isinstance(each, Divider):
                continue
            if not first:
                self._write("\n\n")
            first = False
            self.block(each, quoted=quoted)

    def _line(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self._write("\n")

    def _write(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.length += len(text)

    def _unit(
        self, kind: UnitKind, text: RichText, before: str = "", *, depth: int = 0, quoted: bool
    ) -> None:
        start = self.length
        self._write(before)
        own = self._rich(text)
        self.units.append(Unit(kind, Span(start, own.end), own.start, depth, quoted))

    def _row(
        self, kind: UnitKind, row: tuple[RichText, ...], titles: tuple[str, ...], *, quoted: bool
    ) -> None:
        start = self.length
        cells: list[Span] = []
        shown = max((at for at, cell in enumerate(row) if cell), default=0) + 1
        for number, cell in enumerate(row[:shown]):
            if number:
                self._write(_BETWEEN_CELLS)
            cells.append(self._rich(RichText(cell.text.replace("\n", " "), cell.marks)))
        first = next(each for each in cells if each.length)
        self.units.append(
            Unit(kind, Span(first.start, cells[-1].end), start, 0, quoted, titles, tuple(cells))
        )

    def _rich(self, text: RichText) -> Span:
        start = self.length
        self._write(text.text)
        self.marks += (
            mark._replace(span=Span(mark.span.start + start, mark.span.end + start))
            for mark in text.marks
        )
        return Span(start, self.length)
