"""What the bundled unrelated questions find in a segment, so that segments can be put together.

A threshold belongs to all that is searched together. What each question finds best in each
segment is kept, part by part, before any standardising: then the best of any segments, by
the noise of them all, is a matter of adding up.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from index.encoders.cores import cores
from index.encoders.encoder import FloatArray
from index.ranking.ranking import (
    QUESTION_SHARE,
    SENTENCE_WEIGHT,
    TOKENS_WEIGHT,
    WORDS_WEIGHT,
    BoolArray,
    Noise,
    Query,
    RankedPassage,
    Ranking,
    TextScore,
)

NumberArray: TypeAlias = npt.NDArray[np.int32]
GroupArray: TypeAlias = npt.NDArray[np.int8]

KEPT = 6
"""Passages that are kept for a question: the best, the four that it is measured by, and one
more for when one of them is removed."""
NOTHING = -1
"""In place of a number."""
_ARRAYS = ("passages", "parts", "groups")


@dataclass(frozen=True, slots=True)
class UnrelatedFinds:
    """What the questions of one language find in one segment, those of one text once.

    Attributes:
        passages: int32 (questions, KEPT): what is found, best first; -1 for nothing.
        parts: float32 (questions, KEPT, 2, 3): similarity of tokens, of the sentence, and the
            share of words, of the text and of the curated question that raises it.
        groups: int8 (questions, KEPT, 2): the groups of both; -1 for none.
    """

    passages: NumberArray
    parts: FloatArray
    groups: GroupArray

    @classmethod
    def measure(cls, ranking: Ranking, queries: Sequence[Query], noise: Noise) -> Self:
        """Ask a segment all questions.

        Args:
            ranking: The segment's.
            queries: The questions.
            noise: What they reach.
        """
        passages = np.full((len(queries), KEPT), NOTHING, np.int32)
        parts = np.zeros((len(queries), KEPT, 2, 3), np.float32)
        groups = np.full((len(queries), KEPT, 2), NOTHING, np.int8)
        with ThreadPoolExecutor(cores()) as threads:
            every = list(threads.map(lambda query: ranking.rank(query, noise), queries))
        for row, ranked in enumerate(every):
            for place, each in enumerate(different(ranked, ranking)[:KEPT]):
                passages[row, place] = each.passage
                for which, part in enumerate((each.text, each.question)):
                    if part is not None:
                        group = ranking.group(part.text)
                        groups[row, place, which] = group
                        parts[row, place, which] = _raw(part, noise, group)
        return cls(passages, parts, groups)

    @classmethod
    def joined(
        cls, finds: Sequence[UnrelatedFinds], firsts: Sequence[NumberArray], noise: Noise
    ) -> Self:
        """What they find in several segments that become one.

        Args:
            finds: What they find in each.
            firsts: For each segment the new number of each of its passages; -1 for those
                that are left out.
            noise: What they reach on all.
        """
        numbers = [
            np.where(each.passages == NOTHING, NOTHING, first[each.passages])
            for each, first in zip(finds, firsts, strict=True)
        ]
        every = cls(
            np.concatenate(numbers, axis=1).astype(np.int32),
            np.concatenate([each.parts for each in finds], axis=1),
            np.concatenate([each.groups for each in finds], axis=1),
        )
        order = np.argsort(-every.scores(noise), axis=1, kind="stable")[:, :KEPT]
        return cls(
            np.take_along_axis(every.passages, order, axis=1),
            np.take_along_axis(every.parts, order[:, :, None, None], axis=1),
            np.take_along_axis(every.groups, order[:, :, None], axis=1),
        )

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything that is stored, by its name."""
        return {name: getattr(self, name) for name in _ARRAYS}

    def scores(self, noise: Noise, among: BoolArray | None = None) -> FloatArray:
        """The scores of what is found: float32 (questions, KEPT), -inf for nothing.

        Args:
            noise: What the questions reach on all that is searched together.
            among: bool (passages,): the segment's passages that count; None for all.
        """
        present = self.passages != NOTHING
        if among is not None:
            present &= among[self.passages]
        weights = TOKENS_WEIGHT, SENTENCE_WEIGHT, WORDS_WEIGHT
        own = np.zeros(self.groups.shape, np.float32)
        means = (noise.token_means, noise.sentence_means)
        spreads = (noise.token_spreads, noise.sentence_spreads)
        for part, (mean, spread) in enumerate(zip(means, spreads, strict=True)):
            centred = self.parts[..., part] - np.array(mean, np.float32)[self.groups]
            own += weights[part] * centred / np.array(spread, np.float32)[self.groups]
        own += WORDS_WEIGHT * self.parts[..., 2]
        rise = np.where(self.groups[..., 1] == NOTHING, 0.0, own[..., 1] - own[..., 0])
        total = own[..., 0] + QUESTION_SHARE * np.maximum(rise, 0.0)
        return np.where(present, total, -np.inf).astype(np.float32)


def best_scores(scores: Sequence[FloatArray]) -> list[list[float]]:
    """For each question its scores in all segments together, best first.

    Args:
        scores: What `UnrelatedFinds.scores` gave for each segment.
    """
    every = -np.sort(-np.concatenate(scores, axis=1), axis=1)[:, : KEPT - 1]
    return [[each for each in row if each > -np.inf] for row in every.tolist()]


def different(ranked: Sequence[RankedPassage], ranking: Ranking) -> list[RankedPassage]:
    """Those of `ranked` that say something else than the ones before them."""
    found: dict[str, RankedPassage] = {}
    for each in ranked:
        found.setdefault(ranking.content(each.passage), each)
    return list(found.values())


def _raw(part: TextScore, noise: Noise, group: int) -> tuple[float, float, float]:
    """The parts of a score before they were standardised."""
    return (
        part.tokens * noise.token_spreads[group] + noise.token_means[group],
        part.sentence * noise.sentence_spreads[group] + noise.sentence_means[group],
        part.words,
    )
