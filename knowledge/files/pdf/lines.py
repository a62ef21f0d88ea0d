"""The lines of a PDF, with where they stand and how they are set."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

from knowledge.blocks.richtext import Piece, note_sign

HYPHEN = "\u00ad"
"""Stands at the end of a line whose last sign is a hyphen."""
_WORD = re.compile(r"[^\s\ufffe\x02]+[\ufffe\x02]?")
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\uf0b7": "•"}
)
_GAP = 2.5
"""How many times its size may lie between two words of a line."""
_BOLD = 600


@dataclass(frozen=True, slots=True)
class Word:
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


@dataclass(frozen=True, slots=True)
class Line:
    """Words side by side, none far from the next.

    Attributes:
        words: At least one.
        page: Its page, from 0.
        row: Lines of one page and row stand on one height, far from each other.
    """

    words: tuple[Word, ...]
    page: int
    row: int

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(each.text for each in self.words)

    @property
    def left(self) -> float:
        """Where it begins, in points."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where it ends, in points."""
        return self.words[-1].right

    @property
    def base(self) -> float:
        """The height that it stands on, in points."""
        return self.words[0].base

    @property
    def size(self) -> float:
        """The greatest size in it, in points."""
        return max(each.size for each in self.words)

    @property
    def bold(self) -> bool:
        """Whether all of it is."""
        return all(each.bold for each in self.words)

    def pieces(self) -> list[Piece]:
        """Its text with the signs of notes."""
        found: list[Piece] = []
        for each in self.words:
            found.append(Piece(f" {each.text}" if found else each.text))
            if each.note:
                found.append(note_sign(each.note))
        return found


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
    left, bottom, right, top = page.get_bbox()
    source = page.get_textpage()
    try:
        lines: list[Line] = []
        outside: list[Word] = []
        for row, words in enumerate(_Signs(source).rows()):
            seen: list[Word] = []
            for word in words:
                inside = left - 1 <= word.left <= right and bottom - 1 <= word.base <= top
                (seen if inside else outside).append(word)
            lines += (Line(tuple(run), number, row) for run in _runs(seen))
        return PageText(tuple(lines), " ".join(each.text for each in outside))
    finally:
        source.close()


def _runs(words: list[Word]) -> Iterator[list[Word]]:
    run: list[Word] = []
    for word in words:
        if run and word.left - run[-1].right > _GAP * word.size:
            yield run
            run = []
        run.append(word)
    if run:
        yield run


class _Signs:
    """The signs of a page, as pdfium numbers them."""

    def __init__(self, source: pdfium.PdfTextPage) -> None:
        self._source = source
        self._text = source.get_text_range()
        self._box = tuple(ctypes.c_double() for _ in range(4))
        self._matrix = raw.FS_MATRIX()
        self._name = ctypes.create_string_buffer(256)
        self._flags = ctypes.c_int()

    def rows(self) -> Iterator[list[Word]]:
        row: list[Word] = []
        end = 0
        for found in _WORD.finditer(self._text):
            between = self._text[end : found.start()]
            end = found.end()
            word = self._word(found[0], found.start())
            if row and ("\n" in between or self._breaks(row[-1], word)):
                yield row
                row = []
            row.append(word)
        if row:
            yield row

    @staticmethod
    def _breaks(before: Word, word: Word) -> bool:
        # pdfium goes on with the next line where one ends in a hyphen.
        return before.text.endswith(HYPHEN) or abs(before.base - word.base) > word.size

    def _word(self, text: str, start: int) -> Word:
        hyphen = text[-1] in "\ufffe\x02"
        bare = text[:-1] if hyphen else text
        first = self._index(start)
        last = self._index(start + len(bare) - 1)
        size, bold = self._size(first), self._bold(first)
        left, base, right = self._place(first)
        if last != first:
            right = self._place(last)[2]
        note = ""
        sign = re.fullmatch(r"(.*[^\W\d_][.,;:!?»”)]?)(\d{1,3})", bare)
        if sign and self._size(last) < 0.8 * size:
            bare, note = sign[1], sign[2]
        shown = bare.translate(_LIGATURES)
        if hyphen or (shown.endswith(HYPHEN) and len(shown) > 1):
            shown = shown.rstrip(HYPHEN) + HYPHEN
        return Word(shown, left, right, base, size, bold, note)

    def _index(self, at: int) -> int:
        return max(int(raw.FPDFText_GetCharIndexFromTextIndex(self._source, at)), 0)

    def _place(self, index: int) -> tuple[float, float, float]:
        left, right, bottom, top = self._box
        raw.FPDFText_GetCharBox(self._source, index, left, right, bottom, top)
        edge, end = left.value, right.value
        raw.FPDFText_GetCharOrigin(self._source, index, left, bottom)
        return edge, bottom.value, end

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
