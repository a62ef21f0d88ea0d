"""BM25: which words a question and a text share, letter for letter or nearly.

BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework") over terms that
need no language (`index.ranking.terms`).

Counts are kept for each segment, and put together when it is asked: how rare a term is, and
how long a text is beside others, depends on all that is searched together (`Rarities`). The
bundled unrelated questions are counted with them, so that "what", "est-ce" and "the" weigh
nothing even where a handful of passages never say them.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from index.encoders.encoder import FloatArray
from index.ranking.runs import IntArray, runs
from index.ranking.terms import different_terms, folded_words, hashed, terms

TermArray: TypeAlias = npt.NDArray[np.uint64]
NumberArray: TypeAlias = npt.NDArray[np.int32]
CountArray: TypeAlias = npt.NDArray[np.uint8]

_K1 = 0.9
_B = 0.9
_PUNCTUATION_WEIGHT = 0.05
_COMMON_WEIGHT = 0.3
_MOST_COUNTED = 255
_ARRAYS = ("terms", "starts", "rows", "counts", "lengths")


@dataclass(frozen=True, slots=True)
class MatchedWord:
    """A word of the question that a text has, wholly or in part.

    Attributes:
        word: The word, folded.
        share: Its part of the text's ratio.
    """

    word: str
    share: float


@dataclass(frozen=True, slots=True)
class WeighedWord:
    """A word of a question, weighed for what it is asked of.

    Attributes:
        word: The word, folded.
        start: Where it starts in the question.
        capital: Whether it is written with a capital.
        rarity: How rare it is beside a word never seen: in [0, 1].
        terms: How rare each of its terms is.
        tokens: int64: which tokens of the question it is made of.
    """

    word: str
    start: int
    capital: bool
    rarity: float
    terms: Mapping[int, float]
    tokens: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class QueryWords:
    """The words of a question, weighed for what it is asked of.

    Attributes:
        question: The question.
        terms: uint64 (terms,): its terms, each once.
        rarities: How rare each of them is, in the same order.
        mass: The highest BM25 that a text could reach; 1 where there is no term.
        mean_length: How many terms a text has in the mean.
    """

    question: str
    terms: TermArray
    rarities: Mapping[int, float]
    mass: float
    mean_length: float

    def coverages(self, texts: Sequence[str]) -> FloatArray:
        """The part of the terms, by rarity, that each text has: float32 (texts,)."""
        found = [
            sum(self.rarities[term] for term in self.rarities.keys() & different_terms(text))
            for text in texts
        ]
        return np.array(found, np.float32) / np.float32(self.mass)


@dataclass(frozen=True, slots=True)
class ManyWords:
    """The words of many questions, weighed for what they are asked of.

    Attributes:
        terms: uint64 (terms,): the terms of one question after those of another, each once.
        owners: int64 (terms,): the number of the question that each is of, ascending.
        rarities: float32 (terms,): how rare each is.
        masses: float32 (questions,): as `QueryWords` has it.
        mean_length: How many terms a text has in the mean.
    """

    terms: TermArray
    owners: npt.NDArray[np.int64]
    rarities: FloatArray
    masses: FloatArray
    mean_length: float

    def part(self, questions: slice) -> ManyWords:
        """Those of some of the questions that follow one another."""
        first, last = np.searchsorted(self.owners, (questions.start, questions.stop))
        return ManyWords(
            self.terms[first:last],
            self.owners[first:last] - questions.start,
            self.rarities[first:last],
            self.masses[questions],
            self.mean_length,
        )


class _TermScores(NamedTuple):
    """Texts that have terms of a question, term after term.

    Attributes:
        terms: uint64 (hits,).
        rows: int32 (hits,): the text.
        scores: float32 (hits,): what the term gives it.
    """

    terms: TermArray
    rows: NumberArray
    scores: FloatArray


@dataclass(frozen=True, slots=True)
class InvertedIndex:
    """The inverted index of some texts: which of them have a term, and how often.

    Attributes:
        terms: uint64 (terms,): all terms and whole words, ascending.
        starts: int64 (terms + 1,): where the postings of each term start.
        rows: int32 (postings,): the text of each posting, term after term.
        counts: uint8 (postings,): how often the text has the term, 255 for more.
        lengths: int32 (texts,): how many terms each text has, whole words aside.
    """

    terms: TermArray
    starts: npt.NDArray[np.int64]
    rows: NumberArray
    counts: CountArray
    lengths: NumberArray

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Index the words of `texts`."""
        lengths: list[int] = []
        found, rows, times = array("Q"), array("i"), array("i")
        for row, text in enumerate(texts):
            words = Counter(each.word for each in folded_words(text))
            counts: Counter[int] = Counter()
            for word, often in words.items():
                for term in hashed(word).terms:
                    counts[term] += often
            lengths.append(counts.total())
            counts.update({hashed(word).whole: often for word, often in words.items()})
            found.extend(counts)
            times.extend(counts.values())
            rows.extend([row] * len(counts))
        shown = np.minimum(times, _MOST_COUNTED).astype(np.uint8)
        every = _by_term(np.array(found, np.uint64), np.array(rows, np.int32), shown)
        return cls(*every, np.array(lengths, np.int32))

    @classmethod
    def joined(cls, parts: Sequence[InvertedIndex]) -> Self:
        """That of several, their texts one after the other."""
        firsts = np.cumsum([0, *(each.texts for each in parts)])
        every = [each.by_posting for each in parts]
        rows = [each.rows + np.int32(first) for each, first in zip(parts, firsts, strict=False)]
        counts = np.concatenate([each.counts for each in parts])
        return cls(
            *_by_term(np.concatenate(every), np.concatenate(rows), counts),
            np.concatenate([each.lengths for each in parts]),
        )

    def only(self, texts: npt.NDArray[np.int64]) -> InvertedIndex:
        """That of some of the texts, whose numbers are given in order."""
        numbers = np.full(self.texts, -1, np.int32)
        numbers[texts] = np.arange(len(texts))
        rows = numbers[self.rows]
        kept = rows >= 0
        found = _by_term(self.by_posting[kept], rows[kept], self.counts[kept])
        return InvertedIndex(*found, self.lengths[texts])

    @property
    def by_posting(self) -> TermArray:
        """uint64 (postings,): the term of each posting."""
        return np.repeat(self.terms, np.diff(self.starts))

    @property
    def texts(self) -> int:
        """How many texts there are."""
        return len(self.lengths)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything that is stored, by its name."""
        return {name: getattr(self, name) for name in _ARRAYS}

    def texts_by_language(self, words: Sequence[str], languages: IntArray, count: int) -> IntArray:
        """In how many texts of each language folded words stand: int64 (words, languages).

        Args:
            words: The words.
            languages: int64 (texts,): the number of each text's language.
            count: How many languages there are.
        """
        starts, ends = self._postings(np.array([hashed(each).whole for each in words], np.uint64))
        found = [
            np.bincount(languages[self.rows[start:end]], minlength=count)
            for start, end in zip(starts, ends, strict=True)
        ]
        return np.array(found, np.int64).reshape(len(words), count)

    def texts_with(self, wanted: TermArray) -> npt.NDArray[np.int64]:
        """How many texts have each of some terms or whole words: int64 (wanted,)."""
        starts, ends = self._postings(wanted)
        return ends - starts

    def ratios(self, query: QueryWords) -> FloatArray:
        """BM25 of each text over the highest that a text could reach: (texts,) in [0, 1].

        A question that shares few of its words with the base thereby has small ratios
        everywhere, and its vectors decide: across languages no other weight is needed.
        """
        hits = self._term_scores(query)
        out = np.zeros(self.texts, np.float32)
        np.add.at(out, hits.rows, hits.scores)
        return out / np.float32(query.mass)

    def many_ratios(self, words: ManyWords) -> FloatArray:
        """As `ratios`, for many questions: float32 (questions, texts)."""
        starts, ends = self._postings(words.terms)
        each = ends - starts
        postings = runs(starts, each)
        rows = self.rows[postings]
        scores = np.repeat(words.rarities, each) * self._saturation(postings, words.mean_length)
        shape = len(words.masses), self.texts
        cells = np.repeat(words.owners, each) * self.texts + rows
        found = np.bincount(cells, scores, minlength=shape[0] * shape[1]).reshape(shape)
        return np.asarray(found / words.masses[:, None], np.float32)

    def matches(self, query: QueryWords, text: int) -> tuple[MatchedWord, ...]:
        """The words of a question that count for text number `text`, heaviest first."""
        hits = self._term_scores(query)
        here = hits.rows == text
        scored = dict(zip(hits.terms[here].tolist(), hits.scores[here].tolist(), strict=True))
        shares: dict[str, float] = {}
        for word in (each.word for each in folded_words(query.question)):
            for term in hashed(word).terms:
                # A term counts for the first word that has it.
                shares[word] = shares.get(word, 0.0) + scored.pop(term, 0.0) / query.mass
        ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
        return tuple(MatchedWord(word, share) for word, share in ranked if share > 0)

    def _postings(self, wanted: TermArray) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Where the postings of each of some terms start and end: int64 (wanted,) each."""
        if not len(self.terms):
            nowhere = np.zeros(len(wanted), np.int64)
            return nowhere, nowhere
        at = np.minimum(np.searchsorted(self.terms, wanted), len(self.terms) - 1)
        starts = self.starts[at]
        return starts, np.where(self.terms[at] == wanted, self.starts[at + 1], starts)

    def _term_scores(self, query: QueryWords) -> _TermScores:
        """BM25 as Lucene has it, without a factor that no ratio shows."""
        starts, ends = self._postings(query.terms)
        each = ends - starts
        postings = runs(starts, each)
        rows = self.rows[postings]
        saturation = self._saturation(postings, query.mean_length)
        rarities = np.fromiter(query.rarities.values(), np.float32, len(query.terms))
        scores = np.asarray(np.repeat(rarities, each) * saturation, np.float32)
        return _TermScores(np.repeat(query.terms, each), rows, scores)

    def _saturation(self, postings: npt.NDArray[np.int64], mean_length: float) -> FloatArray:
        """What the count of each posting is worth beside the length of its text."""
        counts = self.counts[postings].astype(np.float32)
        relative = self.lengths[self.rows[postings]] / np.float32(mean_length)
        saturation = counts / (counts + np.float32(_K1) * (1 - _B + _B * relative))
        return np.asarray(saturation, np.float32)


