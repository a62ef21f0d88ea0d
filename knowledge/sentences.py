"""Where sentences begin and end."""

from __future__ import annotations

import re

import sentencex

from knowledge.language import Language
from knowledge.spans import Span, trimmed

# sentencex keeps quotations and parentheses whole but ends a sentence after "M." and after
# initials, which begin a name. Only a blank line ends a sentence there.
_OPENS_A_NAME = re.compile(
    r"(?<![^\s(«\"“'’])"
    r"(?:[^\W\d_]|MM|Mr|Mrs|Ms|Dr|Pr|Prof|St|Ste|Mgr|Me|Rev|Gen|Sen|Rep|Gov|art|Art)\."
    r"[^\S\n]*(?:\n[^\S\n]*)?\Z"
)
_LONGEST_OPENING = 20
# sentencex panics where a white space of several bytes stands between a capital and a full
# stop ("M\N{NO-BREAK SPACE}."): it steps back over it by one byte.
_SPACE_BEFORE_A_STOP = re.compile(r"(?<!\s)\s+(?=\.)")
_WIDE = re.compile(r"[^\S\x00-\x7f]")


def sentence_spans(text: str, within: Span, language: Language) -> tuple[Span, ...]:
    """The sentences of a part of a text.

    Args:
        text: The whole text.
        within: The part to divide.
        language: The language of the text.

    Returns:
        Spans of `text`, in order, without the white space between them. Together they
        cover everything in `within` that is not white space.
    """
    spans: list[Span] = []
    start = end = within.start
    segmented = _SPACE_BEFORE_A_STOP.sub(_narrow, within.of(text))
    for piece in sentencex.segment(language.value, segmented):
        end += len(piece)
        opening = _OPENS_A_NAME.search(text, max(start, end - _LONGEST_OPENING), end)
        if opening and end < within.end:
            continue
        spans.append(Span(start, end))
        start = end
    if start < within.end:
        spans.append(Span(start, within.end))
    return tuple(span for span in (trimmed(text, span) for span in spans) if span.of(text))


def _narrow(spaces: re.Match[str]) -> str:
    return _WIDE.sub(" ", spaces[0])
