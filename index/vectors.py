"""Embeddings in FAISS, searched exactly by inner product."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import faiss
import numpy as np
import numpy.typing as npt

from index.encoder import FloatArray
from index.errors import DamagedIndexError


@dataclass(frozen=True, slots=True)
class Hits:
    """The nearest rows of one question, best first.

    Attributes:
        rows: int64 array of row numbers.
        similarities: float32 array of their inner products with the question.
    """

    rows: npt.NDArray[np.int64]
    similarities: FloatArray


class Vectors(Protocol):
    """Rows of embeddings that can be searched."""

    def __len__(self) -> int:
        """How many rows there are."""

    def nearest(self, query: FloatArray, count: int) -> Hits:
        """The `count` rows nearest to a query of shape (dimension,)."""

    def at(self, rows: npt.NDArray[np.int64]) -> FloatArray:
        """The embeddings of `rows`: float32 of shape (rows, dimension)."""


class FlatVectors:
    """Exact search over every row: a `faiss.IndexFlatIP`."""

    INDEX_TYPE = "IndexFlatIP"

    def __init__(self, index: faiss.IndexFlatIP) -> None:
        self._index = index

    @classmethod
    def of(cls, embeddings: FloatArray) -> FlatVectors:
        """Hold `embeddings`, float32 of shape (rows, dimension)."""
        index = faiss.IndexFlatIP(embeddings.shape[1])
        index.add(embeddings)
        return cls(index)

    @classmethod
    def read(cls, path: Path) -> FlatVectors:
        """Read what `write` wrote.

        Raises:
            DamagedIndexError: The file is not that.
        """
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise DamagedIndexError(f"FAISS cannot read the index file {path.name}") from error
        if not isinstance(index, faiss.IndexFlatIP):
            raise DamagedIndexError(f"the index file {path.name} is a {type(index).__name__}")
        return cls(index)

    def write(self, path: Path) -> None:
        """Write the index.

        Raises:
            OSError: It cannot be written.
        """
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"FAISS cannot write {path.name}: the disk may be full") from error

    @property
    def dimension(self) -> int:
        """The length of an embedding."""
        return int(self._index.d)

    def __len__(self) -> int:
        """How many rows there are."""
        return int(self._index.ntotal)

    def nearest(self, query: FloatArray, count: int) -> Hits:
        """The `count` rows nearest to a query of shape (dimension,)."""
        # A search on several threads is slower on a busy machine; the setting does not
        # carry over to new threads.
        faiss.omp_set_num_threads(1)
        similarities, rows = self._index.search(query[None, :], min(count, len(self)))
        return Hits(rows[0], similarities[0])

    def all(self) -> FloatArray:
        """Every embedding: float32 of shape (rows, dimension)."""
        return np.asarray(self._index.reconstruct_n(0, len(self)), np.float32)

    def at(self, rows: npt.NDArray[np.int64]) -> FloatArray:
        """The embeddings of `rows`: float32 of shape (rows, dimension)."""
        return np.asarray(self._index.reconstruct_batch(rows), np.float32)
