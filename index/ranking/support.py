"""What a passage has of each word of a question: what is named and lacking counts against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from index.encoders.encoder import FloatArray
from index.ranking.bm25 import WeighedWord
from index.ranking.terms import different_terms

_LEAST_NAME = 2


class WordSupport(NamedTuple):
    """What a text has of one word of the question.

    Attributes:
        name: Whether it looks like a name: a capital where no sentence starts.
        rarity: How rare it is beside a word never seen: in [0, 1].
        shared: The part of its terms, by rarity, that the text has: in [0, 1].
        nearest: How near a token of the text comes to its tokens in the mean: a cosine.
    """

    name: bool
    rarity: float
    shared: float
    nearest: float

    @property
    def lacking(self) -> float:
        """How much of it is missing, by letters as by meaning, times its rarity."""
        return self.rarity * (1.0 - max(self.shared, self.nearest))


def word_supports(
    words: Sequence[WeighedWord], nearest: FloatArray, texts: Sequence[str]
) -> list[WordSupport]:
    """What texts have of each word, the best of them counting.

    Args:
        words: The words of the question.
        nearest: float32 (tokens of the question,): the best cosine of each with a token of
            the texts.
        texts: The texts.
    """
    has = frozenset().union(*(different_terms(each) for each in texts))
    found = []
    for each in words:
        mass = sum(each.terms.values())
        shared = sum(rarity for term, rarity in each.terms.items() if term in has)
        own = nearest[each.tokens]
        found.append(
            WordSupport(
                each.start > 0 and each.capital and len(each.word) >= _LEAST_NAME,
                each.rarity,
                shared / mass if mass else 0.0,
                float(np.mean(own)) if len(own) else 0.0,
            )
        )
    return found