class Rarities:
    """How rare words are in all that is searched together."""

    def __init__(self, searched: Sequence[InvertedIndex], ordinary: InvertedIndex) -> None:
        """Count together.

        Args:
            searched: The inverted indexes of what is searched.
            ordinary: That of the bundled unrelated questions, all languages.
        """
        self._every = (*searched, ordinary)
        self._documents = sum(each.texts for each in self._every)
        texts = sum(each.texts for each in searched)
        total = sum(int(each.lengths.sum()) for each in searched)
        self._mean_length = total / texts if total else 1.0

    def query(self, question: str) -> QueryWords:
        """Weigh the words of a question."""
        wanted = list(dict.fromkeys(terms(question)))
        stored = np.array(wanted, np.uint64)
        found = dict(zip(wanted, self._of(stored), strict=True))
        return QueryWords(question, stored, found, sum(found.values()) or 1.0, self._mean_length)

    def many(self, questions: Sequence[str]) -> ManyWords:
        """Weigh the words of many questions."""
        wanted = [list(dict.fromkeys(terms(each))) for each in questions]
        counts = np.fromiter(map(len, wanted), np.int64, len(wanted))
        stored = np.fromiter((term for each in wanted for term in each), np.uint64, counts.sum())
        different, places = np.unique(stored, return_inverse=True)
        rarities = np.array(self._of(different), np.float32)[places]
        owners = np.repeat(np.arange(len(wanted)), counts)
        masses = np.bincount(owners, rarities, minlength=len(wanted)).astype(np.float32)
        masses[masses == 0] = 1.0
        return ManyWords(stored, owners, rarities, masses, self._mean_length)

    def weights(self, question: str, offsets: npt.NDArray[np.integer]) -> FloatArray:
        """How much each token of a question counts: (tokens,).

        0.3 plus the rarity of the token's word relative to a word never seen, or 0.05 for
        punctuation and blanks.

        Args:
            question: The question.
            offsets: (tokens, 2): where each token starts and ends in `question`.
        """
        words = list(folded_words(question))
        rarities = self._of(np.array([hashed(each.word).whole for each in words], np.uint64))
        unseen = self._rarity(0)
        out = np.full(len(offsets), _PUNCTUATION_WEIGHT, np.float32)
        for at, (start, end) in enumerate(offsets.tolist()):
            for word, rarity in zip(words, rarities, strict=True):
                if word.start < end and start < word.end:
                    out[at] = _COMMON_WEIGHT + rarity / unseen
                    break
        return out

    def words(self, question: str, offsets: npt.NDArray[np.integer]) -> tuple[WeighedWord, ...]:
        """The words of a question, in order.

        Args:
            question: The question.
            offsets: (tokens, 2): where each token starts and ends in `question`.
        """
        words = list(folded_words(question))
        whole = self._of(np.array([hashed(each.word).whole for each in words], np.uint64))
        unseen = self._rarity(0)
        found = []
        for each, rarity in zip(words, whole, strict=True):
            own = hashed(each.word).terms
            rarities = self._of(np.array(own, np.uint64))
            tokens = np.flatnonzero((offsets[:, 0] < each.end) & (offsets[:, 1] > each.start))
            found.append(
                WeighedWord(
                    each.word,
                    each.start,
                    question[each.start].isupper(),
                    rarity / unseen,
                    dict(zip(own, rarities, strict=True)),
                    tokens,
                )
            )
        return tuple(found)

    def _of(self, wanted: TermArray) -> list[float]:
        counts = np.zeros(len(wanted), np.int64)
        for each in self._every:
            counts += each.texts_with(wanted)
        return [self._rarity(count) for count in counts.tolist()]

    def _rarity(self, count: int) -> float:
        """Inverse document frequency as Lucene has it."""
        return math.log1p((self._documents - count + 0.5) / (count + 0.5))


def _by_term(
    every: TermArray, rows: NumberArray, counts: CountArray
) -> tuple[TermArray, npt.NDArray[np.int64], NumberArray, CountArray]:
    """Postings in the order of their terms, then of their texts; and where each term starts."""
    order = np.lexsort((rows, every))
    found, starts = np.unique(every[order], return_index=True)
    ends = np.append(starts, len(every)).astype(np.int64)
    return found, ends, rows[order], counts[order]
