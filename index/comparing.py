"""Which questions two states of a knowledge base may answer differently.

Asking ten thousand questions of both takes minutes, and a change touches few texts. So questions
are first compared by the first step of ranking alone, many at once: with the texts that changed,
and with those that stay. A question stays as it is where nothing that changed comes near the best
that stays; docs/quality.md says how many are overlooked. Only the others are asked of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from index.encoders.encoder import FloatArray
from index.ranking.bm25 import InvertedIndex, ManyWords
from index.ranking.courtesies import without_courtesies
from index.ranking.ranking import Noise, Sentences
from index.ranking.runs import IntArray
from index.ranking.texts import Text
from index.search import Index
from index.segments.segments import Segment
from knowledge import Language

LEAST = 2.0
"""What a changed text must reach in the first step of ranking to be worth a look."""
NEAR = 1.5
"""How far behind the best text that stays a changed one may be, in the same unit."""
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question whose meaning is known.

    Attributes:
        text: The question.
        language: Its language.
        embedding: float32 (dimension,), of length 1.
    """

    text: str
    language: Language
    embedding: FloatArray


class _Key(NamedTuple):
    """What tells a text from others: where it is, and all that it is ranked by."""

    passage: str
    text: Text


@dataclass(frozen=True, slots=True)
class _Part:
    """Some texts of a segment."""

    sentences: Sentences
    words: InvertedIndex

    def best(self, embeddings: FloatArray, words: ManyWords, noise: Noise) -> FloatArray:
        """The best first step of any of them: float32 (questions,)."""
        ratios = self.words.many_ratios(words)
        return np.asarray(self.sentences.scores(embeddings, ratios, noise).max(axis=1), np.float32)


@dataclass(frozen=True, slots=True)
class _Side:
    """One state of the knowledge base, its texts that changed and, if wanted, those that stay."""

    index: Index
    parts: tuple[_Part, ...]

    def best(self, questions: Sequence[KnownQuestion], language: Language) -> FloatArray:
        """The best first step of any text: float32 (questions,)."""
        best = np.full(len(questions), -np.inf, np.float32)
        if not self.parts:
            return best
        segments = self.index.segments
        words = segments.rarities.many([without_courtesies(each.text) for each in questions])
        noise = segments.thresholds[language].noise
        for start in range(0, len(questions), _AT_ONCE):
            some = slice(start, min(start + _AT_ONCE, len(questions)))
            embeddings = np.stack([each.embedding for each in questions[some]])
            weighed = words.part(some)
            for part in self.parts:
                found = part.best(embeddings, weighed, noise)
                np.maximum(best[some], found, out=best[some])
        return best


class Comparison:
    """Two states of a knowledge base. It may be used from any thread."""

    def __init__(self, before: Index, after: Index) -> None:
        """Compare what two indexes of one family are made of."""
        shared = {id(each) for each in before.segments.every}
        shared &= {id(each) for each in after.segments.every}
        old, new = ({*_keys(each, shared)} for each in (before, after))
        self._gone = _Side(before, _parts(before, shared, old - new))
        self._new = _Side(after, _parts(after, shared, new - old))
        self._kept = _Side(after, _parts(after, set(), None, new - old))

    @property
    def is_same(self) -> bool:
        """Whether nothing changed that questions are answered from."""
        return not self._gone.parts and not self._new.parts

    def unsettled(self, questions: Sequence[KnownQuestion]) -> IntArray:
        """The numbers of questions that may be answered differently: int64 (questions,)."""
        found = []
        for language in Language:
            numbers = np.array(
                [at for at, each in enumerate(questions) if each.language is language], np.int64
            )
            some = [questions[at] for at in numbers.tolist()]
            changed = np.maximum(self._gone.best(some, language), self._new.best(some, language))
            near = np.flatnonzero(changed >= LEAST)
            kept = self._kept.best([some[at] for at in near.tolist()], language)
            found.append(numbers[near[changed[near] >= kept - NEAR]])
        return np.sort(np.concatenate(found))


def _alive(segment: Segment) -> Iterator[tuple[int, _Key]]:
    """The texts of a segment's documents, with their numbers in there."""
    generation, among = segment.generation, segment.among
    for number, text in enumerate(generation.texts):
        if among is None or among[text.passage]:
            yield number, _Key(generation.passages[text.passage].passage.id, _placeless(text))


def _placeless(text: Text) -> Text:
    """A text without the number of its passage, which changes where it is stored elsewhere."""
    return Text(0, text.kind, text.language, text.content, text.sentences, text.title)


def _keys(index: Index, shared: set[int]) -> Iterator[_Key]:
    for segment in index.segments.every:
        if id(segment) not in shared:
            yield from (key for _, key in _alive(segment))


def _parts(
    index: Index, shared: set[int], only: set[_Key] | None, without: set[_Key] | None = None
) -> tuple[_Part, ...]:
    """Texts of an index, segment by segment.

    Args:
        index: The index.
        shared: Segments to leave out.
        only: The texts to take; None for all.
        without: Texts to leave out.
    """
    parts = []
    for segment in index.segments.every:
        if id(segment) in shared:
            continue
        numbers = np.array(
            [
                number
                for number, key in _alive(segment)
                if (only is None or key in only) and (without is None or key not in without)
            ],
            np.int64,
        )
        if len(numbers):
            generation = segment.generation
            words = generation.parts.words.only(numbers)
            parts.append(_Part(generation.ranking.sentences(numbers), words))
    return tuple(parts)
