r"""Text that Discord shows to the letter, whatever it contains.

Discord's Markdown shows a punctuation mark literally after a backslash. Everything that
could format, mention, link or become an emoji is escaped, so that what a reader sees is
the text itself.
"""

from __future__ import annotations

import re
from itertools import pairwise

# Anywhere: emphasis, code, spoilers, mentions, masked links, time stamps, custom emoji.
_ANYWHERE = re.compile(r"[\\*_~`|<>\[\]@]|:(?=//)|:(?=\w+:)|#(?=\w)")
# At the start of a line: titles, small print, lists, quotations.
_LINE_START = re.compile(r"^([^\S\n]*)(#|-|\+|\d+(?=[.)]))", re.MULTILINE)
# Of terminals, and of writing from right to left; white space is not among them.
_COMMANDING = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
_NUMBER = re.compile(r"\d+\Z")


def escaped(text: str) -> str:
    """`text` as Markdown that shows exactly `text`."""
    places = [0, *escapes(text), len(text)]
    return "\\".join(text[start:end] for start, end in pairwise(places))


def unescaped(markdown: str) -> str:
    """The text that `escaped` made `markdown` of."""
    return re.sub(r"\\(.)", r"\1", markdown, flags=re.DOTALL)


def escapes(text: str) -> list[int]:
    """The places of `text` before which a backslash has to stand, ascending."""
    starts = _LINE_START.finditer(text)
    # A digit cannot be escaped; what follows it can.
    lines = (each.end() if _NUMBER.match(each[2]) else each.start(2) for each in starts)
    return sorted({*lines, *(each.start() for each in _ANYWHERE.finditer(text))})


def quoted(markdown: str) -> str:
    """A block quotation of `markdown`, every line of it."""
    return "\n".join(f"> {line}" for line in markdown.split("\n"))


def on_one_line(text: str) -> str:
    """`text` without line breaks, and without signs that command a screen or turn what follows."""
    return " ".join(_COMMANDING.sub("", text).split())


def shortened(text: str, longest: int) -> str:
    """`text` cut to `longest` characters between words, an ellipsis last."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    at = cut.rfind(" ")
    return (cut[:at] if at > longest // 2 else cut).rstrip() + "…"


def in_short(text: str, longest: int) -> str:
    """`text` on one line and cut to `longest` characters, as Markdown that shows just that."""
    return escaped(shortened(on_one_line(text), longest))
