"""Places in a text, so that what is quoted can be proved to stand there."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """The characters `start` (included) to `end` (not included) of a text."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """How many characters it covers."""
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters of `text` that the span covers."""
        return text[self.start : self.end]

    def within(self, outer: Span) -> Span:
        """The same characters, counted from where `outer` starts."""
        return Span(self.start - outer.start, self.end - outer.start)


def trimmed(text: str, span: Span) -> Span:
    """`span` without the white space at its ends."""
    covered = span.of(text)
    start = span.start + len(covered) - len(covered.lstrip())
    return Span(start, max(start, span.start + len(covered.rstrip())))
