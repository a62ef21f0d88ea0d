"""From the similarity of rows to the ranking of passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from index.encoder import FloatArray
from index.rows import Row, RowKind
from index.vectors import Vectors
from knowledge import Language

IntArray: TypeAlias = npt.NDArray[np.int64]

_CANDIDATES = 400
"""Rows whose passages are ranked; every row of a small knowledge base."""


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage and what it is ranked by.

    Attributes:
        passage: Its position among all passages.
        score: The mean of the two similarities.
        whole: The greatest similarity of one of its texts or curated questions.
        sentence: The greatest similarity of one of its sentences.
        telling: For each language, the number of the sentence that answers best.
    """

    passage: int
    score: float
    whole: float
    sentence: float
    telling: dict[Language, int]


def rank_passages(query: FloatArray, vectors: Vectors, ranking: Ranking) -> list[RankedPassage]:
    """Rank the passages nearest to a query of shape (dimension,), best first."""
    rows = ranking.rows_of(vectors.nearest(query, _CANDIDATES).rows)
    return ranking.rank(rows, vectors.at(rows) @ query)


class Ranking:
    """Knows which rows belong to which passage, and ranks passages by their rows."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = tuple(rows)
        self._owners = np.array([row.passage for row in rows], np.int64)
        self._are_sentences = np.array([row.kind is RowKind.SENTENCE for row in rows])
        # The rows of a passage stand together.
        self._starts = np.searchsorted(self._owners, np.arange(self._owners[-1] + 2))

    def rows_of(self, hits: IntArray) -> IntArray:
        """All rows of the passages that `hits` (rows) belong to, in order."""
        passages = np.unique(self._owners[hits])
        ranges = zip(self._starts[passages], self._starts[passages + 1], strict=True)
        return np.concatenate([np.arange(start, end) for start, end in ranges])

    def rank(self, rows: IntArray, similarities: FloatArray) -> list[RankedPassage]:
        """Rank the passages that `rows` belong to, best first.

        Args:
            rows: Rows as `rows_of` gives them.
            similarities: Their similarities to the question, of the same shape.
        """
        passages, owner = np.unique(self._owners[rows], return_inverse=True)
        sentences = self._are_sentences[rows]
        whole = np.full(len(passages), -np.inf, np.float32)
        best = np.full(len(passages), -np.inf, np.float32)
        np.maximum.at(whole, owner[~sentences], similarities[~sentences])
        np.maximum.at(best, owner[sentences], similarities[sentences])
        scores = (whole + best) / 2
        return [
            RankedPassage(
                int(passages[each]),
                float(scores[each]),
                float(whole[each]),
                float(best[each]),
                self._telling(rows, similarities, sentences & (owner == each)),
            )
            for each in np.argsort(-scores, kind="stable")
        ]

    def _telling(
        self, rows: IntArray, similarities: FloatArray, chosen: npt.NDArray[np.bool_]
    ) -> dict[Language, int]:
        found: dict[Language, list[float]] = {}
        for row, similarity in zip(rows[chosen], similarities[chosen], strict=True):
            found.setdefault(self._rows[row].language, []).append(float(similarity))
        together = list(found.values())
        if len({len(each) for each in together}) == 1:
            # Twins with as many sentences correspond, and tell more together than alone.
            best = int(np.argmax(np.sum(together, axis=0)))
            return dict.fromkeys(found, best)
        return {language: int(np.argmax(each)) for language, each in found.items()}
