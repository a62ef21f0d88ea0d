"""What is compared: every system gives ids of passages, best first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.quality.sets import BenchmarkSet
from index import DamagedIndexError, Encoder, Index, Outcome, build_index
from index.background import unrelated_questions
from index.generation import Generation
from index.rows import Row, RowKind
from index.vectors import FlatVectors
from index.words import Words
from knowledge import Language

DEPTH = 10


class Found(NamedTuple):
    """What a system gives for a question; only the product knows when to keep silent."""

    ids: tuple[str, ...]
    answered: bool = True


class Systems:
    """All systems over one set, sharing embeddings of the same texts."""

    def __init__(self, chosen: BenchmarkSet, encoder: Encoder, cache: Path) -> None:
        """Build what is needed.

        Args:
            chosen: The set.
            encoder: What embeds for every system.
            cache: Where embeddings are kept; the background is measured anew every time.
        """
        folder = cache / chosen.name
        manifest = build_index(chosen.library, encoder, folder).manifest
        generation = Generation.read(manifest.folder(folder))
        self._encoder = encoder
        self._product = Index.open(folder, encoder)
        self._ids = [passage.id for passage in chosen.library.passages]
        rows = [at for at, row in enumerate(generation.rows) if row.kind is RowKind.PASSAGE]
        if len(rows) != len(self._ids):
            raise DamagedIndexError("a passage of a set needs one text")
        texts: list[Row] = [generation.rows[at] for at in rows]
        ordinary = [each for every in unrelated_questions().values() for each in every]
        self._words = Words([row.content for row in texts], ordinary)
        self._plain = FlatVectors.of(generation.vectors.at(np.array(rows, np.int64)))

    def words(self, questions: Sequence[str], _language: Language) -> list[Found]:
        """BM25 alone."""
        ratios = (self._words.ratios(question) for question in questions)
        return [self._found(np.argsort(-each, kind="stable")[:DEPTH].tolist()) for each in ratios]

    def plain(self, questions: Sequence[str], _language: Language) -> list[Found]:
        """The recipe of sentence-transformers and FAISS: one vector for each passage."""
        embeddings = self._encoder.encode_queries(questions)
        return [self._found(self._plain.nearest(each, DEPTH).rows.tolist()) for each in embeddings]

    def product(self, questions: Sequence[str], language: Language) -> list[Found]:
        """What the bot does."""
        results = self._product.search_many(questions, [language] * len(questions), DEPTH)
        return [
            Found(
                tuple(match.passage.id for match in result.matches),
                result.outcome is Outcome.ANSWER,
            )
            for result in results
        ]

    def _found(self, positions: Sequence[int]) -> Found:
        return Found(tuple(self._ids[each] for each in positions))
