"""What is compared: every system gives ids of passages, best first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.quality.application import Application, installed
from benchmarks.quality.sets import BenchmarkSet
from index import DamagedIndexError, Encoder, Index, Outcome, Result, build_index
from index.calibration.reference import ordinary_words
from index.ranking.bm25 import InvertedIndex, Rarities
from index.ranking.texts import texts_of
from index.ranking.vectors import FlatVectors
from knowledge import Language

DEPTH = 10
_BATCH = 32


class Found(NamedTuple):
    """What a system gives for a question; only the product knows when to keep silent."""

    ids: tuple[str, ...]
    result: Result | None = None

    @property
    def answered(self) -> bool:
        """Whether the outcome is `answer`."""
        return self.result is not None and self.result.outcome is Outcome.ANSWER

    @property
    def shown(self) -> bool:
        """Whether a passage is shown at all."""
        return self.result is not None and self.result.outcome is not Outcome.NONE


class Systems:
    """All systems over one set."""

    def __init__(self, chosen: BenchmarkSet, encoder: Encoder, plain: Encoder, cache: Path) -> None:
        """Build what is needed.

        Args:
            chosen: The set.
            encoder: The product's.
            plain: The same model, run by sentence-transformers.
            cache: Where indexes and embeddings are kept.
        """
        folder = cache / chosen.name
        build_index(chosen.library, encoder, folder)
        self._product = Index.open(folder, encoder)
        self._ids = [passage.id for passage in chosen.library.passages]
        texts = tuple(texts_of(chosen.library.documents))
        if len(texts) != len(self._ids):
            raise DamagedIndexError("a passage of a set needs one text")
        self._words = InvertedIndex.of([text.words for text in texts])
        self._rarities = Rarities([self._words], ordinary_words())
        self._encoder = plain
        path = cache / f"{chosen.name}-plain.npy"
        contents = [text.content for text in texts]
        if not path.exists():
            batches = (contents[at : at + _BATCH] for at in range(0, len(contents), _BATCH))
            encoded = [each for batch in batches for each in plain.encode_passages(batch)]
            np.save(path, np.stack([each.embedding for each in encoded]))
        embeddings = np.load(path)
        self._plain = FlatVectors.of(embeddings)
        self._application = Application(contents, embeddings, plain) if installed() else None

    @property
    def index(self) -> Index:
        """The product's index."""
        return self._product

    def words(self, questions: Sequence[str], _language: Language) -> list[Found]:
        """BM25 alone."""
        ratios = (self._words.ratios(self._rarities.query(question)) for question in questions)
        return [self._found(np.argsort(-each, kind="stable")[:DEPTH].tolist()) for each in ratios]

    def plain(self, questions: Sequence[str], _language: Language) -> list[Found]:
        """The recipe of sentence-transformers and FAISS: one vector for each passage."""
        encoded = self._encoder.encode_queries(questions)
        hits = (self._plain.nearest(each.embedding, DEPTH) for each in encoded)
        return [self._found(each.rows.tolist()) for each in hits]

    def application(self, questions: Sequence[str], _language: Language) -> list[Found]:
        """Another retrieval application's hybrid mode; nothing where it is not installed."""
        if self._application is None:
            return [Found(())] * len(questions)
        return [self._found(each) for each in self._application.search(questions)]

    def product(self, questions: Sequence[str], language: Language) -> list[Found]:
        """What the bot does."""
        results = self._product.search_many(questions, [language] * len(questions), DEPTH)
        return [
            Found(tuple(match.passage.id for match in result.matches), result) for result in results
        ]

    def _found(self, positions: Sequence[int]) -> Found:
        return Found(tuple(self._ids[each] for each in positions))
