"""Searching an index: from a question to ranked passages and an outcome."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from index.background import Strictness, unrelated_questions
from index.encoder import Encoder
from index.errors import DamagedIndexError, EncoderError
from index.generation import Generation
from index.manifest import Manifest, read_manifest
from index.ranking import Query, Ranking
from index.results import Match, Outcome, Result
from index.rows import RowKind
from index.small_talk import SmallTalk, small_talk_messages
from knowledge import Document, Language, Passage


class Index:
    """A built index, ready to be searched from any thread."""

    def __init__(
        self,
        manifest: Manifest,
        generation: Generation,
        encoder: Encoder,
        strictness: Strictness = Strictness.BALANCED,
    ) -> None:
        self.manifest = manifest
        self.documents = generation.documents
        ordinary = [each for every in unrelated_questions().values() for each in every]
        self._ranking = Ranking(generation.rows, generation.vectors, ordinary)
        self._background = generation.background
        bundled = generation.bundled_vectors.all()
        curated = [
            number for number, row in enumerate(generation.rows) if row.kind is RowKind.QUESTION
        ]
        self._small_talk = SmallTalk(
            small_talk_messages(),
            bundled[len(ordinary) :],
            np.vstack(
                [bundled[: len(ordinary)], generation.vectors.at(np.array(curated, np.int64))]
            ),
        )
        self._encoder = encoder
        self._strictness = strictness
        self._passages: list[tuple[Document, Passage]] = [
            (document, passage) for document in self.documents for passage in document.passages
        ]
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
        return cls(manifest, Generation.read(manifest.folder(folder)), encoder, strictness)

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

    def search(self, question: str, language: Language, limit: int = 5) -> Result:
        """The passages that answer `question` best.

        Args:
            question: Any text that is not blank.
            language: The language of the question.
            limit: How many passages to return at the most.
        """
        return self.search_many([question], [language], limit)[0]

    def search_many(
        self, questions: Sequence[str], languages: Sequence[Language], limit: int = 5
    ) -> list[Result]:
        """As `search`, for questions that are encoded together."""
        embeddings = self._encoder.encode_queries(questions)
        return [
            self._result(Query(question, embedding), language, limit)
            for question, embedding, language in zip(questions, embeddings, languages, strict=True)
        ]

    def _result(self, query: Query, language: Language, limit: int) -> Result:
        ranked = self._ranking.rank(query, self._background.scales[language], limit)
        outcome = self._background.judge(ranked[0].score, language, self._strictness)
        small_talk = self._small_talk.kind_of(query.embedding)
        return Result(
            language,
            outcome if small_talk is None else Outcome.NONE,
            tuple(
                Match(
                    *self._passages[each.passage],
                    score=each.score,
                    confidence=self._background.confidence(each.score, language),
                    telling=each.telling,
                )
                for each in ranked
            ),
            small_talk,
        )
