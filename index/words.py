"""Words that a question shares with texts: BM25, as a share of the most that it could give.

Own code, as bm25s takes the average length from the very documents that it counts idf over
and keeps no idf to make a share with, while here idf is counted over more than the texts.

A text is a bag of features of its words, which need no stemmer and no language: the first
letters (a word in another number, person or tense) and every run of four (a typo, a
compound, a cognate in the other language).

Formula: Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and
Beyond", section 3, with the idf of Lucene, which is never negative.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np
import numpy.typing as npt

from index.encoder import FloatArray

_SATURATION = 0.9
"""k1: how soon a repeated word adds nothing."""
_LENGTH = 0.9
"""b: how much of a long text's advantage is taken back."""
_FIRST_LETTERS = 6
_RUN = 4
_WORD = re.compile(r"\w+")


def folded_words(text: str) -> list[str]:
    """The words of a text, in lower case and without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    return _WORD.findall("".join(each for each in decomposed if not unicodedata.combining(each)))


@lru_cache(maxsize=1 << 16)
def features(word: str) -> tuple[str, ...]:
    """What a folded word is compared by."""
    marked = f"^{word}$"
    runs = (marked[at : at + _RUN] for at in range(max(1, len(marked) - _RUN + 1)))
    return (f"p:{word[:_FIRST_LETTERS]}", *(f"g:{run}" for run in runs))


def _features_of(text: str) -> Iterator[str]:
    return chain.from_iterable(map(features, folded_words(text)))


class Words:
    """Texts by the features of their words."""

    def __init__(self, texts: Sequence[str], ordinary: Sequence[str]) -> None:
        """Count the words of `texts`.

        Args:
            texts: What is searched.
            ordinary: Questions about anything else. A word that is frequent in them says
                little, however few texts there are to count it in.
        """
        bags = [Counter(_features_of(text)) for text in texts]
        elsewhere = Counter(chain.from_iterable(set(_features_of(each)) for each in ordinary))
        self._texts = len(texts)
        self._numbers = {
            feature: number
            for number, feature in enumerate(dict.fromkeys(chain(*bags, sorted(elsewhere))))
        }
        numbers = np.array([self._numbers[each] for bag in bags for each in bag], np.int64)
        owners = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
        order = np.argsort(numbers, kind="stable")
        found = np.bincount(numbers, minlength=len(self._numbers))
        # The texts with feature i are owners[starts[i]:starts[i + 1]].
        self._starts = np.concatenate([[0], np.cumsum(found)])
        self._owners = owners[order]
        self._saturated = _saturated(bags, owners)[order]
        documents = len(texts) + len(ordinary)
        frequencies = found + np.array([elsewhere[each] for each in self._numbers], np.int64)
        self._idf = _idf(frequencies, documents)
        self._idf_of_unknown = float(_idf(np.zeros(1, np.int64), documents)[0])

    def ratios(self, question: str) -> FloatArray:
        """How much of a question's weight each text has: float32 in [0, 1], shape (texts,).

        The score of BM25 by the greatest that a text could have, (k1 + 1) times the sum of
        idf over the question's features; those that occur nowhere count in the latter.
        """
        scores = np.zeros(self._texts)
        most = 0.0
        for feature in dict.fromkeys(_features_of(question)):
            number = self._numbers.get(feature)
            if number is None:
                most += self._idf_of_unknown
                continue
            idf = self._idf[number]
            most += idf
            texts = slice(self._starts[number], self._starts[number + 1])
            scores[self._owners[texts]] += idf * self._saturated[texts]
        return np.asarray(scores / most if most else scores, np.float32)


def _saturated(
    bags: Sequence[Counter[str]], owners: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Give tf / (tf + k1 (1 - b + b length / average length)) of each feature of each text.

    The factor k1 + 1 of BM25 is left out here and in what scores are divided by.
    """
    times = np.array([count for bag in bags for count in bag.values()], np.float64)
    lengths = np.array([bag.total() for bag in bags], np.float64)
    relative = lengths / (lengths.mean() or 1.0)
    return times / (times + _SATURATION * (1 - _LENGTH + _LENGTH * relative[owners]))


def _idf(frequencies: npt.NDArray[np.int64], documents: int) -> npt.NDArray[np.float64]:
    return np.log1p((documents - frequencies + 0.5) / (frequencies + 0.5))
