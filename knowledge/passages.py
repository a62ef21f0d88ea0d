"""Dividing a document into passages, the units that are found and quoted."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from knowledge.documents import Source
from knowledge.language import Language
from knowledge.sentences import sentence_spans
from knowledge.spans import Span, trimmed


@dataclass(frozen=True, slots=True)
class PassageLimits:
    """When a paragraph is too short or too long to be a passage, in characters."""

    shortest: int = 80
    longest: int = 1200


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage in one language.

    Attributes:
        span: The characters of the edition's text.
        sentences: Its sentences, as spans of the edition's text.
        section: The title of the section that it stands in, or an empty string.
    """

    span: Span
    sentences: tuple[Span, ...]
    section: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a document, in each language that the document has.

    Attributes:
        id: 16 hexadecimal digits, made from the document's slug and the passage's words in
            the original edition, so that it survives edits elsewhere in the document.
        number: Its place in the document, counted from 1.
        texts: The passage in each language.
        questions: Curated questions that the passage answers, in each language.
    """

    id: str
    number: int
    texts: Mapping[Language, PassageText]
    questions: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)


def divide(
    slug: str, original: Source, twin: Source | None, limits: PassageLimits
) -> tuple[Passage, ...]:
    """Divide a document into passages.

    A paragraph is a passage, except that one shorter than `limits.shortest` stays with its
    neighbour in the same section, and one longer than `limits.longest` is divided at
    sentence boundaries. The original edition alone decides, so that ids do not change when
    a twin is added; the twin is divided at the same places.

    Args:
        slug: The document's name; part of the passages' ids.
        original: The edition that the ids are made from.
        twin: An aligned edition in the other language, if there is one.
        limits: Lengths in characters.
    """
    sources = [original] if twin is None else [original, twin]
    passages: list[Passage] = []
    seen: Counter[str] = Counter()
    for run in _runs(original, limits):
        count = _pieces_needed(original, run, limits)
        divided = [_pieces(source, run, count, limits) for source in sources]
        for parts in zip(*divided, strict=True):
            texts = {source.language: part for source, part in zip(sources, parts, strict=True)}
            words = " ".join(parts[0].span.of(original.text).split())
            seen[words] += 1
            name = "\0".join((slug, words, str(seen[words])))
            identifier = hashlib.blake2b(name.encode(), digest_size=8).hexdigest()
            passages.append(Passage(identifier, len(passages) + 1, texts))
    return tuple(passages)


class _Run(NamedTuple):
    """Paragraphs that stay together: positions of the first and the last block."""

    first: int
    last: int

    def span(self, source: Source) -> Span:
        return Span(source.blocks[self.first].span.start, source.blocks[self.last].span.end)


def _runs(source: Source, limits: PassageLimits) -> Iterator[_Run]:
    section: list[_Run] = []
    for position, block in enumerate(source.blocks):
        if block.level:
            yield from _without_short_end(section, source, limits)
            section = []
        elif section and section[-1].span(source).length < limits.shortest:
            section[-1] = _Run(section[-1].first, position)
        else:
            section.append(_Run(position, position))
    yield from _without_short_end(section, source, limits)


def _without_short_end(section: list[_Run], source: Source, limits: PassageLimits) -> list[_Run]:
    if len(section) > 1 and section[-1].span(source).length < limits.shortest:
        *others, before, last = section
        return [*others, _Run(before.first, last.last)]
    return section


def _pieces_needed(source: Source, run: _Run, limits: PassageLimits) -> int:
    """The least number of pieces of which none is too long."""
    count = math.ceil(run.span(source).length / limits.longest)
    while any(piece.span.length > limits.longest for piece in _pieces(source, run, count, limits)):
        count += 1
    return count


def _pieces(
    source: Source, run: _Run, count: int, limits: PassageLimits
) -> tuple[PassageText, ...]:
    """A run divided into `count` pieces of about the same length, between sentences."""
    span = run.span(source)
    sentences = _sentences(source, span, count, limits)
    pieces: list[list[Span]] = [[]]
    for position, sentence in enumerate(sentences):
        middle = (sentence.start + sentence.end) / 2 - span.start
        due = middle * count >= len(pieces) * span.length
        needed = len(sentences) - position <= count - len(pieces)
        if pieces[-1] and len(pieces) < count and (due or needed):
            pieces.append([])
        pieces[-1].append(sentence)
    section = _section(source, run.first)
    return tuple(
        PassageText(Span(piece[0].start, piece[-1].end), tuple(piece), section) for piece in pieces
    )


def _sentences(source: Source, span: Span, least: int, limits: PassageLimits) -> list[Span]:
    """At least `least` sentences, none longer than a passage may be.

    Text that has too few, such as a list without full stops, is broken at white space, and
    within a word only where there is none.
    """
    sentences = list(sentence_spans(source.text, span, source.language))
    while True:
        longest = max(sentences, key=lambda sentence: sentence.length)
        enough = len(sentences) >= least and longest.length <= limits.longest
        if enough or longest.length == 1:
            return sentences
        at = sentences.index(longest)
        sentences[at : at + 1] = _halves(source.text, longest)


def _halves(text: str, span: Span) -> list[Span]:
    middle = (span.start + span.end) // 2
    gaps = (match.start() for match in re.finditer(r"\s+", span.of(text)))
    nearest = min(gaps, key=lambda gap: abs(span.start + gap - middle), default=None)
    cut = middle if nearest is None else span.start + nearest
    return [trimmed(text, Span(span.start, cut)), trimmed(text, Span(cut, span.end))]


def _section(source: Source, position: int) -> str:
    titles = (block for block in reversed(source.blocks[:position]) if block.level)
    nearest = next(titles, None)
    return "" if nearest is None else nearest.span.of(source.text)
