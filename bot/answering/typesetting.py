"""A quote as lines, as it is read on a phone: items with their marks, rows as pairs.

Cards and the terminal are drawn from these lines, each with the signs that it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from index import Quote
from knowledge import Language, MarkKind, Span, Unit, UnitKind
from knowledge.blocks.richtext import BOLD, CODE, ITALIC, Piece, Style

BULLET = "•"
_BETWEEN_CELLS = " · "
_COLONS = {Language.FRENCH: "\u00a0: ", Language.ENGLISH: ": "}
_SET_OFF = {UnitKind.HEADING: BOLD, UnitKind.TERM: BOLD, UnitKind.CODE: CODE}


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        pieces: What it says; the telling sentence is bold.
        depth: How many lists it stands in besides its own.
        bullet: Whether a bullet stands before it, which is no part of `pieces`.
    """

    pieces: tuple[Piece, ...]
    depth: int = 0
    bullet: bool = False

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(each.text for each in self.pieces)


def typeset(quote: Quote, part: Span, telling: Span | None) -> tuple[Line, ...]:
    """A part of a quote as lines; a blank one parts what the document parts.

    Args:
        quote: The quote.
        part: What is shown of it, as a span of its text.
        telling: What of it is set in bold.
    """
    lines: list[Line] = []
    end = part.start
    for unit, span in _parts(quote, part):
        if lines:
            breaks = quote.text.count("\n", end, span.start)
            lines += [Line(())] * (breaks - 1)
        lines += _lines(_Setter(quote, telling), unit, span)
        end = span.end
    return tuple(lines)


def lead_lines(quote: Quote) -> tuple[str, ...]:
    """What has to be known of a later part of a list or a table, each on one line."""
    return tuple(" ".join(each.replace("\t", _BETWEEN_CELLS).split()) for each in quote.lead)


def _parts(quote: Quote, part: Span) -> Iterator[tuple[Unit | None, Span]]:
    """The units of a part, and what stands in none."""
    at = part.start
    for unit in quote.units:
        span = Span(max(unit.span.start, at), min(unit.span.end, part.end))
        if span.start >= span.end:
            continue
        between = Span(at, span.start)
        if between.of(quote.text).strip():
            yield None, between
        yield unit, span
        at = span.end
    rest = Span(at, part.end)
    if not quote.units or rest.of(quote.text).strip():
        yield None, rest


@dataclass(frozen=True, slots=True)
class _Setter:
    quote: Quote
    telling: Span | None

    def is_telling(self, at: int) -> bool:
        return self.telling is not None and self.telling.start <= at < self.telling.end

    def pieces(self, span: Span, base: frozenset[Style]) -> tuple[Piece, ...]:
        """A part of one line."""
        marks = [
            each
            for each in self.quote.marks
            if each.kind is not MarkKind.NOTE
            and each.span.start < span.end
            and span.start < each.span.end
        ]
        notes = [
            each
            for each in self.quote.marks
            if each.kind is MarkKind.NOTE and span.start < each.span.start <= span.end
        ]
        ends = {at for each in (*marks, *notes) for at in each.span} | {*(self.telling or ())}
        cuts = sorted({*span, *(at for at in ends if span.start < at < span.end)})
        found: list[Piece] = []
        for start, end in pairwise(cuts):
            styles = {
                Style(each.kind, each.target)
                for each in marks
                if each.span.start <= start and end <= each.span.end
            }
            if self.is_telling(start):
                styles.add(BOLD)
            found.append(Piece(self.quote.text[start:end], base | styles))
            signs = "".join(f"[{each.target}]" for each in notes if each.span.start == end)
            if signs:
                found.append(self.added(signs, end - 1, base))
        return tuple(found)

    def added(self, text: str, at: int, base: frozenset[Style]) -> Piece:
        """What is no part of the quote, as bold as the character at that place."""
        return Piece(text, base | {BOLD} if self.is_telling(at) else base)


def _lines(setter: _Setter, unit: Unit | None, span: Span) -> Iterator[Line]:
    base: frozenset[Style] = frozenset()
    depth, at, bullet = 0, span.start, False
    if unit is not None:
        if unit.quoted:
            base |= {ITALIC}
        if unit.kind in _SET_OFF:
            base |= {_SET_OFF[unit.kind]}
        if unit.kind in (UnitKind.ROW, UnitKind.HEADER):
            yield _row(setter, unit, span, base)
            return
        depth = unit.depth
        mark = setter.quote.text[unit.span.start : unit.start].strip() if unit.start > 0 else ""
        if unit.kind is UnitKind.ITEM and span.start == unit.span.start and mark == BULLET:
            at, bullet = unit.start, True
    for line in setter.quote.text[at : span.end].split("\n"):
        place = Span(at, at + len(line))
        yield Line(setter.pieces(place, base) if line else (), depth, bullet)
        at = place.end + 1
        if bullet:
            depth, bullet = depth + 1, False


def _row(setter: _Setter, unit: Unit, span: Span, base: frozenset[Style]) -> Line:
    """The cells of a row that have words, each after the title of its column."""
    is_row = unit.kind is UnitKind.ROW
    titles = unit.titles or ("",) * len(unit.cells)
    pieces: list[Piece] = []
    for cell, title in zip(unit.cells, titles, strict=False):
        shown = Span(max(cell.start, span.start), min(cell.end, span.end))
        if shown.start >= shown.end:
            continue
        if pieces:
            pieces.append(setter.added(_BETWEEN_CELLS, shown.start - 1, base))
        if is_row and title:
            named = " ".join(title.split()) + _COLONS[setter.quote.language]
            pieces.append(setter.added(named, shown.start, base))
        pieces += setter.pieces(shown, base)
    return Line(tuple(pieces), 0, is_row)
