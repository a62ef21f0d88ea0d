"""From the similarity of rows and the words of texts to the ranking of passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from index.encoder import FloatArray
from index.rows import Row, RowKind
from index.vectors import Vectors
from index.words import Words
from knowledge import Language

IntArray: TypeAlias = npt.NDArray[np.int64]

LEXICAL_WEIGHT = 4.0
"""Deviations of similarity that a text with all words of the question is worth."""

_NEAREST_ROWS = 400
"""Rows whose passages are ranked; every row of a small knowledge base."""
_MOST_WORDS = 50
"""Passages that are ranked for their words, however far their vectors are."""


class Moments(NamedTuple):
    """Mean and standard deviation of a similarity among unrelated questions."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, values: FloatArray) -> Moments:
        """The moments of the finite ones of `values`, of any shape."""
        found = values[np.isfinite(values)].astype(np.float64)
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
    """How similar passages are to questions: float32 arrays of shape (passages, ...).

    Attributes:
        text: The mean of the most similar text and the most similar sentence.
        question: The most similar curated question; minus infinity where there is none.
    """

    text: FloatArray
    question: FloatArray

    def standardised(self, scale: Scale) -> FloatArray:
        """The mean of both, each in deviations above what unrelated questions reach.

        A similarity of 0.85 is much for a question in one language and little in another,
        much for a text and little for a curated question; deviations compare. A passage
        without curated questions is measured by its text.
        """
        text = scale.text.standardised(self.text)
        question = scale.question.standardised(self.question)
        return np.where(np.isfinite(question), (text + question) / 2, text)


class Query(NamedTuple):
    """A question as it is ranked by.

    Attributes:
        text: The question.
        embedding: float32 of shape (dimension,).
    """

    text: str
    embedding: FloatArray


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage and what it is ranked by.

    Attributes:
        passage: Its position among all passages.
        score: `standardised` and `LEXICAL_WEIGHT` times `ratio`.
        standardised: Its similarity, in deviations above unrelated questions.
        ratio: How much of the question's words one of its texts or curated questions has.
        telling: For each language, the number of the sentence that answers best.
    """

    passage: int
    score: float
    standardised: float
    ratio: float
    telling: dict[Language, int]


class Ranking:
    """Knows which rows belong to which passage, and ranks passages by their rows."""

    def __init__(self, rows: Sequence[Row], vectors: Vectors, ordinary: Sequence[str]) -> None:
        """Count words.

        Args:
            rows: All rows of the index.
            vectors: Their embeddings.
            ordinary: Unrelated questions, to know ordinary words by.
        """
        self._rows = tuple(rows)
        self._vectors = vectors
        self._owners = np.array([row.passage for row in rows], np.int64)
        self._kinds = {kind: np.array([row.kind is kind for row in rows]) for kind in RowKind}
        # The rows of a passage stand together.
        self._starts = np.searchsorted(self._owners, np.arange(self._owners[-1] + 2))
        self._words = Words(
            [row.content for row in rows if row.kind is not RowKind.SENTENCE], ordinary
        )

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return len(self._starts) - 1

    def similarities(self, queries: FloatArray, passages: IntArray) -> Similarities:
        """How similar passages are to questions.

        Args:
            queries: float32 of shape (queries, dimension).
            passages: Positions of passages, ascending.

        Returns:
            Arrays of shape (passages, queries).
        """
        rows = self._rows_of(passages)
        return self._best(rows, self._vectors.at(rows) @ queries.T, passages)

    def rank(self, query: Query, scale: Scale, limit: int) -> list[RankedPassage]:
        """The passages that answer a question best, best first.

        Args:
            query: The question.
            scale: What similarities mean in this knowledge base.
            limit: How many passages to return at the most.
        """
        ratios = self._ratios(query.text)
        passages = self._candidates(query.embedding, ratios)
        rows = self._rows_of(passages)
        similarities = self._vectors.at(rows) @ query.embedding
        standardised = self._best(rows, similarities, passages).standardised(scale)
        scores = standardised + LEXICAL_WEIGHT * ratios[passages]
        return [
            RankedPassage(
                passage=int(passages[each]),
                score=float(scores[each]),
                standardised=float(standardised[each]),
                ratio=float(ratios[passages[each]]),
                telling=self._telling(rows, similarities, self._owners[rows] == passages[each]),
            )
            for each in np.argsort(-scores, kind="stable")[:limit]
        ]

    def _ratios(self, question: str) -> FloatArray:
        """The greatest ratio of a text of each passage: float32 of shape (passages,)."""
        best = np.zeros(self.passages, np.float32)
        owners = self._owners[~self._kinds[RowKind.SENTENCE]]
        np.maximum.at(best, owners, self._words.ratios(question))
        return best

    def _candidates(self, embedding: FloatArray, ratios: FloatArray) -> IntArray:
        """Positions of the passages with the nearest rows or the most words, ascending."""
        near = self._owners[self._vectors.nearest(embedding, _NEAREST_ROWS).rows]
        wordy = np.argsort(-ratios, kind="stable")[:_MOST_WORDS]
        return np.union1d(near, wordy[ratios[wordy] > 0])

    def _rows_of(self, passages: IntArray) -> IntArray:
        """All rows of passages, in order."""
        ranges = zip(self._starts[passages], self._starts[passages + 1], strict=True)
        return np.concatenate([np.arange(start, end) for start, end in ranges])

    def _best(self, rows: IntArray, similarities: FloatArray, passages: IntArray) -> Similarities:
        """The greatest similarities of each passage's rows.

        Args:
            rows: The rows of `passages`.
            similarities: Their similarities: float32 of shape (rows, ...).
            passages: Positions, ascending.
        """
        owners = np.searchsorted(passages, self._owners[rows])

        def greatest(kind: RowKind) -> FloatArray:
            chosen = self._kinds[kind][rows]
            found = np.full((len(passages), *similarities.shape[1:]), -np.inf, np.float32)
            np.maximum.at(found, owners[chosen], similarities[chosen])
            return found

        text = np.float32(0.5) * (greatest(RowKind.PASSAGE) + greatest(RowKind.SENTENCE))
        return Similarities(text, greatest(RowKind.QUESTION))

    def _telling(
        self, rows: IntArray, similarities: FloatArray, own: npt.NDArray[np.bool_]
    ) -> dict[Language, int]:
        chosen = own & self._kinds[RowKind.SENTENCE][rows]
        found: dict[Language, list[float]] = {}
        for row, similarity in zip(rows[chosen], similarities[chosen], strict=True):
            found.setdefault(self._rows[row].language, []).append(float(similarity))
        together = list(found.values())
        if len({len(each) for each in together}) == 1:
            # Twins with as many sentences correspond, and tell more together than alone.
            best = int(np.argmax(np.sum(together, axis=0)))
            return dict.fromkeys(found, best)
        return {language: int(np.argmax(each)) for language, each in found.items()}
