"""Segments: parts of a knowledge base that are stored apart and searched as one.

As in Lucene, a segment never changes once it is written; what is new gets a segment of its
own, and what is removed is left out of the segment that has it. What scores are measured by
is put together from all segments: how rare words are, what unrelated questions reach on the
texts and what they find, so that a base ranks alike however it is divided. docs/quality.md
shows how nearly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from index.calibration.calibration import Threshold
from index.calibration.reference import Reference, ordinary_words
from index.calibration.unrelated import best_scores
from index.encoders.encoder import Encoded, FloatArray
from index.quotes import Located
from index.ranking.bm25 import MatchedWord, Rarities
from index.ranking.ranking import CANDIDATES, BoolArray, Noise, Query, RankedPassage, TextScore
from index.ranking.runs import IntArray
from index.ranking.support import WordSupport, word_supports
from index.ranking.telling import Telling
from index.ranking.texts import Text, TextKind
from index.segments.generation import Generation
from knowledge import Document, Language


class Position(NamedTuple):
    """Where a passage is: the number of its segment, and its number in there."""

    segment: int
    passage: int


@dataclass(frozen=True, slots=True)
class CuratedQuestion:
    """A curated question, its language, and the id of the passage that answers it."""

    question: str
    language: Language
    passage: str


@dataclass(frozen=True, slots=True)
class CuratedQuestions:
    """Curated questions, and their embeddings as questions: float32 (questions, dimension)."""

    questions: tuple[CuratedQuestion, ...]
    embeddings: FloatArray


@dataclass(frozen=True)
class Segment:
    """Some documents, as they were encoded together.

    Attributes:
        generation: What is stored.
        without: The slugs of documents that it has no longer.
    """

    generation: Generation
    without: frozenset[str] = frozenset()

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The documents that it has."""
        every = self.generation.documents
        return tuple(each for each in every if each.slug not in self.without)

    @cached_property
    def among(self) -> BoolArray | None:
        """Bool (passages,): those of its documents; None for all."""
        if not self.without:
            return None
        every = self.generation.documents
        return np.repeat(
            [each.slug not in self.without for each in every],
            [len(each.passages) for each in every],
        )

    @cached_property
    def curated(self) -> CuratedQuestions:
        """The curated questions of its documents."""
        generation = self.generation
        texts = [each for each in generation.texts if each.kind is TextKind.QUESTION]
        among = self.among
        kept = [at for at, each in enumerate(texts) if among is None or among[each.passage]]
        questions = (
            CuratedQuestion(
                texts[at].content,
                texts[at].language,
                generation.passages[texts[at].passage].passage.id,
            )
            for at in kept
        )
        return CuratedQuestions(tuple(questions), generation.parts.curated[kept])

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of every passage by its id."""
        every = self.generation.passages
        return {
            each.passage.id: number
            for number, each in enumerate(every)
            if each.document.slug not in self.without
        }


class Segments:
    """Segments that are searched as one; passages and texts are numbered through them all."""

    def __init__(self, segments: Sequence[Segment], reference: Reference) -> None:
        """Put segments together.

        Args:
            segments: At least one, none of which is empty.
            reference: What is bundled, as the encoder of all segments reads it.
        """
        self.every = tuple(segments)
        self._rankings = [each.generation.ranking for each in segments]
        self._passages = np.cumsum([0, *(each.passages for each in self._rankings)])
        self._texts = np.cumsum([0, *(len(each.texts) for each in self._rankings)])
        self._means = {language: each.mean for language, each in reference.questions.items()}
        self.words = [each.generation.parts.words for each in segments]
        self.rarities = Rarities(self.words, ordinary_words())
        self.thresholds = {language: self._threshold(language) for language in self._means}

    def _threshold(self, language: Language) -> Threshold:
        noise = Noise.pooled(self.noises(language))
        scores = [
            each.generation.calibration.finds[language].scores(noise, each.among)
            for each in self.every
        ]
        return Threshold.of(noise, best_scores(scores))

    def noises(self, language: Language) -> list[Noise]:
        """What unrelated questions reach on each segment."""
        return [each.generation.calibration.noises[language] for each in self.every]

    @property
    def centres(self) -> FloatArray:
        """float32 (languages, dimension): what token vectors of the last segment are centred by.

        What is added takes it over: a mean over a handful of texts would tell them apart from
        all others.
        """
        return self.every[-1].generation.parts.tokens.centres

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The documents of all segments."""
        return tuple(document for each in self.every for document in each.documents)

    def spoken(self, words: Sequence[str]) -> IntArray:
        """In how many texts of each language folded words stand: int64 (words, languages)."""
        found = np.zeros((len(words), len(Language)), np.int64)
        for each in self.every:
            parts = each.generation.parts
            found += parts.words.texts_by_language(words, parts.tokens.languages, len(Language))
        return found

    def number(self, identifier: str) -> int | None:
        """The number of the passage with that id, or None where it is not there."""
        for first, each in zip(self._passages.tolist(), self.every, strict=False):
            if identifier in each.numbers:
                return int(first + each.numbers[identifier])
        return None

    def at(self, passage: int) -> Located:
        """The passage of that number and its document."""
        position = self._position(passage)
        return self.every[position.segment].generation.passages[position.passage]

    def text(self, number: int) -> Text:
        """The text of that number."""
        segment = int(np.searchsorted(self._texts, number, side="right")) - 1
        return self._rankings[segment].texts[number - int(self._texts[segment])]

    def worded(self, words: str, most: int) -> list[int]:
        """The numbers of the passages that have the most of some words, best first.

        Passages without any are left out.
        """
        query = self.rarities.query(words)
        found: dict[int, float] = {}
        for first, segment in zip(self._passages.tolist(), self.every, strict=False):
            for passage, ratio in segment.generation.ranking.worded(query, most, segment.among):
                found[first + passage] = ratio
        return sorted(found, key=lambda each: (-found[each], each))[:most]

    def query(self, question: str, encoded: Encoded, language: Language) -> Query:
        """Prepare a question in a language."""
        return Query.of(question, encoded, self._means[language], self.rarities)

    def rank(self, query: Query, noise: Noise, most: int = CANDIDATES) -> list[RankedPassage]:
        """The passages that fit a question best, best first; see `index.ranking`."""
        candidates = [
            ranking.candidates(query, noise, most, each.among)
            for ranking, each in zip(self._rankings, self.every, strict=True)
        ]
        owners = np.repeat(np.arange(len(candidates)), [len(each.passages) for each in candidates])
        scores = np.concatenate([each.scores for each in candidates])
        # Tokens are compared for as many passages as if the base were one.
        first = np.sort(np.argsort(-scores, kind="stable")[:most])
        passages = np.concatenate([each.passages for each in candidates])
        ranked = [
            self._numbered(each, number)
            for number, ranking in enumerate(self._rankings)
            for each in ranking.reranked(
                query, noise, candidates[number], passages[first[owners[first] == number]]
            )
        ]
        return sorted(ranked, key=lambda each: (-each.score, each.passage))

    def fit(self, query: Query, noise: Noise, passage: int) -> RankedPassage:
        """How a passage fits a question, whatever fits better."""
        segment, number = self._position(passage)
        return self._numbered(self._rankings[segment].fit(query, noise, number), segment)

    def different(self, ranked: Sequence[RankedPassage]) -> list[RankedPassage]:
        """Those of `ranked` that say something else than the ones before them."""
        found: dict[str, RankedPassage] = {}
        for each in ranked:
            found.setdefault(self._content(each), each)
        return list(found.values())

    def ordered_as(
        self, different: Sequence[RankedPassage], ranked: Sequence[RankedPassage]
    ) -> list[RankedPassage]:
        """`ranked` in the order of `different`; what says the same stays together."""
        places = {self._content(each): place for place, each in enumerate(different)}
        return sorted(ranked, key=lambda each: places[self._content(each)])

    def _content(self, ranked: RankedPassage) -> str:
        segment, passage = self._position(ranked.passage)
        return self._rankings[segment].content(passage)

    @cached_property
    def passages(self) -> int:
        """How many passages there are."""
        return sum(len(each.numbers) for each in self.every)

    def word_supports(self, query: Query, ranked: RankedPassage) -> list[WordSupport]:
        """What a passage has of each word of a question.

        Its best text counts, and the curated question that raised it.
        """
        segment, _ = self._position(ranked.passage)
        ranking, first = self._rankings[segment], int(self._texts[segment])
        parts = [each for each in (ranked.text, ranked.question) if each is not None]
        numbers = sorted(each.text - first for each in parts)
        words = self.rarities.words(query.words.question, query.offsets)
        texts = [ranking.texts[each].words for each in numbers]
        return word_supports(words, ranking.nearest_tokens(query, numbers), texts)

    def telling(self, ranked: Sequence[RankedPassage], query: Query, noise: Noise) -> list[Telling]:
        """For each passage, the sentence of each language that answers best, or None."""
        positions = [self._position(each.passage) for each in ranked]
        found = {
            segment: self._rankings[segment].telling(
                [each.passage for each in positions if each.segment == segment], query, noise
            )
            for segment in {each.segment for each in positions}
        }
        return [found[each.segment][each.passage] for each in positions]

    def matched_words(self, question: str, score: TextScore) -> tuple[MatchedWord, ...]:
        """The words of a question that count in the score of a text, heaviest first."""
        segment = int(np.searchsorted(self._texts, score.text, side="right")) - 1
        text = score.text - int(self._texts[segment])
        return self._rankings[segment].matched_words(self.rarities.query(question), text)

    def _position(self, passage: int) -> Position:
        segment = int(np.searchsorted(self._passages, passage, side="right")) - 1
        return Position(segment, passage - int(self._passages[segment]))

    def _numbered(self, ranked: RankedPassage, segment: int) -> RankedPassage:
        """What a segment ranked, with the numbers that it has among all."""
        if not segment:
            return ranked
        texts = int(self._texts[segment])
        question = ranked.question
        return replace(
            ranked,
            passage=ranked.passage + int(self._passages[segment]),
            text=replace(ranked.text, text=ranked.text.text + texts),
            question=None if question is None else replace(question, text=question.text + texts),
        )
