"""Searching an index: from a question to ranked passages and an outcome."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np

from index.build import DOCUMENTS, DOCUMENTS_FILE, VECTORS_FILE
from index.encoder import Encoder
from index.errors import DamagedIndexError, EncoderError
from index.manifest import Manifest, read_manifest
from index.results import Match, Outcome, Result
from index.rows import RowKind, rows_of
from index.vectors import FlatVectors, Vectors
from knowledge import Document, Language, Passage

_CANDIDATES = 200


class Index:
    """A built index, ready to be searched from any thread."""

    def __init__(
        self,
        manifest: Manifest,
        documents: tuple[Document, ...],
        vectors: Vectors,
        encoder: Encoder,
    ) -> None:
        self.manifest = manifest
        self.documents = documents
        self._vectors = vectors
        self._encoder = encoder
        self._passages: list[tuple[Document, Passage]] = [
            (document, passage) for document in documents for passage in document.passages
        ]
        self._by_id = {passage.id: position for position, (_, passage) in enumerate(self._passages)}
        self._rows = tuple(rows_of(documents))

    @classmethod
    def open(cls, folder: Path, encoder: Encoder) -> Self:
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
        files = manifest.folder(folder)
        documents = DOCUMENTS.validate_json((files / DOCUMENTS_FILE).read_bytes())
        return cls(manifest, documents, FlatVectors.read(files / VECTORS_FILE), encoder)

    def document(self, slug: str) -> Document | None:
        """The document with that slug, or None."""
        return next((each for each in self.documents if each.slug == slug), None)

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
        query = self._encoder.encode_queries([question])[0]
        hits = self._vectors.nearest(query, _CANDIDATES)
        candidates = {self._rows[row].passage for row in hits.rows}
        rows = np.array(
            [number for number, row in enumerate(self._rows) if row.passage in candidates]
        )
        similarities = self._vectors.at(rows) @ query
        whole: dict[int, float] = {}
        best: dict[int, float] = {}
        telling: dict[int, dict[Language, tuple[float, int]]] = {}
        for number, similarity in zip(rows, similarities, strict=True):
            row, score = self._rows[number], float(similarity)
            if row.kind is RowKind.SENTENCE:
                found = telling.setdefault(row.passage, {})
                found[row.language] = max(found.get(row.language, (-1.0, 0)), (score, row.position))
                best[row.passage] = max(best.get(row.passage, -1.0), score)
            else:
                whole[row.passage] = max(whole.get(row.passage, -1.0), score)
        ranked = sorted(whole, key=lambda each: (-(whole[each] + best[each]), each))
        matches = tuple(
            Match(
                document=self._passages[each][0],
                passage=self._passages[each][1],
                score=(whole[each] + best[each]) / 2,
                confidence=0.0,
                telling={language: position for language, (_, position) in telling[each].items()},
            )
            for each in ranked[:limit]
        )
        return Result(language, Outcome.CLOSEST, matches)
