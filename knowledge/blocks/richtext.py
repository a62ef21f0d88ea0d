"""Text as its reader sees it, and what of it is bold, a link, or refers to a note.

`rich_text` is the only maker: whatever a format gives, the result has one normal form.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from knowledge.spans import Span, trimmed


class MarkKind(StrEnum):
    """How a part of a text is set off."""

    BOLD = "bold"
    ITALIC = "italic"
    STRIKE = "strike"
    CODE = "code"
    LINK = "link"
    NOTE = "note"
    """Here stands the sign of a note. It is no part of the text: the mark covers nothing."""


class Mark(NamedTuple):
    """A part of a text that is set off.

    Attributes:
        span: The part; empty for a note.
        kind: How.
        target: The address of a link, the mark of a note; else blank.
    """

    span: Span
    kind: MarkKind
    target: str = ""


class Style(NamedTuple):
    """How a piece of text is set off; see `Mark`."""

    kind: MarkKind
    target: str = ""


BOLD = Style(MarkKind.BOLD)
ITALIC = Style(MarkKind.ITALIC)
STRIKE = Style(MarkKind.STRIKE)
CODE = Style(MarkKind.CODE)


def link(target: str) -> frozenset[Style]:
    """The style of a link; none where nobody could follow it from elsewhere."""
    target = target.strip()
    if not _FOLLOWED.match(target) or re.search(r"\s", target):
        return frozenset()
    return frozenset((Style(MarkKind.LINK, target),))


class Piece(NamedTuple):
    """A run of text in one style, as a format gives it.

    Attributes:
        text: A line feed in it is a line that ends there for its reader.
        styles: At the most one of each kind.
    """

    text: str
    styles: frozenset[Style] = frozenset()


def note_sign(mark: str) -> Piece:
    """The place in a text where the sign of a note stands."""
    return Piece("", frozenset((Style(MarkKind.NOTE, mark),)))


@dataclass(frozen=True, slots=True)
class RichText:
    """A text in normal form; made by `rich_text`.

    Attributes:
        text: What is read. White space is single spaces, and single line feeds where a line
            ends; there is none at either end. No-break spaces stay. What nobody sees (control
            characters, soft hyphens, zero-width spaces) is gone.
        marks: Sorted. None begins or ends with white space, and those of one kind neither
            touch nor overlap, links to different places aside. What is code is code throughout.
    """

    text: str = ""
    marks: tuple[Mark, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text)

    def all_of(self, kind: MarkKind) -> bool:
        """Whether every word is set off so."""
        return any(each.kind is kind and each.span.length == len(self.text) for each in self.marks)

    def pieces(self) -> tuple[Piece, ...]:
        """The pieces that `rich_text` makes the same text of, to be put together with others."""
        cuts = sorted({0, len(self.text), *(at for each in self.marks for at in each.span)})
        found: list[Piece] = []
        for start, end in zip(cuts, [*cuts[1:], len(self.text)], strict=True):
            found += (note_sign(each.target) for each in self.marks if each.span == (start, start))
            if start < end:
                styles = frozenset(
                    Style(each.kind, each.target)
                    for each in self.marks
                    if each.span.start <= start and end <= each.span.end
                )
                found.append(Piece(self.text[start:end], styles))
        return tuple(found)


_FOLLOWED = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_UNSEEN = r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff"
_LINE_ENDS = "\n\r\x0b\x0c\x85\u2028\u2029"
_UNTIDY = re.compile(rf"[ \t{_LINE_ENDS}{_UNSEEN}]{{2,}}|[\t\r\x0b\x0c\x85\u2028\u2029{_UNSEEN}]")


def plain(text: str) -> RichText:
    """`text` without any mark, in normal form."""
    return RichText("".join(_tidied(text).parts).strip())


def rich_text(pieces: Iterable[Piece]) -> RichText:
    """The text that `pieces` make, in normal form."""
    given = tuple(pieces)
    raw = "".join(each.text for each in given)
    if not any(each.styles for each in given):
        return plain(raw)
    tidied = _tidied(raw)
    whole = "".join(tidied.parts)
    text = whole.strip()
    before = len(whole) - len(whole.lstrip())

    def place(at: int) -> int:
        return min(max(tidied.place(at) - before, 0), len(text))

    spans: dict[Style, list[Span]] = {}
    end = 0
    for piece in given:
        start, end = end, end + len(piece.text)
        span = Span(place(start), place(end))
        for style in piece.styles:
            touching = spans.setdefault(style, [])
            if style.kind is MarkKind.NOTE:
                at = len(text[: span.start].rstrip())
                touching.append(Span(at, at))
            elif touching and touching[-1].end == span.start:
                touching[-1] = Span(touching[-1].start, span.end)
            else:
                touching.append(span)
    code = [trimmed(text, each) for each in spans.get(CODE, ())]
    marks = {
        Mark(span, style.kind, style.target)
        for style, found in spans.items()
        for each in found
        for span in _outside(trimmed(text, each), () if style == CODE else code, text)
        if span.length or style.kind is MarkKind.NOTE
    }
    return RichText(text, tuple(sorted(marks, key=_order)))


def joined(texts: Iterable[RichText], between: str = "\n") -> RichText:
    """Texts one after another."""
    pieces: list[Piece] = []
    for each in texts:
        pieces += [Piece(between), *each.pieces()]
    return rich_text(pieces[1:])


def in_bold(text: RichText) -> RichText:
    """The same text, all of it bold."""
    return rich_text(each._replace(styles=each.styles | {BOLD}) for each in text.pieces())


def on_one_line(text: RichText) -> RichText:
    """The same text, its lines one after another."""
    return rich_text(each._replace(text=each.text.replace("\n", " ")) for each in text.pieces())


def sliced(text: RichText, part: Span, *, one_line: bool = False) -> RichText:
    """A part of a text."""
    marks = (
        mark._replace(span=Span(start, end).within(part))
        for mark in text.marks
        if (start := max(mark.span.start, part.start)) <= (end := min(mark.span.end, part.end))
        and (start < end) == bool(mark.span.length)
    )
    words = part.of(text.text)
    return rich_text(
        RichText(words.replace("\n", " ") if one_line else words, tuple(marks)).pieces()
    )


class _Tidied(NamedTuple):
    """A raw text without what is not seen.

    Attributes:
        parts: The text that is left, in parts.
        starts, ends: Ascending: where in the raw text the parts are that were replaced.
        shifts: How much shorter the text is from the end of each on.
    """

    parts: list[str]
    starts: list[int]
    ends: list[int]
    shifts: list[int]

    def place(self, at: int) -> int:
        """Where a place of the raw text is now; one within what was replaced is its end."""
        replaced = bisect_right(self.starts, at - 1) - 1
        if replaced < 0:
            return at
        return max(at, self.ends[replaced]) - self.shifts[replaced]


def _tidied(raw: str) -> _Tidied:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    shifts: list[int] = []
    done = shift = 0
    for found in _UNTIDY.finditer(raw):
        run = found[0]
        if any(each in run for each in _LINE_ENDS):
            instead = "\n"
        else:
            instead = " " if " " in run or "\t" in run else ""
        parts += (raw[done : found.start()], instead)
        done = found.end()
        shift += len(run) - len(instead)
        starts.append(found.start())
        ends.append(done)
        shifts.append(shift)
    parts.append(raw[done:])
    return _Tidied(parts, starts, ends, shifts)


def _outside(span: Span, code: Iterable[Span], text: str) -> list[Span]:
    """What of a mark is not within a piece of code that it covers only in part."""
    left = [span]
    for each in code:
        if each.start >= span.end or each.end <= span.start:
            continue
        if span.start <= each.start and each.end <= span.end:
            continue
        left = [
            trimmed(text, part)
            for other in left
            for part in (
                Span(other.start, min(other.end, each.start)),
                Span(max(other.start, each.end), other.end),
            )
            if part.length > 0
        ]
    return left


def _order(mark: Mark) -> tuple[int, int, str, str]:
    return mark.span.start, -mark.span.end, mark.kind, mark.target
