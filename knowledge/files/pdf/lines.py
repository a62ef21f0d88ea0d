"""The lines of a PDF, with where they stand and how they are set."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self, TypeAlias

import pypdfium2 as pdfium
from pypdfium2 import raw

from knowledge.blocks.richtext import Piece, note_sign

HYPHEN = "\u00ad"
"""Stands at the end of a line whose last sign is a hyphen."""
_ENDS_DIVIDED = ("\ufffe", "\x02")
"""What pdfium gives for a hyphen at the end of a line."""
_WORD = re.compile(r"[^\s\ufffe\x02]+[\ufffe\x02]?")
_PART = re.compile(r"[^\r\n\ufffe\x02]+[\ufffe\x02]?")
"""What pdfium thinks a line; it goes on with the next where one ends in a hyphen."""
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\uf0b7": "•"}
)
_SIGNED = re.compile(r"(?<!\S)(\S*[^\W\d_][.,;:!?»”)]?)(\d{1,3})(?!\S)")
"""A word with the sign of a note right behind it."""
_OPENED = re.compile(r"[^\W_]\(")
_ODD = re.compile(rf"{_SIGNED.pattern}|{_OPENED.pattern}")
"""What has to be looked at word by word."""
_BLANK = 0.2
"""How many times its size a bracket stands away from the word before it, at least."""
_OPENING_SIGN = re.compile(r"(\d{1,3})[^\W\d_]")
_GAP = 2.5
"""How many times its size may lie between two words of a line."""
_BOLD = 600


Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right and top edge of a page, in points."""


class Word(NamedTuple):
    """A word on a page.

    Attributes:
        text: Its signs.
        left, right, base: In points from the lower left corner of the page.
        size: Of its font, in points.
        bold: Whether its font is.
        note: The sign of a note that stands right behind it; else blank.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Words side by side, none far from the next; made by `Line.of`.

    Attributes:
        text: Its words, with a blank between two.
        noted: The same with the signs of notes; empty where it has none.
        page: Its page, from 0.
        row: Lines of one page and row stand on one height, far from each other.
        left, right: Where it begins and ends, in points.
        base: The height that it stands on, in points.
        size: The greatest size in it, in points.
        bold: Whether all of it is.
    """

    text: str
    noted: tuple[Piece, ...]
    page: int
    row: int
    left: float
    right: float
    base: float
    size: float
    bold: bool

    @classmethod
    def of(cls, words: Sequence[Word], page: int, row: int) -> Self:
        """The line of these words."""
        first = words[0]
        return cls(
            " ".join([each.text for each in words]),
            tuple(_noted(words)) if any(each.note for each in words) else (),
            page,
            row,
            first.left,
            words[-1].right,
            first.base,
            max([each.size for each in words]),
            all(each.bold for each in words),
        )

    @property
    def words(self) -> list[str]:
        """Its words."""
        return self.text.split(" ")

    @property
    def last_word(self) -> str:
        """The last of them."""
        return self.text[self.text.rfind(" ") + 1 :]

    def pieces(self) -> list[Piece]:
        """Its text with the signs of notes."""
        return [*self.noted] or [Piece(self.text)]


def _noted(words: Iterable[Word]) -> Iterator[Piece]:
    blank = ""
    for each in words:
        yield Piece(f"{blank}{each.text}")
        blank = " "
        if each.note:
            yield note_sign(each.note)


@dataclass(frozen=True, slots=True)
class PageText:
    """What stands on a page.

    Attributes:
        lines: In the order of the file.
        outside: The words beyond the edges of the page, which nobody sees.
    """

    lines: tuple[Line, ...]
    outside: str


def text_of(page: pdfium.PdfPage, number: int) -> PageText:
    """The lines of page `number`, from 0."""
    box = page.get_bbox()
    source = page.get_textpage()
    try:
        signs = _Signs(source)
        lines: list[Line] = []
        outside: list[Word] = []
        row = 0
        for part in _PART.finditer(signs.text):
            row += 1
            plain = signs.plain(part.start(), part.end(), box)
            if plain is not None:
                lines.append(Line(plain.text, (), number, row, *plain[1:]))
                continue
            for words in signs.rows(part.start(), part.end()):
                row += 1
                seen = [each for each in words if _is_inside(each.left, each.base, box)]
                outside += (each for each in words if not _is_inside(each.left, each.base, box))
                lines += (Line.of(run, number, row) for run in _runs(seen))
        return PageText(tuple(lines), " ".join(each.text for each in outside))
    finally:
        source.close()


