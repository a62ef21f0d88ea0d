"""Words: what a question and a text share, letter for letter or nearly.

BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework") by bm25s, over
terms that need no language: the first six letters of each accent-folded word, and its runs
of four letters. The runs find typos, endings and what French and English have in common.
The documents counted for a term's rarity include the bundled unrelated questions, so that
"what", "est-ce" and "the" weigh nothing even where a handful of passages never say them.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from index.encoder import FloatArray
from index.tokens import IntArray

_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_PREFIX = 6
_RUN = 4
_K1 = 0.9
_B = 0.9
_PUNCTUATION_WEIGHT = 0.05
_COMMON_WEIGHT = 0.3
_VOCABULARIES = ("frequencies", "background", "texts", "documents")


def fold(text: str) -> str:
    """`text` in lower case, without accents and ligatures."""
    plain = text.lower().replace("œ", "oe").replace("æ", "ae")
    parts = unicodedata.normalize("NFKD", plain)
    return "".join(each for each in parts if not unicodedata.combining(each))


def folded_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word of `text`, folded, with where it starts and ends in `text`."""
    for found in _WORD.finditer(text):
        if folded := fold(found.group()):
            yield folded, found.start(), found.end()


@lru_cache(maxsize=1 << 14)
def word_terms(word: str) -> tuple[str, ...]:
    """The terms of one folded word."""
    framed = f"^{word}$"
    runs = (framed[at : at + _RUN] for at in range(max(1, len(framed) - _RUN + 1)))
    return (f"p:{word[:_PREFIX]}", *(f"g:{run}" for run in runs))


def terms(text: str) -> list[str]:
    """All terms of `text`, as often as they occur."""
    return [term for word, _, _ in folded_words(text) for term in word_terms(word)]


@lru_cache(maxsize=1 << 11)
def _different_terms(text: str) -> frozenset[str]:
    """The terms of a sentence, kept for the next question that finds its passage."""
    return frozenset(terms(text))


def rarity(documents: float, frequency: npt.ArrayLike) -> FloatArray:
    """Inverse document frequency as Lucene has it: ln(1 + (N - n + 0.5) / (n + 0.5))."""
    counts = np.asarray(frequency, dtype=np.float64)
    return np.log1p((documents - counts + 0.5) / (counts + 0.5)).astype(np.float32)


