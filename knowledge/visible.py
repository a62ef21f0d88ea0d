"""Texts without the signs that nobody sees.

Newspapers and word processors put soft hyphens into long words, pages carry joiners, marks of
direction and zero-width spaces. They part no word for a reader, and so for nothing that compares,
counts or encodes words; a quote keeps them, since its text is the author's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.spans import Span

UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
"""For a regular expression, between its brackets: soft hyphen, zero-width space, joiners, marks
of direction, word joiner, byte order mark."""
_UNSEEN = re.compile(f"[{UNSEEN}]+")


def visible(text: str) -> str:
    """`text` without the signs that nobody sees."""
    return _UNSEEN.sub("", text)


def unseen(text: str) -> Iterator[Span]:
    """Where `text` has signs that nobody sees, in order."""
    return (Span(*found.span()) for found in _UNSEEN.finditer(text))
