"""Plain text: paragraphs between blank lines, and nothing that looks like Markdown is any."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.blocks.blocks import Block, Divider, Paragraph
from knowledge.blocks.reading import Reading
from knowledge.blocks.richtext import plain
from knowledge.files.decoding import words_in

_RULE = re.compile(r"[ \t]*(?:([-_*=~#.])[ \t]?)(?:\1[ \t]?){2,}[ \t]*\Z")
_WRAPPED = 45
"""Characters; a line that is at least as long may end where its writer's window did."""
_SLACK = 25
"""How much shorter than the longest such a line may be."""


def read_plain(content: bytes) -> Reading:
    """Read a text file.

    Raises:
        FileError: It is no text.
    """
    text = words_in(content).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    return Reading.of(_blocks(text))


def _blocks(text: str) -> Iterator[Block]:
    for part in re.split(r"\n[ \t]*(?:\n[ \t]*)*\n", f"\n{text}\n"):
        lines: list[str] = []
        for line in part.split("\n"):
            if _RULE.match(line):
                yield Paragraph(plain(_unwrapped(lines)))
                yield Divider()
                lines = []
            elif line.strip():
                lines.append(line.strip())
        yield Paragraph(plain(_unwrapped(lines)))


def _unwrapped(lines: Sequence[str]) -> str:
    """Lines as one text; those that a window's width ended go on."""
    longest = max(map(len, lines), default=0)
    parts: list[str] = []
    for at, line in enumerate(lines):
        goes_on = (
            at + 1 < len(lines)
            and longest >= _WRAPPED
            and len(line) >= longest - _SLACK
            and (line[-1].isalnum() or line[-1] in ",;'’«(–-")
        )
        parts += (line, " " if goes_on else "\n")
    return "".join(parts)
