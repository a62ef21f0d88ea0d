"""Searching an index: from a question to ranked passages and an outcome."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Self

import numpy as np

from index.calibration import Strictness, Threshold
from index.encoder import Encoded, Encoder, FloatArray
from index.errors import DamagedIndexError, EncoderError
from index.generation import Generation
from index.manifest import Manifest, read_manifest
from index.ranking import CANDIDATES, Part, Query, RankedPassage
from index.reference import Reference, stored_reference
from index.results import Match, Outcome, Result, Verdict
from index.small_talk import SmallTalk
from index.texts import Text, TextKind
from index.words import MatchedWord
from knowledge import Document, Language, Passage

_REMEMBERED = 256
"""Questions whose results are kept, for those that are asked again and again."""


class Index:
    """A built index, ready to be searched from any thread."""

    def __init__(
        self,
        manifest: Manifest,
        generation: Generation,
        encoder: Encoder,
        reference: Reference,
        strictness: Strictness = Strictness.BALANCED,
    ) -> None:
        self.manifest = manifest
        self.documents = generation.documents
        self._ranking = generation.ranking
        self._curated = generation.parts.curated
        self._thresholds = generation.calibration.thresholds
        self._means = {language: each.mean for language, each in reference.questions.items()}
        self._small_talk = SmallTalk(
            reference.messages,
            reference.embeddings,
            np.vstack([reference.asked, generation.parts.curated]),
        )
        self._encoder = encoder
        self._strictness = strictness
        self._passages: list[tuple[Document, Passage]] = [
            (document, passage) for document in self.documents for passage in document.passages
        ]
        # An index never changes, so neither do its results.
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._searched)
        self._by_id = {passage.id: position for position, (_, passage) in enumerate(self._passages)}

    @classmethod
    def open(
        cls, folder: Path, encoder: Encoder, strictness: Strictness = Strictness.BALANCED
    ) -> Self:
        """Open the index in force.

        Raises:
            DamagedIndexError: There is none, or its files are not what was built.
            EncoderError: It was built with another encoder.
        """
        manifest = read_manifest(folder)
        if manifest is None:
            raise DamagedIndexError("there is no index yet")
        if manifest.encoder != encoder.name:
            raise EncoderError(
                f"the index was built with {manifest.encoder}, the encoder is {encoder.name}"
            )
        manifest.check_files(folder)
        reference = stored_reference(folder, encoder)
        if reference is None:
            raise DamagedIndexError("what is bundled to know silence by is missing or damaged")
        generation = Generation.read(manifest.folder(folder))
        return cls(manifest, generation, encoder, reference, strictness)

    @property
    def doubtful(self) -> tuple[Language, ...]:
        """Languages whose unrelated questions this knowledge base seems to answer."""
        return tuple(each for each, found in self._thresholds.items() if found.doubtful)

    @cached_property
    def names(self) -> frozenset[str]:
        """Words, in lower case, that stand in both editions of a document: names, mostly."""
        shared: set[str] = set()
        for document in self.documents:
            words = [
                {word.lower() for word in re.findall(r"[^\W\d_]+", edition.text)}
                for edition in document.editions.values()
            ]
            if len(words) == len(Language):
                shared |= set.intersection(*words)
        return frozenset(shared)

    def passage(self, identifier: str) -> tuple[Document, Passage] | None:
        """The passage with that id and its document, or None where it is not there."""
        position = self._by_id.get(identifier)
        return None if position is None else self._passages[position]

    def text(self, number: int) -> Text:
        """The text of that number, as a `Part` of a score names it."""
        return self._ranking.texts[number]

    def matched_words(self, question: str, part: Part) -> tuple[MatchedWord, ...]:
        """The words of a question that count in a part of a score, heaviest first."""
        return self._ranking.matched_words(question, part.text)

    @cached_property
    def curated(self) -> tuple[Text, ...]:
        """All curated questions."""
        return tuple(each for each in self._ranking.texts if each.kind is TextKind.QUESTION)

    def likeness(self, typed: str) -> FloatArray:
        """How much each of `curated` means what somebody typed.

        Args:
            typed: A question, or the beginning of one; not blank.

        Returns:
            float32 (curated questions,): cosines.
        """
        (encoded,) = self._encoder.encode_queries([typed])
        return np.asarray(self._curated @ encoded.embedding, np.float32)

    def search(
        self,
        question: str,
        language: Language,
        limit: int = 5,
        strictness: Strictness | None = None,
    ) -> Result:
        """The passages that answer `question` best.

        Args:
            question: Any text that is not blank.
            language: The language of the question.
            limit: How many passages to return at the most.
            strictness: How sure to be; None takes the one that the index was opened with.
        """
        return self._remembered(question, language, limit, strictness or self._strictness)

    def _searched(
        self, question: str, language: Language, limit: int, strictness: Strictness
    ) -> Result:
        (encoded,) = self._encoder.encode_queries([question])
        return self._result(question, encoded, language, limit, strictness)

    def match(self, question: str, language: Language, identifier: str) -> Match | None:
        """How one passage answers `question`, whatever else does; None where it is not there."""
        position = self._by_id.get(identifier)
        if position is None:
            return None
        (encoded,) = self._encoder.encode_queries([question])
        query = self._ranking.query(question, encoded, self._means[language])
        threshold = self._thresholds[language]
        only = np.array([position], np.int64)
        (ranked,) = self._ranking.rank(query, threshold.noise, among=only)
        return self._match(ranked, query, threshold)

    def embed(self, questions: Sequence[str]) -> FloatArray:
        """What questions mean: float32 (questions, dimension), each of length 1."""
        return np.stack([each.embedding for each in self._encoder.encode_queries(questions)])

    def search_many(
        self, questions: Sequence[str], languages: Sequence[Language], limit: int = 5
    ) -> list[Result]:
        """As `search`, for questions that are encoded together."""
        encoded = self._encoder.encode_queries(questions)
        return [
            self._result(question, each, language, limit, self._strictness)
            for question, each, language in zip(questions, encoded, languages, strict=True)
        ]

    def _result(
        self,
        question: str,
        encoded: Encoded,
        language: Language,
        limit: int,
        strictness: Strictness,
    ) -> Result:
        query = self._ranking.query(question, encoded, self._means[language])
        threshold = self._thresholds[language]
        ranked = self._ranking.rank(query, threshold.noise, max(limit, CANDIDATES))
        different = self._ranking.different(ranked)
        standing = threshold.standing([each.score for each in different])
        needed = threshold.evidence[strictness]
        small_talk = self._small_talk.kind_of(query.embedding, fits=standing.evidence >= needed)
        first, *others = (self._match(each, query, threshold) for each in ranked[:limit])
        return Result(
            language,
            threshold.judge(standing, strictness) if small_talk is None else Outcome.NONE,
            (replace(first, confidence=standing.confidence), *others),
            Verdict(standing.evidence, needed),
            query.embedding,
            small_talk,
        )

    def _match(self, ranked: RankedPassage, query: Query, threshold: Threshold) -> Match:
        document, passage = self._passages[ranked.passage]
        find_telling = partial(self._ranking.telling, ranked, query, threshold.noise)
        return Match(document, passage, ranked.score, None, ranked, find_telling)
