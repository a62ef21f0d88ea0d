"""From what a question and texts have in common to the ranking of passages.

    score of a text = 0.5 * tokens + 0.5 * sentence + 4 * words

tokens: late interaction of question and text (`index.ranking.late_interaction`).
sentence: the best cosine of the question with a sentence of the text.
words: the share of the question's words that the text has (`index.ranking.bm25`).

The first two are in standard deviations of what unrelated questions reach on the texts of
this knowledge base (`Noise`): hundreds of questions, so that it holds for nine passages as
for ten thousand. Nothing here is divided by a spread over passages.

A knowledge base may be several segments, each with a `Ranking` of its own. What a score is
measured by belongs to the whole (`Query.words`, `Noise`), so that scores of all segments
compare (`index.segments`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from index.encoders.encoder import Encoded, FloatArray, OffsetArray
from index.ranking.bm25 import InvertedIndex, MatchedWord, QueryWords, Rarities
from index.ranking.late_interaction import QueryTokens, RangeArray, TokenVectors
from index.ranking.runs import IntArray, runs
from index.ranking.telling import LEAST_LEAD, Telling, telling_sentence
from index.ranking.texts import Text, TextKind
from index.ranking.vectors import Vectors
from knowledge import Language

TOKENS_WEIGHT = 0.5
SENTENCE_WEIGHT = 0.5
WORDS_WEIGHT = 4.0
QUESTION_SHARE = 0.5
"""How far a curated question that fits better than the text itself raises its passage: a
full rise lets a question that merely shares the member's phrasing beat the passage that
answers."""
CANDIDATES = 20
"""Passages whose tokens are compared; see docs/quality.md for what more would give."""

_EVERY_ROW = 4096
"""Sentences up to which all are compared; of more, the nearest."""
_NEAREST_ROWS = 200
_MOST_WORDS = 50

BoolArray: TypeAlias = npt.NDArray[np.bool_]

GROUPS = tuple((language, kind) for language in Language for kind in TextKind)


class Noise(NamedTuple):
    """What unrelated questions of one language reach, for each of `GROUPS`.

    Attributes:
        token_means, token_spreads: Mean and standard deviation of token similarity.
        sentence_means, sentence_spreads: The same of sentence similarity.
        texts: How many texts there are.
    """

    token_means: tuple[float, ...]
    token_spreads: tuple[float, ...]
    sentence_means: tuple[float, ...]
    sentence_spreads: tuple[float, ...]
    texts: tuple[int, ...]

    @classmethod
    def pooled(cls, parts: Sequence[Noise]) -> Noise:
        """What they reach on several segments together, as mean and variance add up."""
        counts = np.array([each.texts for each in parts], np.float64)
        # A group without texts anywhere keeps what its parts say.
        shares = np.where(counts.sum(axis=0) > 0, counts, 1.0)
        shares /= shares.sum(axis=0)

        def moments(means: object, spreads: object) -> tuple[tuple[float, ...], tuple[float, ...]]:
            every, around = np.array(means, np.float64), np.array(spreads, np.float64)
            mean = (shares * every).sum(axis=0)
            variance = (shares * (around**2 + every**2)).sum(axis=0) - mean**2
            return tuple(mean.tolist()), tuple(np.sqrt(np.maximum(variance, 0.0)).tolist())

        return cls(
            *moments([each.token_means for each in parts], [each.token_spreads for each in parts]),
            *moments(
                [each.sentence_means for each in parts], [each.sentence_spreads for each in parts]
            ),
            tuple(counts.sum(axis=0).astype(int).tolist()),
        )


class Query(NamedTuple):
    """A question as it is ranked by.

    Attributes:
        embedding: float32 (dimension,).
        tokens: Its tokens.
        words: Its words.
        offsets: int32 (tokens, 2): where each token starts and ends in the question.
    """

    embedding: FloatArray
    tokens: QueryTokens
    words: QueryWords
    offsets: OffsetArray

    @classmethod
    def of(cls, text: str, encoded: Encoded, mean: FloatArray, rarities: Rarities) -> Query:
        """Prepare a question.

        Args:
            text: The question.
            encoded: It as the encoder read it.
            mean: The mean token of ordinary questions in its language.
            rarities: How rare words are in what it is asked of.
        """
        weights = rarities.weights(text, encoded.offsets)
        tokens = QueryTokens.of(encoded, weights, mean)
        return cls(encoded.embedding, tokens, rarities.query(text), encoded.offsets)


@dataclass(frozen=True, slots=True)
class TextScore:
    """The score of a text, and the three parts that it is added up from.

    Attributes:
        text: The number of the text.
        score: Its score.
        tokens, sentence: In deviations above unrelated questions.
        words: In [0, 1].
    """

    text: int
    score: float
    tokens: float
    sentence: float
    words: float


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage with its score.

    Attributes:
        passage: Its number among all passages.
        score: What it is ranked by.
        text: The text of it that fits best, curated questions aside.
        question: The curated question that raised it, or None.
    """

    passage: int
    score: float
    text: TextScore
    question: TextScore | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that may fit a question, before their tokens are compared.

    Attributes:
        passages: int64 (passages,): best first.
        scores: float32 (passages,): by the sentence and the words.
        texts: int64 (texts,): the texts of more passages than those, in order.
        sentence, words: float32 (texts,): the parts of their scores.
    """

    passages: IntArray
    scores: FloatArray
    texts: IntArray
    sentence: FloatArray
    words: FloatArray


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of some texts, text after text.

    Attributes:
        vectors: float32 (sentences, dimension).
        starts: int64 (texts,): the first sentence of each text.
        groups: int64 (texts,): which of `GROUPS` each text is in.
    """

    vectors: FloatArray
    starts: IntArray
    groups: IntArray

    def similarities(self, embeddings: FloatArray) -> FloatArray:
        """How similar the best sentence of each text is: float32 (queries, texts).

        Args:
            embeddings: float32 (queries, dimension).
        """
        return np.maximum.reduceat(embeddings @ self.vectors.T, self.starts, axis=1)

    def scores(self, embeddings: FloatArray, ratios: FloatArray, noise: Noise) -> FloatArray:
        """What the first step of ranking gives each text: float32 (queries, texts).

        Args:
            embeddings: float32 (queries, dimension).
            ratios: float32 (queries, texts): the parts of the words that the texts have.
            noise: What unrelated questions of their language reach.
        """
        similarities = self.similarities(embeddings)
        means, spreads = noise.sentence_means, noise.sentence_spreads
        sentence = _standard(similarities, means, spreads, self.groups)
        return np.asarray(sentence + WORDS_WEIGHT * ratios, np.float32)