def _rarity_of(documents: int, count: int) -> float:
    return math.log1p((documents - count + 0.5) / (count + 0.5))


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
class QueryWords:
    """The words of a question.

    Attributes:
        rarities: How rare each of its terms is, in the order of the question.
        mass: The highest BM25 that a text could reach; 1 where there is no term.
    """

    rarities: dict[str, float]
    mass: float


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some texts.

    Attributes:
        vocabulary: The number of each term.
        rarities: float32 (terms,): how rare each term is.
        scores: float32 (entries,): BM25 of term and text, column after column.
        rows: int64 (entries,): the text of each entry.
        starts: int64 (terms + 1,): where the entries of each term start.
        frequencies: How many texts and bundled questions have each whole word.
        background: How many bundled questions have each term that no text has.
        texts: How many texts there are.
        documents: How many texts and bundled questions there are.
    """

    vocabulary: dict[str, int]
    rarities: FloatArray
    scores: FloatArray
    rows: IntArray
    starts: IntArray
    frequencies: dict[str, int]
    background: dict[str, int]
    texts: int
    documents: int

    @classmethod
    def build(cls, texts: Sequence[str], background: Sequence[str]) -> Self:
        """Index `texts`; `background` are the bundled unrelated questions, all languages."""
        documents = len(texts) + len(background)
        frequencies = Counter(
            word
            for text in (*texts, *background)
            for word in dict.fromkeys(folded for folded, _, _ in folded_words(text))
        )
        behind = Counter(term for text in background for term in dict.fromkeys(terms(text)))
        corpus = [terms(text) for text in texts]
        if not any(corpus):
            empty = np.zeros(0, np.float32)
            nothing = np.zeros(0, np.int64)
            start = np.zeros(1, np.int64)
            known = dict(frequencies), dict(behind)
            return cls({}, empty, empty, nothing, start, *known, len(texts), documents)
        import bm25s  # only a build needs it

        distinct = dict.fromkeys(term for text in corpus for term in text)
        numbers = {term: number for number, term in enumerate(distinct)}
        engine = bm25s.BM25(method="lucene", k1=_K1, b=_B)
        engine.index(
            ([[numbers[term] for term in text] for text in corpus], numbers),
            show_progress=False,
            create_empty_token=False,
        )
        starts = np.asarray(engine.scores["indptr"], dtype=np.int64)
        present = np.diff(starts)
        beyond = np.array([behind[term] for term in numbers], dtype=np.int64)
        ours = rarity(documents, present + beyond)
        # bm25s has rarity among the texts alone within each entry: exchange it for ours.
        factor = ours / rarity(len(texts), present)
        return cls(
            vocabulary=numbers,
            rarities=ours,
            scores=np.asarray(engine.scores["data"], np.float32) * np.repeat(factor, present),
            rows=np.asarray(engine.scores["indices"], dtype=np.int64),
            starts=starts,
            frequencies=dict(frequencies),
            background={term: count for term, count in behind.items() if term not in numbers},
            texts=len(texts),
            documents=documents,
        )

    @classmethod
    def stored(
        cls,
        vocabularies: Mapping[str, Any],
        rarities: FloatArray,
        scores: FloatArray,
        rows: IntArray,
        starts: IntArray,
    ) -> Self:
        """Put together what `vocabularies` and `arrays` gave.

        Raises:
            KeyError: Something is missing.
        """
        terms = {term: number for number, term in enumerate(vocabularies["terms"])}
        others = {name: vocabularies[name] for name in _VOCABULARIES}
        return cls(terms, rarities, scores, rows, starts, **others)

    def vocabularies(self) -> dict[str, Any]:
        """What is stored as text."""
        others = {name: getattr(self, name) for name in _VOCABULARIES}
        return {"terms": list(self.vocabulary), **others}

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What is stored as arrays."""
        names = ("rarities", "scores", "rows", "starts")
        return {name: getattr(self, name) for name in names}

    def query(self, question: str) -> QueryWords:
        """Prepare the words of a question."""
        rarities = {term: self._rarity(term) for term in dict.fromkeys(terms(question))}
        return QueryWords(rarities, sum(rarities.values()) or 1.0)

    def _rarity(self, term: str) -> float:
        number = self.vocabulary.get(term)
        if number is not None:
            return float(self.rarities[number])
        return _rarity_of(self.documents, self.background.get(term, 0))

    def ratios(self, query: QueryWords) -> FloatArray:
        """BM25 of each text over the highest that a text could reach: (texts,) in [0, 1].

        A question that shares few of its words with the base thereby has small ratios
        everywhere, and its vectors decide: across languages no other weight is needed.
        """
        out = np.zeros(self.texts, np.float32)
        for term in query.rarities:
            number = self.vocabulary.get(term)
            if number is not None:
                entries = slice(self.starts[number], self.starts[number + 1])
                out[self.rows[entries]] += self.scores[entries]
        return out / np.float32(query.mass)

    def matches(self, question: str, text: int) -> tuple[MatchedWord, ...]:
        """The words of `question` that count for text number `text`, heaviest first."""
        mass = self.query(question).mass
        shares: dict[str, float] = {}
        seen: set[str] = set()
        for word, _, _ in folded_words(question):
            for term in word_terms(word):
                number = self.vocabulary.get(term)
                if number is None or term in seen:
                    continue
                seen.add(term)
                entries = slice(self.starts[number], self.starts[number + 1])
                hits = self.scores[entries][self.rows[entries] == text]
                shares[word] = shares.get(word, 0.0) + float(hits.sum()) / mass
        ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
        return tuple(MatchedWord(word, share) for word, share in ranked if share > 0)

    def coverages(self, query: QueryWords, texts: Sequence[str]) -> FloatArray:
        """The part of the question's terms, by rarity, that each text has: float32 (texts,)."""
        rarities = query.rarities
        found = [
            sum(rarities[term] for term in rarities.keys() & _different_terms(text)) / query.mass
            for text in texts
        ]
        return np.array(found, np.float32)

    def weights(self, question: str, offsets: npt.NDArray[np.integer]) -> FloatArray:
        """How much each token of a question counts: (tokens,).

        0.3 plus the rarity of the token's word relative to a word never seen, or 0.05 for
        punctuation and blanks.

        Args:
            question: The question.
            offsets: (tokens, 2): where each token starts and ends in `question`.
        """
        unseen = _rarity_of(self.documents, 0)
        found = list(folded_words(question))
        out = np.full(len(offsets), _PUNCTUATION_WEIGHT, np.float32)
        for at, (start, end) in enumerate(offsets):
            word = next((w for w, left, right in found if left < end and start < right), None)
            if word is not None:
                count = self.frequencies.get(word, 0)
                out[at] = _COMMON_WEIGHT + _rarity_of(self.documents, count) / unseen
        return out
