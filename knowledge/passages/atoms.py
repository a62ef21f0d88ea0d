"""What is not cut when a long text is divided: sentences, items of a list, rows of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from knowledge.blocks.layout import Unit, UnitKind
from knowledge.documents import PlacedBlock, Source
from knowledge.language import Language
from knowledge.passages.sentences import sentence_spans
from knowledge.spans import Span, trimmed

_LONGEST_LEAD = 400
_ROWS = (UnitKind.HEADER, UnitKind.ROW)


class Run(NamedTuple):
    """Blocks that stay together: positions of the first and the last."""

    first: int
    last: int

    def span(self, source: Source) -> Span:
        """Their characters."""
        return Span(source.blocks[self.first].span.start, source.blocks[self.last].span.end)


@dataclass(frozen=True, slots=True)
class Atom:
    """A part of a text that is not cut where it fits.

    Attributes:
        sentences: Its sentences, one at the least.
        lead: What has to be known of it where what stands before it is not there.
    """

    sentences: tuple[Span, ...]
    lead: tuple[Span, ...] = ()

    @property
    def span(self) -> Span:
        """Its characters."""
        return Span(self.sentences[0].start, self.sentences[-1].end)

    def halves(self, text: str) -> list[Atom]:
        """The atom in two, between sentences, else between words; itself if that cannot be."""
        if len(self.sentences) > 1:
            middle = len(self.sentences) // 2
            parts = [self.sentences[:middle], self.sentences[middle:]]
        elif self.span.length > 1:
            parts = [(half,) for half in _halves(text, self.span)]
        else:
            return [self]
        return [replace(self, sentences=each) for each in parts]


def around(atoms: Sequence[Atom]) -> Span:
    """From the first to the last."""
    return Span(atoms[0].sentences[0].start, atoms[-1].sentences[-1].end)


def introduces(block: PlacedBlock, source: Source) -> bool:
    """Whether a block announces what follows it."""
    last = block.units[-1]
    return last.kind is UnitKind.PARAGRAPH and last.span.of(source.text).endswith(":")


def atoms_of(source: Source, run: Run, longest: int) -> list[Atom]:
    """The atoms of a run, none of more than `longest` characters."""
    units = [unit for block in source.blocks[run.first : run.last + 1] for unit in block.units]
    atoms: list[Atom] = []
    waiting: tuple[Span, ...] = ()
    """The last sentences, where they may not stand at an end."""
    for at, unit in enumerate(units):
        following = units[at + 1].kind if at + 1 < len(units) else None
        *firsts, last = _unit(source.text, unit, source.language, _lead(source.text, units, at))
        for each in (*firsts, last):
            atom = Atom((*waiting, *each.sentences), each.lead) if waiting else each
            waiting = ()
            if each is last and _waits(source.text, unit, following):
                waiting = atom.sentences
            else:
                atoms += _fitting(source.text, atom, longest)
    return atoms


def _waits(text: str, unit: Unit, following: UnitKind | None) -> bool:
    """Whether a unit should not be the last of a passage."""
    if following is None:
        return False
    if unit.kind in (UnitKind.HEADER, UnitKind.TERM):
        return True
    return unit.kind is UnitKind.PARAGRAPH and unit.span.of(text).endswith(":")


def _lead(text: str, units: Sequence[Unit], at: int) -> tuple[Span, ...]:
    """What introduces the list or the table that a unit stands in, and what stands above it."""
    own = units[at]
    if own.kind not in (UnitKind.ITEM, UnitKind.ROW):
        return ()
    lead: list[Span] = []
    depth, kinds = own.depth, _ROWS if own.kind is UnitKind.ROW else (UnitKind.ITEM,)
    for before in reversed(units[:at]):
        if before.kind not in kinds:
            words = before.span.of(text)
            if before.kind is UnitKind.PARAGRAPH and words.endswith(":"):
                lead.append(_last_line(text, before.span))
            break
        if before.kind is UnitKind.HEADER:
            lead.append(before.span)
        elif before.kind is UnitKind.ITEM and before.depth < depth:
            depth = before.depth
            lead.append(before.span)
    kept = [each for each in reversed(lead) if each.length <= _LONGEST_LEAD]
    return tuple(kept)


def _last_line(text: str, span: Span) -> Span:
    """The last sentence of an introduction, told by its full stops alone."""
    ends = [found.end() for found in re.finditer(r"[.!?…][ \n]+(?=[^\Wa-z_])", span.of(text))]
    return Span(span.start + (ends[-1] if ends else 0), span.end)


def _unit(text: str, unit: Unit, language: Language, lead: tuple[Span, ...]) -> list[Atom]:
    """The atoms of a unit."""
    match unit.kind:
        case UnitKind.ROW | UnitKind.HEADER | UnitKind.TERM | UnitKind.HEADING:
            return [Atom((unit.span,), lead)]
        case UnitKind.CODE:
            return [Atom(tuple(_lines(text, unit.span)))]
        case UnitKind.ITEM | UnitKind.NOTE:
            first, *more = _sentences(text, Span(unit.start, unit.span.end), language)
            return [Atom((Span(unit.span.start, first.end), *more), lead)]
        case _:
            return [Atom((each,)) for each in _sentences(text, unit.span, language)]


def _lines(text: str, span: Span) -> Iterator[Span]:
    at = span.start
    for line in span.of(text).split("\n"):
        part = trimmed(text, Span(at, at + len(line)))
        if part.length:
            yield part
        at += len(line) + 1


def _sentences(text: str, span: Span, language: Language) -> list[Span]:
    """The sentences of a paragraph; one may go on in the next line with a small letter."""
    parts: list[Span] = []
    for line in _lines(text, span):
        if parts and text[line.start].islower():
            parts[-1] = Span(parts[-1].start, line.end)
        else:
            parts.append(line)
    return [each for part in parts for each in sentence_spans(text, part, language)]


def _fitting(text: str, atom: Atom, longest: int) -> Iterator[Atom]:
    """An atom in parts of at most `longest` characters, cut within words only if it must be."""
    if atom.span.length <= longest:
        yield atom
    elif len(atom.sentences) > 1:
        for each in atom.sentences:
            yield from _fitting(text, replace(atom, sentences=(each,)), longest)
    else:
        for half in atom.halves(text):
            yield from _fitting(text, half, longest)


def _halves(text: str, span: Span) -> list[Span]:
    middle = (span.start + span.end) // 2
    gaps = (match.start() for match in re.finditer(r"\s+", span.of(text)))
    nearest = min(gaps, key=lambda gap: abs(span.start + gap - middle), default=None)
    cut = middle if nearest is None else span.start + nearest
    return [trimmed(text, Span(span.start, cut)), trimmed(text, Span(cut, span.end))]
