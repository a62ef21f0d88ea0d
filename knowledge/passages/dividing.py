"""Dividing a document into passages, the units that are found and quoted."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.blocks.layout import QUESTION_LEVEL
from knowledge.documents import Source
from knowledge.errors import AlignmentError, DocumentProblem, Place
from knowledge.faq import question_of
from knowledge.language import Language
from knowledge.passages.atoms import Atom, Run, around, atoms_of, introduces
from knowledge.spans import Span

BETWEEN_TITLES = " › "
LONGEST_QUESTION = 100
"""Characters; what Discord allows for a choice that autocomplete offers."""


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
        sentences: Its sentences, as spans of the edition's text; items and rows are whole.
        section: The titles that it stands under, one after the other; blank where there are none.
        headings: The same titles, the highest first; the last may be the question that the
            passage answers.
        lead: What has to be known of a later part of a list or a table: what introduces it, the
            titles of its columns; as spans of the edition's text.
    """

    span: Span
    sentences: tuple[Span, ...]
    section: str
    headings: tuple[str, ...] = ()
    lead: tuple[Span, ...] = ()


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
    titles = [titles_above(source) for source in sources]
    passages: list[Passage] = []
    seen: Counter[str] = Counter()
    asked: set[str] = set()
    for run in _runs(original, limits):
        atoms = [atoms_of(source, run, limits.longest) for source in sources]
        count = _pieces_needed(atoms[0], limits)
        divided = [
            _pieces(_at_least(count, each, source.text), count)
            for each, source in zip(atoms, sources, strict=True)
        ]
        if twin is not None and len(divided[1]) != count:
            raise AlignmentError(
                Place(twin.place.path, twin.blocks[run.first].line),
                Place(original.place.path, original.blocks[run.first].line),
                f"the paragraph there makes {count} passages, and this one is too short to be "
                "divided as often. Translate the whole paragraph.",
                DocumentProblem.UNDIVIDED,
            )
        questions = (
            {}
            if run.first and not original.blocks[run.first - 1].level
            else {
                source.language: question
                for source, above in zip(sources, titles, strict=True)
                if above[run.first] and (question := question_of(above[run.first][-1]))
            }
        )
        for number, parts in enumerate(zip(*divided, strict=True)):
            texts = {
                source.language: _text(part, above[run.first])
                for source, part, above in zip(sources, parts, titles, strict=True)
            }
            words = _words(original, run) if count == 1 else ""
            words = words or " ".join(around(parts[0]).of(original.text).split())
            seen[words] += 1
            name = "\0".join((slug, words, str(seen[words])))
            identifier = hashlib.blake2b(name.encode(), digest_size=8).hexdigest()
            answered = (
                {}
                if number
                else {
                    language: (question,)
                    for language, question in questions.items()
                    if len(question) <= LONGEST_QUESTION and question.casefold() not in asked
                }
            )
            asked.update(each.casefold() for (each,) in answered.values())
            passages.append(Passage(identifier, len(passages) + 1, texts, answered))
    return tuple(passages)


def _text(part: Sequence[Atom], headings: tuple[str, ...]) -> PassageText:
    span = around(part)
    lead = tuple(each for each in part[0].lead if each.end <= span.start)
    sentences = tuple(sentence for atom in part for sentence in atom.sentences)
    return PassageText(span, sentences, BETWEEN_TITLES.join(headings), headings, lead)


def _words(source: Source, run: Run) -> str:
    """What a run was made of; blank where other text was made of some of it, too."""
    made_of = [each.source for each in source.blocks[run.first : run.last + 1]]
    return " ".join(made_of) if all(made_of) else ""


def _runs(source: Source, limits: PassageLimits) -> Iterator[Run]:
    section: list[Run] = []
    for position, block in enumerate(source.blocks):
        run = Run(position, position)
        before = source.blocks[position - 1] if position else block
        apart = not block.adjoins or before.answers != block.answers
        if block.level or (section and apart and not block.is_note):
            yield from _without_short_end(section, source, limits)
            section = []
        if block.level:
            continue
        joins = section and (
            block.is_note or _is_short(section[-1], source, limits) or introduces(before, source)
        )
        if joins:
            section[-1] = Run(section[-1].first, position)
        else:
            section.append(run)
    yield from _without_short_end(section, source, limits)


def _is_short(run: Run, source: Source, limits: PassageLimits) -> bool:
    words = " ".join(run.span(source).of(source.text).split())
    return len(words) < limits.shortest


def _without_short_end(section: list[Run], source: Source, limits: PassageLimits) -> list[Run]:
    if len(section) > 1 and _is_short(section[-1], source, limits):
        *others, before, last = section
        return [*others, Run(before.first, last.last)]
    return section


def _at_least(count: int, atoms: Sequence[Atom], text: str) -> list[Atom]:
    """`atoms`, the longest of them broken until there are `count`, if that can be."""
    parts = list(atoms)
    while len(parts) < count:
        longest = max(parts, key=lambda part: part.span.length)
        halves = longest.halves(text)
        if len(halves) == 1:
            break
        at = parts.index(longest)
        parts[at : at + 1] = halves
    return parts


def _pieces_needed(atoms: Sequence[Atom], limits: PassageLimits) -> int:
    """The least number of pieces of which none is too long."""
    count = min(math.ceil(around(atoms).length / limits.longest), len(atoms))
    while any(around(piece).length > limits.longest for piece in _pieces(atoms, count)):
        if count >= len(atoms):
            break
        count += 1
    return count


def _pieces(atoms: Sequence[Atom], count: int) -> list[tuple[Atom, ...]]:
    """`atoms` in `count` groups of about the same length, or one each if they are fewer."""
    span = around(atoms)
    pieces: list[list[Atom]] = [[]]
    for position, atom in enumerate(atoms):
        middle = (atom.span.start + atom.span.end) / 2 - span.start
        due = middle * count >= len(pieces) * span.length
        needed = len(atoms) - position <= count - len(pieces)
        if pieces[-1] and len(pieces) < count and (due or needed):
            pieces.append([])
        pieces[-1].append(atom)
    return [tuple(piece) for piece in pieces]


def titles_above(source: Source) -> list[tuple[str, ...]]:
    """For each block the titles that it stands under, the highest first."""
    above: list[tuple[int, str]] = []
    found: list[tuple[str, ...]] = []
    for block in source.blocks:
        if block.level:
            while above and above[-1][0] >= block.level:
                above.pop()
            above.append((block.level, block.span.of(source.text)))
        counted = above if block.answers else [each for each in above if each[0] < QUESTION_LEVEL]
        found.append(tuple(title for _, title in counted))
    return found
