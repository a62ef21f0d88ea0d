"""Dividing a document into passages, the units that are found and quoted."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from knowledge.documents import Source
from knowledge.errors import AlignmentError, DocumentProblem, Place
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

    Raises:
        AlignmentError: A paragraph of the twin has too few characters to be divided.
    """
    sources = [original] if twin is None else [original, twin]
    passages: list[Passage] = []
    seen: Counter[str] = Counter()
    for run in _runs(original, limits):
        sentences = [_sentences(source, run, limits) for source in sources]
        count = _pieces_needed(sentences[0], limits)
        divided = [
            _pieces(_at_least(count, each, source.text), count)
            for each, source in zip(sentences, sources, strict=True)
        ]
        if twin is not None and len(divided[1]) != count:
            raise AlignmentError(
                Place(twin.place.path, twin.blocks[run.first].line),
                Place(original.place.path, original.blocks[run.first].line),
                f"the paragraph there makes {count} passages, and this one is too short to be "
                "divided as often. Translate the whole paragraph.",
                DocumentProblem.UNDIVIDED,
            )
        for parts in zip(*divided, strict=True):
            texts = {
                source.language: PassageText(_around(part), part, _section(source, run.first))
                for source, part in zip(sources, parts, strict=True)
            }
            words = " ".join(_around(parts[0]).of(original.text).split())
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

    def is_short(self, source: Source, limits: PassageLimits) -> bool:
        words = " ".join(self.span(source).of(source.text).split())
        return len(words) < limits.shortest

    def adjoins_the_one_before(self, source: Source) -> bool:
        """Whether only white space stands between, no comment and no line."""
        before, own = source.blocks[self.first - 1], source.blocks[self.first]
        return not source.text[before.span.end : own.span.start].strip()


def _runs(source: Source, limits: PassageLimits) -> Iterator[_Run]:
    section: list[_Run] = []
    for position, block in enumerate(source.blocks):
        run = _Run(position, position)
        if block.level or (section and not run.adjoins_the_one_before(source)):
            yield from _without_short_end(section, source, limits)
            section = []
        if block.level:
            continue
        if section and section[-1].is_short(source, limits):
            section[-1] = _Run(section[-1].first, position)
        else:
            section.append(run)
    yield from _without_short_end(section, source, limits)


def _without_short_end(section: list[_Run], source: Source, limits: PassageLimits) -> list[_Run]:
    if len(section) > 1 and section[-1].is_short(source, limits):
        *others, before, last = section
        return [*others, _Run(before.first, last.last)]
    return section


def _sentences(source: Source, run: _Run, limits: PassageLimits) -> list[Span]:
    """The sentences of a run, those longer than a passage may be broken at white space."""
    return [
        part
        for sentence in sentence_spans(source.text, run.span(source), source.language)
        for part in _broken(source.text, sentence, limits.longest)
    ]


def _broken(text: str, span: Span, longest: int) -> Iterator[Span]:
    """A span in parts of at most `longest` characters, cut within words only if it must be."""
    if span.length <= longest:
        yield span
    else:
        for half in _halves(text, span):
            yield from _broken(text, half, longest)


def _at_least(count: int, sentences: Sequence[Span], text: str) -> list[Span]:
    """`sentences`, the longest of them broken until there are `count`, if that can be."""
    parts = list(sentences)
    while len(parts) < count:
        longest = max(parts, key=lambda part: part.length)
        if longest.length == 1:
            break
        at = parts.index(longest)
        parts[at : at + 1] = _halves(text, longest)
    return parts


def _halves(text: str, span: Span) -> list[Span]:
    middle = (span.start + span.end) // 2
    gaps = (match.start() for match in re.finditer(r"\s+", span.of(text)))
    nearest = min(gaps, key=lambda gap: abs(span.start + gap - middle), default=None)
    cut = middle if nearest is None else span.start + nearest
    return [trimmed(text, Span(span.start, cut)), trimmed(text, Span(cut, span.end))]


def _pieces_needed(sentences: Sequence[Span], limits: PassageLimits) -> int:
    """The least number of pieces of which none is too long."""
    count = min(math.ceil(_around(sentences).length / limits.longest), len(sentences))
    while any(_around(piece).length > limits.longest for piece in _pieces(sentences, count)):
        count += 1
    return count


def _pieces(sentences: Sequence[Span], count: int) -> list[tuple[Span, ...]]:
    """`sentences` in `count` groups of about the same length, or one each if they are fewer."""
    span = _around(sentences)
    pieces: list[list[Span]] = [[]]
    for position, sentence in enumerate(sentences):
        middle = (sentence.start + sentence.end) / 2 - span.start
        due = middle * count >= len(pieces) * span.length
        needed = len(sentences) - position <= count - len(pieces)
        if pieces[-1] and len(pieces) < count and (due or needed):
            pieces.append([])
        pieces[-1].append(sentence)
    return [tuple(piece) for piece in pieces]


def _around(sentences: Sequence[Span]) -> Span:
    return Span(sentences[0].start, sentences[-1].end)


def _section(source: Source, position: int) -> str:
    titles = (block for block in reversed(source.blocks[:position]) if block.level)
    nearest = next(titles, None)
    return "" if nearest is None else nearest.span.of(source.text)
