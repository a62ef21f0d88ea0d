"""The files of one generation of an index."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter, ValidationError

from index.background import Background
from index.errors import DamagedIndexError
from index.rows import Row, rows_of
from index.vectors import FlatVectors
from knowledge import Document

DOCUMENTS_FILE = "documents.json"
VECTORS_FILE = "vectors.faiss"
BACKGROUND_FILE = "background.json"
BUNDLED_VECTORS_FILE = "bundled.faiss"

_DOCUMENTS = TypeAdapter(tuple[Document, ...])


@dataclass(frozen=True)
class Generation:
    """What one build made.

    Attributes:
        documents: The documents.
        vectors: The embeddings of `rows`.
        background: How unrelated questions score.
        bundled_vectors: The embeddings of the unrelated questions and of small talk.
    """

    documents: tuple[Document, ...]
    vectors: FlatVectors
    background: Background
    bundled_vectors: FlatVectors

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """What each vector embeds."""
        return tuple(rows_of(self.documents))

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what `write` wrote.

        Raises:
            DamagedIndexError: The files are not that.
        """
        try:
            return cls(
                _DOCUMENTS.validate_json((folder / DOCUMENTS_FILE).read_bytes()),
                FlatVectors.read(folder / VECTORS_FILE),
                Background.model_validate_json((folder / BACKGROUND_FILE).read_bytes()),
                FlatVectors.read(folder / BUNDLED_VECTORS_FILE),
            )
        except (OSError, ValidationError) as error:
            raise DamagedIndexError("the index files are not what this version writes") from error

    def write(self, folder: Path) -> None:
        """Write every file into an empty folder.

        Raises:
            OSError: They cannot be written.
        """
        documents = _DOCUMENTS.dump_json(self.documents, indent=1)
        (folder / DOCUMENTS_FILE).write_bytes(documents + b"\n")
        self.vectors.write(folder / VECTORS_FILE)
        background = self.background.model_dump_json(indent=1)
        (folder / BACKGROUND_FILE).write_text(f"{background}\n", "utf-8")
        self.bundled_vectors.write(folder / BUNDLED_VECTORS_FILE)