def _is_inside(left: float, base: float, box: Box) -> bool:
    return box[0] - 1 <= left <= box[2] and box[1] - 1 <= base <= box[3]


def _runs(words: list[Word]) -> Iterator[list[Word]]:
    run: list[Word] = []
    for word in words:
        if run and word.left - run[-1].right > _GAP * word.size:
            yield run
            run = []
        run.append(word)
    if run:
        yield run


class _Plain(NamedTuple):
    """A line of words that are set alike; the attributes are those of `Line`."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool


class _Place(NamedTuple):
    """A word's text and where it stands, before it is asked how it is set.

    Attributes:
        text: Its signs, without a hyphen that ends a line.
        hyphen: Whether there was one.
        first, last: The numbers of its first and last sign on the page.
        left, right, bottom, top: Of these signs, in points.
    """

    text: str
    hyphen: bool
    first: int
    last: int
    left: float
    right: float
    bottom: float
    top: float


class _Signs:
    """The signs of a page, as pdfium numbers them.

    Each question to pdfium takes as long as reading several words. So a part of a text that
    pdfium thinks a line is asked where its rectangles stand, one for what was drawn in one go,
    and how its ends are set; only where they differ, or stand apart, it is asked word by word.
    """

    def __init__(self, source: pdfium.PdfTextPage) -> None:
        self._source = source
        self.text: str = source.get_text_range()
        # Where no sign is left out and none is added, the two ways of counting are one.
        self._alike = source.count_chars() == len(self.text)
        self._box = tuple(ctypes.c_double() for _ in range(4))
        self._matrix = raw.FS_MATRIX()
        self._name = ctypes.create_string_buffer(256)
        self._flags = ctypes.c_int()

    def plain(self, start: int, end: int, box: Box) -> _Plain | None:
        """A part of the text as one line, None where it may not be just one.

        Args:
            start: Where it begins.
            end: Where it ends.
            box: The page's edges.
        """
        part = self.text[start:end]
        words = part.split()
        said = " ".join(words)
        hyphen = said[-1:] in _ENDS_DIVIDED
        if hyphen:
            said = said[:-1]
        if not said or said[-1] == " " or HYPHEN in said or _ODD.search(said):
            return None
        begin = start + part.index(words[0])
        stop = start + len(part.rstrip()) - 1 - hyphen
        begin_last = stop + 1 - len(words[-1]) + hyphen
        first, last, last_word = map(self._index, (begin, stop, begin_last))
        size, bold = self._size(first), self._bold(first)
        if begin_last != begin and (size, bold) != (self._size(last_word), self._bold(last_word)):
            return None
        base = self._base(first)
        sides = self._sides(first, last, base, size)
        if sides is None or not _is_inside(sides[0], base, box) or sides[1] > box[2]:
            return None
        shown = said if said.isascii() else said.translate(_LIGATURES)
        return _Plain(f"{shown}{HYPHEN}" if hyphen else shown, *sides, base, size, bold)

    def _sides(self, first: int, last: int, base: float, size: float) -> tuple[float, float] | None:
        """Where signs begin and end, None where they stand apart or on several heights."""
        left, top, right, bottom = self._box
        begins, edge = math.nan, 0.0
        for at in range(raw.FPDFText_CountRects(self._source, first, last + 1 - first)):
            raw.FPDFText_GetRect(self._source, at, left, top, right, bottom)
            stands = top.value >= base - 0.2 * size and bottom.value <= base + 0.7 * size
            if not stands or (at and not -size < left.value - edge <= _GAP * size):
                return None
            edge = right.value
            if not at:
                begins = left.value
        return None if math.isnan(begins) else (begins, edge)

    def rows(self, start: int, end: int) -> Iterator[list[Word]]:
        """The rows of a part of the text, word by word."""
        row: list[_Place] = []
        base = size = 0.0
        for place in self._places(start, end):
            if row and (
                # pdfium goes on with the next line where one ends in a hyphen.
                row[-1].hyphen
                or (
                    (place.top < base - 0.2 * size or place.bottom > base + 0.7 * size)
                    and abs(self._base(place.first) - base) > size
                )
            ):
                yield self._words(row, base, size)
                row = []
            if not row:
                base, size = self._base(place.first), self._size(place.first)
            row.append(place)
        if row:
            yield self._words(row, base, size)

    def _places(self, start: int, end: int) -> Iterator[_Place]:
        """The words of a part of the text; pdfium misses blanks before brackets."""
        for found in _WORD.finditer(self.text, start, end):
            at = found.start()
            for opened in _OPENED.finditer(self.text, at, found.end()):
                cut = opened.end() - 1
                if self._gap(cut - 1) > _BLANK * self._size(self._index(cut)):
                    yield self._place_of(self.text[at:cut], at)
                    at = cut
            yield self._place_of(self.text[at : found.end()], at)

    def _gap(self, at: int) -> float:
        """How far a sign of the text stands from the next, in points."""
        left, right, bottom, top = self._box
        raw.FPDFText_GetCharBox(self._source, self._index(at), left, right, bottom, top)
        edge = right.value
        raw.FPDFText_GetCharBox(self._source, self._index(at + 1), left, right, bottom, top)
        return left.value - edge

    def _place_of(self, text: str, start: int) -> _Place:
        hyphen = text[-1] in _ENDS_DIVIDED
        if hyphen:
            text = text[:-1]
        elif text[-1] == HYPHEN and len(text) > 1:
            text, hyphen = text.rstrip(HYPHEN), True
        first, last = self._index(start), self._index(start + len(text) - 1)
        left, right, bottom, top = self._box
        ask, source = raw.FPDFText_GetCharBox, self._source
        ask(source, first, left, right, bottom, top)
        edge, end, low, high = left.value, right.value, bottom.value, top.value
        if last != first:
            ask(source, last, left, right, bottom, top)
            end = right.value
        return _Place(text, hyphen, first, last, edge, end, low, high)

    def _words(self, row: Sequence[_Place], base: float, size: float) -> list[Word]:
        """The words of a row, whose first stands on `base` in `size`."""
        bold = self._bold(row[0].first)
        end = row[-1]
        alike = len(row) == 1 or (self._size(end.first) == size and self._bold(end.first) == bold)
        words: list[Word] = []
        for each in row:
            own = size if alike else self._size(each.first)
            text, note = each.text, ""
            sign = _SIGNED.fullmatch(text) if text[-1].isdigit() else None
            if sign and self._size(each.last) < 0.8 * own:
                text, note = sign[1], sign[2]
            if (sign := _OPENING_SIGN.match(text)) and self._size(
                each.first + sign.end(1)
            ) > own / 0.8:
                # The number of a note, right before what it says.
                words.append(Word(sign[1], each.left, each.left, base, own, bold))
                text, own = text[sign.end(1) :], self._size(each.first + sign.end(1))
            shown = text if text.isascii() else text.translate(_LIGATURES)
            if each.hyphen:
                shown += HYPHEN
            stands = base if alike else self._base(each.first)
            heavy = bold if alike else self._bold(each.first)
            words.append(Word(shown, each.left, each.right, stands, own, heavy, note))
        return words

    def _index(self, at: int) -> int:
        if self._alike:
            return at
        return max(int(raw.FPDFText_GetCharIndexFromTextIndex(self._source, at)), 0)

    def _base(self, index: int) -> float:
        across, base, _, _ = self._box
        raw.FPDFText_GetCharOrigin(self._source, index, across, base)
        return base.value

    def _size(self, index: int) -> float:
        size = float(raw.FPDFText_GetFontSize(self._source, index))
        if raw.FPDFText_GetMatrix(self._source, index, self._matrix):
            size *= math.hypot(self._matrix.c, self._matrix.d) or 1.0
        return round(size, 1) or 1.0

    def _bold(self, index: int) -> bool:
        raw.FPDFText_GetFontInfo(self._source, index, self._name, 256, self._flags)
        if b"bold" in self._name.value.lower():
            return True
        return int(raw.FPDFText_GetFontWeight(self._source, index)) >= _BOLD
