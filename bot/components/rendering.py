"""Lines of a quote as Discord's Markdown.

What the document sets off is set off; every other sign is shown as it is. Discord takes
Markdown apart with regular expressions, so that a sign within code or an address can end what
stands around it: where it could, the code or the link is shown as plain text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from bot.answering.typesetting import Line
from bot.components.markup import escapes
from knowledge import MarkKind
from knowledge.blocks.richtext import Piece, Style

LONGEST_TARGET = 400
"""Characters of an address that a link may lead to; the room of a card is for words."""
_ORDER = (MarkKind.BOLD, MarkKind.STRIKE, MarkKind.ITALIC, MarkKind.LINK, MarkKind.CODE)
_SIGNS = {MarkKind.BOLD: "**", MarkKind.STRIKE: "~~"}
_ENDING = {MarkKind.BOLD: "*", MarkKind.STRIKE: "~", MarkKind.ITALIC: "*_"}
"""What within code or an address could end what is set off around it."""
_NO_CODE = re.compile(r"[`\\@<\n]")
_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f]+\Z", re.IGNORECASE)
_ENCODED = re.compile(r"[^!#$%&'+,\-./0-9:;=?@A-Z_a-z]")
_WORD = re.compile(r"[0-9A-Za-z_]")
_ADDRESS_ENDS = re.compile(r"[.,;!?]?(?:\s|\Z)")


class _Run(NamedTuple):
    """A part of a line in one style; `start` counts from the line's first character."""

    start: int
    text: str
    styles: frozenset[Style]

    def style(self, kind: MarkKind) -> Style | None:
        return next((each for each in self.styles if each.kind is kind), None)


def markdown_of(lines: Iterable[Line]) -> str:
    """Lines as Markdown."""
    return "\n".join(map(_line, lines))


def _line(line: Line) -> str:
    before = "  " * line.depth + ("- " if line.bullet else "")
    return before + _Renderer(line).markdown()


class _Renderer:
    """Renders one line."""

    def __init__(self, line: Line) -> None:
        self.text = line.text
        self.escapes = escapes(self.text)
        self.runs = _runs(line.pieces)

    def markdown(self) -> str:
        return self._nested(self.runs, 0)

    def _nested(self, runs: Sequence[_Run], level: int) -> str:
        if level == len(_ORDER):
            return "".join(map(self._escaped, runs))
        kind = _ORDER[level]
        parts: list[str] = []
        for style, found in groupby(runs, lambda run: run.style(kind)):
            group = tuple(found)
            inner = self._nested(group, level + 1)
            parts.append(inner if style is None else self._set_off(style, group, inner))
        return "".join(parts)

    def _set_off(self, style: Style, group: Sequence[_Run], inner: str) -> str:
        match style.kind:
            case MarkKind.LINK:
                return self._link(style.target, group, inner)
            case MarkKind.CODE:
                return self._code(group, inner)
            case MarkKind.ITALIC:
                sign = self._italic(group)
            case _:
                sign = _SIGNS[style.kind]
        words = inner.strip()
        return inner.replace(words, f"{sign}{words}{sign}", 1)

    def _italic(self, group: Sequence[_Run]) -> str:
        """An asterisk, which may stand within words, or an underscore beside bold's asterisks.

        Blank where neither can stand.
        """
        start, end = group[0].start, group[-1].start + len(group[-1].text)
        bold = group[0].style(MarkKind.BOLD)
        beside = any(
            (run.start == end or run.start + len(run.text) == start)
            and run.style(MarkKind.BOLD) != bold
            for run in self.runs
        )
        if not beside or bold is not None:
            return "*"
        next_bold = any(run.start == end and run.style(MarkKind.BOLD) for run in self.runs)
        # Discord strikes nothing through before an underscore.
        struck = any(
            run.start + len(run.text) == start and run.style(MarkKind.STRIKE) for run in self.runs
        )
        return "" if struck or (not next_bold and _WORD.match(self.text, end)) else "_"

    def _link(self, target: str, group: Sequence[_Run], inner: str) -> str:
        words = "".join(run.text for run in group)
        if len(target) > LONGEST_TARGET or not _ADDRESS.match(target):
            return inner
        if words == target:
            # Discord links an address by itself, and shows no link whose words are an address.
            end = group[-1].start + len(words)
            apart = _ADDRESS_ENDS.match(self.text, end)
            return words if apart and not _ends(words, group[0]) else inner
        address = _ENCODED.sub(_percent, target)
        if group[0].style(MarkKind.ITALIC):
            address = address.replace("_", "%5F")
        unsafe = "://" in words or "[" in words or "]" in words or _ends(address, group[0])
        return inner if unsafe else f"[{inner}]({address})"

    def _code(self, group: Sequence[_Run], inner: str) -> str:
        code = "".join(run.text for run in group)
        in_link = group[0].style(MarkKind.LINK) is not None and re.search(r"[\[\]]", code)
        if _NO_CODE.search(code) or in_link or _ends(code, group[0]):
            return inner
        return f"`{code}`"

    def _escaped(self, run: _Run) -> str:
        end = run.start + len(run.text)
        first, last = bisect_left(self.escapes, run.start), bisect_left(self.escapes, end)
        cuts = [run.start, *self.escapes[first:last], end]
        parts = [self.text[start:end] for start, end in pairwise(cuts)]
        return "\\".join(parts)


def _ends(raw: str, run: _Run) -> bool:
    """Whether what is not escaped could end what is set off around it."""
    signs = "".join(ends for kind, ends in _ENDING.items() if run.style(kind))
    return any(each in raw for each in signs)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


def _runs(pieces: Iterable[Piece]) -> tuple[_Run, ...]:
    """Pieces in runs, none of which begins or ends what is set off with white space."""
    cut: list[Piece] = []
    for piece in pieces:
        core = piece.text.strip()
        if not core:
            cut.append(Piece(piece.text, frozenset()))
            continue
        at = piece.text.index(core)
        cut += (
            Piece(piece.text[:at]),
            Piece(core, piece.styles),
            Piece(piece.text[at + len(core) :]),
        )
    cut = [each for each in cut if each.text]
    words = [at for at, each in enumerate(cut) if each.text.strip()]
    runs: list[_Run] = []
    start = 0
    for at, piece in enumerate(cut):
        styles = piece.styles
        if not piece.text.strip():
            before = max((each for each in words if each < at), default=None)
            after = min((each for each in words if each > at), default=None)
            styles = (
                frozenset()
                if before is None or after is None
                else cut[before].styles & cut[after].styles
            )
        if runs and runs[-1].styles == styles:
            runs[-1] = runs[-1]._replace(text=runs[-1].text + piece.text)
        else:
            runs.append(_Run(start, piece.text, styles))
        start += len(piece.text)
    return tuple(runs)
