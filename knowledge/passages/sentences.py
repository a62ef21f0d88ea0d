"""Where sentences begin and end."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

from knowledge.language import Language
from knowledge.passages.abbreviations import Abbreviations, read_abbreviations
from knowledge.passages.full_stops import ends_sentence
from knowledge.spans import Span, trimmed

# A full stop or the like, what closes after it, and white space or, in texts that lost it, a
# word with a capital ("Oui.Elle vient").
_MARK = re.compile(
    r"(?<![.!?…])(?P<signs>[.!?…]++)"
    r"(?P<closed>(?:\[[^\[\]\n]{1,30}\]|[^\S\n]?[»›]|[\"'”’)\]*_`])*+)(?:\s++|(?=[^\W\d_]++['’\s:,]))"
)
# A blank line, or the end of a line before an item of a list.
_BREAK = re.compile(r"\n[^\S\n]*+\n|\n(?=[^\S\n]*+(?:[-*+•–—]|\d{1,3}[.)]|[a-zA-Z]\))[^\S\n])")
_WRAPPER = re.compile(r"[«»“”\"()\[\]]|\n[^\S\n]*+\n")
_OPENERS = {"»": "«", "”": "“", ")": "(", "]": "["}
_PLAIN = re.compile(r"[(«“\"]?(?:\w+['’-])*\w{2,}[.,]?[)\]»”\"%]*")
_LONGEST_WORD = 40
# What is longer has sentences of its own.
_LONGEST_WRAPPED = 400


def sentence_spans(text: str, within: Span, language: Language) -> tuple[Span, ...]:
    """The sentences of a part of a text.

    A sentence ends at a blank line, before an item of a list, and at a full stop (or "!", "?",
    "…") that a capital or a number follows, unless it is the full stop of an abbreviation, of
    an initial or of a number. A short quotation or parenthesis stays whole.

    Args:
        text: The whole text.
        within: The part to divide.
        language: The language of the text.

    Returns:
        Spans of `text`, in order, without the white space between them. Together they
        cover everything in `within` that is not white space.
    """
    part = within.of(text)
    spans: list[Span] = []
    start = 0
    for end in (*_ends(part, read_abbreviations(language)), len(part)):
        span = trimmed(part, Span(start, end))
        if span.length:
            spans.append(Span(within.start + span.start, within.start + span.end))
        start = end
    return tuple(spans)


def _ends(text: str, known: Abbreviations) -> Iterator[int]:
    """Where sentences of `text` end, in order, but for the last."""
    breaks = [found.end() for found in _BREAK.finditer(text)]
    wrapped = _wrapped(text)
    start = passed = 0
    for found in _MARK.finditer(text):
        while passed < len(breaks) and breaks[passed] <= found.start():
            start = breaks[passed]
            passed += 1
            yield start
        if _is_inside(wrapped, found.end("closed")) or _is_in_a_name(text, found):
            continue
        if ends_sentence(text, Span(start, found.start()), found["signs"], found.end(), known):
            start = found.end()
            passed = bisect_right(breaks, start, passed)
            yield start
    yield from breaks[passed:]


def _is_in_a_name(text: str, found: re.Match[str]) -> bool:
    """Whether a full stop without white space after it is of a name or an address: "Node.JS"."""
    if found.end() > found.end("closed"):
        return False
    words = text[max(found.start() - _LONGEST_WORD, 0) : found.start()].split()
    capital, second = text[found.end()], text[found.end() + 1]
    divides = words and _PLAIN.fullmatch(words[-1]) and capital.isupper() and not second.isupper()
    return not divides


def _wrapped(text: str) -> list[Span]:
    """The short quotations and parentheses, in order, none of them inside another."""
    spans: list[Span] = []
    waiting: list[tuple[str, int]] = []
    count: Counter[str] = Counter()
    for found in _WRAPPER.finditer(text):
        sign, before = found[0], text[max(found.start() - 1, 0) : found.start()]
        if sign.isspace():
            waiting.clear()
            count.clear()
        elif sign in _OPENERS or (sign == '"' and count[sign] and not before.isspace()):
            opener = _OPENERS.get(sign, sign)
            while count[opener]:
                kind, start = waiting.pop()
                count[kind] -= 1
                if kind == opener:
                    _keep(spans, Span(start, found.end()))
                    break
        elif sign != '"' or not before.isalnum():
            waiting.append((sign, found.start()))
            count[sign] += 1
    return spans


def _keep(spans: list[Span], span: Span) -> None:
    if span.length <= _LONGEST_WRAPPED:
        while spans and spans[-1].start > span.start:
            spans.pop()
        spans.append(span)


def _is_inside(spans: list[Span], place: int) -> bool:
    at = bisect_right(spans, (place,)) - 1
    return at >= 0 and spans[at].start < place < spans[at].end