class Ranking:
    """Knows which texts belong to which passage, and ranks passages by their texts."""

    def __init__(
        self,
        texts: Sequence[Text],
        vectors: Vectors,
        tokens: TokenVectors,
        ranges: RangeArray,
        words: InvertedIndex,
    ) -> None:
        """Hold what texts are compared by.

        Args:
            texts: All texts, those of a passage together.
            vectors: The vectors of their sentences, text after text.
            tokens: Their tokens.
            ranges: int32 (sentences, 2): the tokens of each sentence within its text.
            words: Their words.
        """
        self.texts = tuple(texts)
        self._vectors = vectors
        self._tokens = tokens
        self._ranges = ranges
        self._words = words
        self._owners = np.array([text.passage for text in texts], np.int64)
        self._groups = np.array(
            [GROUPS.index((text.language, text.kind)) for text in texts], np.int64
        )
        self._asked = np.array([text.kind is TextKind.QUESTION for text in texts])
        counts = [len(text.sentences) for text in texts]
        self._rows = np.cumsum([0, *counts]).astype(np.int64)
        self._text_of_row = np.repeat(np.arange(len(texts)), counts)
        # The texts of a passage stand together.
        self._starts = np.searchsorted(self._owners, np.arange(self._owners[-1] + 2))

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return len(self._starts) - 1

    def count(self, group: int) -> int:
        """How many texts a group has."""
        return int((self._groups == group).sum())

    def sample(self, group: int, most: int) -> IntArray:
        """Numbers of at most `most` texts of a group, evenly drawn."""
        texts = np.flatnonzero(self._groups == group)
        if len(texts) <= most:
            return texts
        return texts[np.linspace(0, len(texts) - 1, most).astype(np.int64)]

    def token_similarities(self, queries: Sequence[Query], texts: IntArray) -> FloatArray:
        """How similar the tokens of texts are: float32 (queries, texts)."""
        return self._tokens.similarities([each.tokens for each in queries], texts)

    def sentence_similarities(self, queries: Sequence[Query], texts: IntArray) -> FloatArray:
        """How similar the best sentence of each text is: float32 (queries, texts)."""
        embeddings = np.stack([each.embedding for each in queries])
        return self.sentences(texts).similarities(embeddings)

    def sentences(self, texts: IntArray) -> Sentences:
        """The sentences of texts."""
        counts = self._rows[texts + 1] - self._rows[texts]
        rows = runs(self._rows[texts], counts)
        return Sentences(self._vectors.at(rows), np.cumsum(counts) - counts, self._groups[texts])

    def rank(
        self, query: Query, noise: Noise, most: int = CANDIDATES, among: BoolArray | None = None
    ) -> list[RankedPassage]:
        """The passages that fit a question best, best first; of equal ones the earlier first.

        A passage has the score of its best text. Where one of its curated questions scores
        higher, it rises `QUESTION_SHARE` of the way there.

        Args:
            query: The question.
            noise: What unrelated questions in its language reach.
            most: How many passages to rank.
            among: bool (passages,): those that count; None for all.
        """
        candidates = self.candidates(query, noise, most, among)
        return self.reranked(query, noise, candidates, candidates.passages)

    def worded(
        self, words: QueryWords, most: int, among: BoolArray | None = None
    ) -> list[tuple[int, float]]:
        """The passages that have the most of some words, with how much of them, in any order.

        Args:
            words: The words.
            most: How many passages at the most.
            among: bool (passages,): those that count; None for all.
        """
        ratios = self._words.ratios(words)
        if among is not None:
            ratios = ratios * among[self._owners]
        passages = np.zeros(self.passages, np.float32)
        np.maximum.at(passages, self._owners, ratios)
        best = _most(passages, most)
        return list(zip(best.tolist(), passages[best].tolist(), strict=True))

    def candidates(
        self, query: Query, noise: Noise, most: int, among: BoolArray | None = None
    ) -> Candidates:
        """The first step of `rank`: the passages whose tokens are worth comparing."""
        ratios = self._words.ratios(query.words)
        passages = self._near(query.embedding, ratios)
        if among is not None:
            passages = passages[among[passages]]
        return self._compared(query, noise, passages, ratios, most)

    def fit(self, query: Query, noise: Noise, passage: int) -> RankedPassage:
        """How a passage fits a question, whatever fits better."""
        ratios = self._words.ratios(query.words)
        candidates = self._compared(query, noise, np.array([passage], np.int64), ratios, 1)
        (ranked,) = self.reranked(query, noise, candidates, candidates.passages)
        return ranked

    def _compared(
        self, query: Query, noise: Noise, passages: IntArray, ratios: FloatArray, most: int
    ) -> Candidates:
        texts = self._texts_of(passages)
        if not len(texts):
            return Candidates(
                passages, np.zeros(0, np.float32), texts, ratios[texts], ratios[texts]
            )
        sentence = self.sentence_similarities([query], texts)[0]
        sentence = _standard(
            sentence, noise.sentence_means, noise.sentence_spreads, self._groups[texts]
        )
        words = ratios[texts]
        best, scores = self._best_passages(texts, sentence + WORDS_WEIGHT * words, most)
        return Candidates(best, scores, texts, sentence, words)

    def reranked(
        self, query: Query, noise: Noise, candidates: Candidates, passages: IntArray
    ) -> list[RankedPassage]:
        """The second step of `rank`, for some of the candidates."""
        chosen = np.isin(self._owners[candidates.texts], passages)
        if not chosen.any():
            return []
        texts, sentence, words = (
            candidates.texts[chosen],
            candidates.sentence[chosen],
            candidates.words[chosen],
        )
        tokens = self.token_similarities([query], texts)[0]
        tokens = _standard(tokens, noise.token_means, noise.token_spreads, self._groups[texts])
        scores = TOKENS_WEIGHT * tokens + SENTENCE_WEIGHT * sentence + WORDS_WEIGHT * words
        return self._combined(texts, np.stack([scores, tokens, sentence, words]))

    def nearest_tokens(self, query: Query, texts: Sequence[int]) -> FloatArray:
        """The best cosine of each token of a question with a token of texts: float32 (tokens,).

        Args:
            query: The question.
            texts: Numbers of texts, ascending.
        """
        return self._tokens.nearest(query.tokens, np.array(texts, np.int64))

    def content(self, passage: int) -> str:
        """The first text of a passage: passages that say the same have the same."""
        return self.texts[int(self._starts[passage])].content

    def group(self, text: int) -> int:
        """Which of `GROUPS` a text is in."""
        return int(self._groups[text])

    def matched_words(self, query: QueryWords, text: int) -> tuple[MatchedWord, ...]:
        """The words of a question that count for the text of that number, heaviest first."""
        return self._words.matches(query, text)

    def telling(self, passages: Iterable[int], query: Query, noise: Noise) -> dict[int, Telling]:
        """For each of some passages, the sentence of each language that answers best, or None."""
        numbers = [
            number
            for passage in sorted(set(passages))
            for number in range(self._starts[passage], self._starts[passage + 1])
            if self.texts[number].kind is TextKind.PASSAGE
        ]
        ranges = [self._ranges[self._rows[each] : self._rows[each + 1]] for each in numbers]
        similarities = self._tokens.within(query.tokens, np.array(numbers), ranges)
        leads: defaultdict[int, dict[Language, FloatArray]] = defaultdict(dict)
        for number, tokens in zip(numbers, similarities, strict=True):
            text = self.texts[number]
            spread = noise.token_spreads[self._groups[number]]
            covered = query.words.coverages([each.of(text.content) for each in text.sentences])
            lead = tokens / np.float32(spread) + WORDS_WEIGHT * covered
            leads[int(self._owners[number])][text.language] = lead
        return {passage: _standing_out(each) for passage, each in leads.items()}

    def _near(self, embedding: FloatArray, ratios: FloatArray) -> IntArray:
        """Passages with the nearest sentences or the most words, ascending."""
        if len(self._vectors) <= _EVERY_ROW:
            return np.arange(self.passages)
        rows = self._vectors.nearest(embedding, _NEAREST_ROWS).rows
        texts = np.concatenate([self._text_of_row[rows], _most(ratios, _MOST_WORDS)])
        return np.unique(self._owners[texts])

    def _texts_of(self, passages: IntArray) -> IntArray:
        """All texts of passages, in order."""
        counts = self._starts[passages + 1] - self._starts[passages]
        return runs(self._starts[passages], counts)

    def _best_passages(
        self, texts: IntArray, scores: FloatArray, most: int
    ) -> tuple[IntArray, FloatArray]:
        owners, numbers = np.unique(self._owners[texts], return_inverse=True)
        best = np.full(len(owners), -np.inf, np.float32)
        np.maximum.at(best, numbers, scores)
        first = np.argsort(-best, kind="stable")[:most]
        return np.asarray(owners[first], np.int64), best[first]

    def _combined(self, texts: IntArray, parts: FloatArray) -> list[RankedPassage]:
        """Rank passages by their best texts.

        Args:
            texts: Numbers of texts.
            parts: float32 (4, texts): what a `TextScore` has of each, its score first.
        """
        scores = parts[0].tolist()
        best: dict[int, int] = {}
        asked: dict[int, int] = {}
        owners, questions = self._owners[texts].tolist(), self._asked[texts].tolist()
        for at, (owner, question) in enumerate(zip(owners, questions, strict=True)):
            found = asked if question else best
            if owner not in found or scores[at] > scores[found[owner]]:
                found[owner] = at

        def part(at: int) -> TextScore:
            return TextScore(int(texts[at]), *parts[:, at].tolist())

        ranked = []
        for passage, at in best.items():
            score, raised_by = scores[at], asked.get(passage)
            if raised_by is not None and scores[raised_by] > score:
                score += QUESTION_SHARE * (scores[raised_by] - score)
                ranked.append(RankedPassage(passage, score, part(at), part(raised_by)))
            else:
                ranked.append(RankedPassage(passage, score, part(at), None))
        return sorted(ranked, key=lambda each: (-each.score, each.passage))


def _standing_out(leads: dict[Language, FloatArray]) -> Telling:
    if len({len(each) for each in leads.values()}) == 1:
        # Twins with as many sentences correspond, and tell more together than alone.
        together = np.asarray(np.mean(list(leads.values()), axis=0), np.float32)
        leads = dict.fromkeys(leads, together)
    return {language: telling_sentence(each, LEAST_LEAD) for language, each in leads.items()}


def _standard(
    values: FloatArray, means: Sequence[float], spreads: Sequence[float], groups: IntArray
) -> FloatArray:
    mean, spread = np.array(means, np.float32)[groups], np.array(spreads, np.float32)[groups]
    return np.asarray((values - mean) / spread, np.float32)


def _most(ratios: FloatArray, count: int) -> IntArray:
    """Where the `count` largest of `ratios` that are not zero stand; of equals the first."""
    some = np.flatnonzero(ratios)
    if len(some) > count:
        least = np.partition(ratios[some], -count)[-count]
        some = some[ratios[some] >= least]
        some = some[np.argsort(-ratios[some], kind="stable")[:count]]
    return some
