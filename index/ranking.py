"""From the similarity of rows to the ranking of passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from index.encoder import FloatArray
from index.rows import Row, RowKind
from index.vectors import Vectors
from knowledge import Language

IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

_CANDIDATES = 400
"""Rows whose passages are ranked; every row of a small knowledge base."""


class Moments(NamedTuple):
    """Mean and standard deviation of a similarity among unrelated questions."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, values: FloatArray) -> Moments:
        """The moments of `values`; a deviation of 1 where they do not differ."""
        found = values[np.isfinite(values)]
        if not len(found):
            return cls(0.0, 1.0)
        return cls(float(found.mean()), float(found.std()) or 1.0)

    def standardised(self, values: FloatArray) -> FloatArray:
        """`values` in deviations above the mean."""
        return np.asarray((values - self.mean) / self.deviation, np.float32)


class Scale(NamedTuple):
    """What similarities mean in a knowledge base, for questions in one language."""

    text: Moments
    question: Moments


@dataclass(frozen=True, slots=True)
class Similarities:
    """How similar passages are to a question; arrays of shape (passages,).

    Attributes:
        passages: int64 positions among all passages, ascending.
        text: float32 mean of the most similar text and the most similar sentence.
        question: float32 similarity of the most similar curated question; minus infinity
            where a passage has none.
        sentences: The telling sentence of each passage in each language.
    """

    passages: IntArray
    text: FloatArray
    question: FloatArray
    sentences: tuple[dict[Language, int], ...]

    def scores(self, scale: Scale) -> FloatArray:
        """What passages are ranked by: the mean of both, each standardised.

        A similarity of 0.85 is much for a question in one language and little in another,
        much for a text and little for a curated question; deviations above what unrelated
        questions reach compare. A passage without curated questions is ranked by its text.
        """
        text = scale.text.standardised(self.text)
        question = scale.question.standardised(self.question)
        return np.where(np.isfinite(question), (text + question) / 2, text)


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage and what it is ranked by.

    Attributes:
        passage: Its position among all passages.
        score: Deviations above the similarity of an unrelated question.
        telling: For each language, the number of the sentence that answers best.
    """

    passage: int
    score: float
    telling: dict[Language, int]


class Ranking:
    """Knows which rows belong to which passage, and ranks passages by their rows."""

    def __init__(self, rows: Sequence[Row], vectors: Vectors) -> None:
        self._rows = tuple(rows)
        self._vectors = vectors
        self._owners = np.array([row.passage for row in rows], np.int64)
        self._kinds = {kind: np.array([row.kind is kind for row in rows]) for kind in RowKind}
        # The rows of a passage stand together.
        self._starts = np.searchsorted(self._owners, np.arange(self._owners[-1] + 2))

    def rank(self, query: FloatArray, scale: Scale) -> list[RankedPassage]:
        """Rank the passages nearest to a query of shape (dimension,), best first."""
        near = self._vectors.nearest(query, _CANDIDATES).rows
        found = self.similarities(query, np.unique(self._owners[near]))
        scores = found.scores(scale)
        return [
            RankedPassage(int(found.passages[each]), float(scores[each]), found.sentences[each])
            for each in np.argsort(-scores, kind="stable")
        ]

    def similarities(self, query: FloatArray, passages: IntArray) -> Similarities:
        """How similar `passages` (positions, ascending) are to a query (dimension,)."""
        ranges = zip(self._starts[passages], self._starts[passages + 1], strict=True)
        rows = np.concatenate([np.arange(start, end) for start, end in ranges])
        values = self._vectors.at(rows) @ query
        owner = np.searchsorted(passages, self._owners[rows])

        def best(kind: RowKind) -> FloatArray:
            chosen = self._kinds[kind][rows]
            found = np.full(len(passages), -np.inf, np.float32)
            np.maximum.at(found, owner[chosen], values[chosen])
            return found

        are_sentences = self._kinds[RowKind.SENTENCE][rows]
        return Similarities(
            passages,
            np.float32(0.5) * (best(RowKind.PASSAGE) + best(RowKind.SENTENCE)),
            best(RowKind.QUESTION),
            tuple(
                self._telling(rows, values, are_sentences & (owner == each))
                for each in range(len(passages))
            ),
        )

    def _telling(
        self, rows: IntArray, values: FloatArray, chosen: BoolArray
    ) -> dict[Language, int]:
        found: dict[Language, list[float]] = {}
        for row, value in zip(rows[chosen], values[chosen], strict=True):
            found.setdefault(self._rows[row].language, []).append(float(value))
        together = list(found.values())
        if len({len(each) for each in together}) == 1:
            # Twins with as many sentences correspond, and tell more together than alone.
            return dict.fromkeys(found, int(np.argmax(np.sum(together, axis=0))))
        return {language: int(np.argmax(each)) for language, each in found.items()}
