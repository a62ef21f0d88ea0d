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
    """Mean and standard deviation of the similarity of passages to unrelated questions."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, values: FloatArray) -> Moments:
        """The moments of `values` of any shape; a deviation of 1 where they do not differ."""
        return cls(float(values.mean(dtype=np.float64)), float(values.std(dtype=np.float64)) or 1.0)


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
        whole: The greatest similarity of one of its texts or curated questions.
        sentence: The greatest similarity of one of its sentences.
        standardised: The mean of the two similarities, in deviations above the mean of
            unrelated questions.
        ratio: How much of the question's words one of its texts or curated questions has.
        telling: For each language, the number of the sentence that answers best.
    """

    passage: int
    score: float
    whole: float
    sentence: float
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
        self._are_sentences = np.array([row.kind is RowKind.SENTENCE for row in rows])
        # The rows of a passage stand together.
        self._starts = np.searchsorted(self._owners, np.arange(self._owners[-1] + 2))
        self._words = Words(
            [row.content for row in rows if row.kind is not RowKind.SENTENCE], ordinary
        )

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return len(self._starts) - 1

    def similarities(self, queries: FloatArray, passages: IntArray) -> FloatArray:
        """The mean of whole and sentence similarity.

        Args:
            queries: float32 of shape (queries, dimension).
            passages: Positions of passages, ascending.

        Returns:
            float32 of shape (passages, queries).
        """
        rows = self._rows_of(passages)
        whole, sentence = self._best(rows, self._vectors.at(rows) @ queries.T, passages)
        return np.asarray((whole + sentence) / 2, np.float32)

    def rank(self, query: Query, scale: Moments, limit: int) -> list[RankedPassage]:
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
        whole, sentence = self._best(rows, similarities, passages)
        standardised = ((whole + sentence) / 2 - scale.mean) / scale.deviation
        scores = standardised + LEXICAL_WEIGHT * ratios[passages]
        return [
            RankedPassage(
                passage=int(passages[each]),
                score=float(scores[each]),
                whole=float(whole[each]),
                sentence=float(sentence[each]),
                standardised=float(standardised[each]),
                ratio=float(ratios[passages[each]]),
                telling=self._telling(rows, similarities, self._owners[rows] == passages[each]),
            )
            for each in np.argsort(-scores, kind="stable")[:limit]
        ]

    def _ratios(self, question: str) -> FloatArray:
        """The greatest ratio of a text of each passage: float32 of shape (passages,)."""
        best = np.zeros(self.passages, np.float32)
        owners = self._owners[~self._are_sentences]
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

    def _best(
        self, rows: IntArray, similarities: FloatArray, passages: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        """The greatest similarity of a whole text and of a sentence of each passage.

        Args:
            rows: The rows of `passages`.
            similarities: Their similarities: float32 of shape (rows, ...).
            passages: Positions, ascending.

        Returns:
            Two float32 arrays of shape (passages, ...).
        """
        owners = np.searchsorted(passages, self._owners[rows])
        sentences = self._are_sentences[rows]
        whole = np.full((len(passages), *similarities.shape[1:]), -np.inf, np.float32)
        sentence = whole.copy()
        np.maximum.at(whole, owners[~sentences], similarities[~sentences])
        np.maximum.at(sentence, owners[sentences], similarities[sentences])
        return whole, sentence

    def _telling(
        self, rows: IntArray, similarities: FloatArray, own: npt.NDArray[np.bool_]
    ) -> dict[Language, int]:
        chosen = own & self._are_sentences[rows]
        found: dict[Language, list[float]] = {}
        for row, similarity in zip(rows[chosen], similarities[chosen], strict=True):
            found.setdefault(self._rows[row].language, []).append(float(similarity))
        together = list(found.values())
        if len({len(each) for each in together}) == 1:
            # Twins with as many sentences correspond, and tell more together than alone.
            best = int(np.argmax(np.sum(together, axis=0)))
            return dict.fromkeys(found, best)
        return {language: int(np.argmax(each)) for language, each in found.items()}
