"""Embeddings in FAISS, searched by inner product: exactly while they are few.

docs/performance.md says what each size costs, and how much the graph finds of what exact
search finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import faiss
import numpy as np
import numpy.typing as npt

from index.encoders.encoder import FloatArray
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


EXACT_UP_TO = 50_000
"""Rows up to which every one is compared: about 5 ms. A graph of as many takes 20 s to build."""
_LINKS = 32
_BUILD_WIDTH = 80
_SEARCH_WIDTH = 200
_CHUNK = 4096
"""Rows that are added to a graph or checked at a time, so that it never has two copies of all."""
_TOLERANCE = 0.01
"""How far the length of a row may be from 1; half precision stays within 0.001."""


class Vectors(Protocol):
    """Rows of embeddings that can be searched."""

    index_type: ClassVar[str]

    @property
    def dimension(self) -> int:
        """The length of an embedding."""

    def __len__(self) -> int:
        """How many rows there are."""

    def nearest(self, query: FloatArray, count: int) -> Hits:
        """The `count` rows nearest to a query of shape (dimension,)."""

    def all(self) -> FloatArray:
        """Every embedding: float32 of shape (rows, dimension)."""

    def at(self, rows: npt.NDArray[np.int64]) -> FloatArray:
        """The embeddings of `rows`, ascending: float32 (rows, dimension), not to be changed."""

    def flaw(self) -> str | None:
        """What is wrong with the first row that is no embedding, or None.

        The length of an embedding is 1, or 0 for a sentence beyond the encoder's reach.
        """

    def write(self, path: Path) -> None:
        """Write the rows.

        Raises:
            OSError: They cannot be written.
        """


def hold_vectors(embeddings: FloatArray) -> Vectors:
    """Hold `embeddings`, float32 of shape (rows, dimension), as suits their number."""
    kind = FlatVectors if len(embeddings) <= EXACT_UP_TO else GraphVectors
    return kind.of(embeddings)


def read_vectors(path: Path) -> Vectors:
    """Read what `Vectors.write` wrote.

    Raises:
        DamagedIndexError: The file is not that, or a row is no embedding.
    """
    try:
        index = faiss.read_index(str(path))
    except RuntimeError as error:
        raise DamagedIndexError(f"FAISS cannot read the index file {path.name}") from error
    for kind in (FlatVectors, GraphVectors):
        if type(index).__name__ == kind.index_type:
            vectors: Vectors = kind.read(index)
            if (flaw := vectors.flaw()) is not None:
                raise DamagedIndexError(f"the index file {path.name} is of no use: {flaw}")
            return vectors
    raise DamagedIndexError(f"the index file {path.name} is a {type(index).__name__}")


class _FaissVectors:
    """Rows in a FAISS index."""

    index_type: ClassVar[str]

    # FAISS gives what it reads the type of what it is, not only a common one.
    def __init__(self, index: Any) -> None:  # noqa: ANN401
        self._index = index

    @classmethod
    def read(cls, index: Any) -> Self:  # noqa: ANN401
        """Hold what was read from a file."""
        return cls(index)

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
        # A graph fills up with -1 where it reaches fewer.
        found = rows[0] >= 0
        return Hits(rows[0][found], similarities[0][found])

    def all(self) -> FloatArray:
        """Every embedding: float32 of shape (rows, dimension)."""
        return np.asarray(self._index.reconstruct_n(0, len(self)), np.float32)

    def at(self, rows: npt.NDArray[np.int64]) -> FloatArray:
        """The embeddings of `rows`: float32 of shape (rows, dimension)."""
        return np.asarray(self._index.reconstruct_batch(rows), np.float32)

    # FAISS has no type for all of its indexes.
    def _stored(self) -> Any:  # noqa: ANN401
        """What is written."""
        return self._index

    def flaw(self) -> str | None:
        """What is wrong with the first row that is no embedding, or None."""
        for start in range(0, len(self), _CHUNK):
            some = self._index.reconstruct_n(start, min(_CHUNK, len(self) - start))
            lengths = np.linalg.norm(some, axis=1)
            # What is no number is near to none.
            wrong = ~((lengths == 0) | (np.abs(lengths - 1) <= _TOLERANCE))
            if wrong.any():
                row = int(wrong.argmax())
                return f"vector {start + row} has the length {lengths[row]:.4g}, expected 1 or 0"
        return None

    def write(self, path: Path) -> None:
        """Write the rows.

        Raises:
            OSError: They cannot be written.
        """
        try:
            faiss.write_index(self._stored(), str(path))
        except RuntimeError as error:
            raise OSError(f"FAISS cannot write {path.name}: the disk may be full") from error


class FlatVectors(_FaissVectors):
    """Exact search over every row; half precision on disk, which is what rows come in."""

    index_type = "IndexScalarQuantizer"

    @classmethod
    def of(cls, embeddings: FloatArray) -> FlatVectors:
        """Hold `embeddings`, float32 of shape (rows, dimension), rounded to half precision."""
        index = faiss.IndexFlatIP(embeddings.shape[1])
        for start in range(0, len(embeddings), _CHUNK):
            some = embeddings[start : start + _CHUNK]
            index.add(some.astype(np.float16).astype(np.float32))
        return cls(index)

    @classmethod
    def read(cls, index: Any) -> Self:  # noqa: ANN401
        """Hold what was read from a file, in memory in single precision."""
        held = faiss.IndexFlatIP(index.d)
        for start in range(0, index.ntotal, _CHUNK):
            held.add(index.reconstruct_n(start, min(_CHUNK, index.ntotal - start)))
        return cls(held)

    def _stored(self) -> Any:  # noqa: ANN401
        rows = self.at(np.arange(len(self)))
        stored = faiss.IndexScalarQuantizer(
            self.dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        stored.train(rows[:1])
        for start in range(0, len(rows), _CHUNK):
            stored.add(rows[start : start + _CHUNK])
        return stored

    def at(self, rows: npt.NDArray[np.int64]) -> FloatArray:
        """As above; all rows are not copied."""
        embeddings = np.asarray(_Rows(self._index))
        return embeddings if len(rows) == len(embeddings) else embeddings[rows]


class _Rows:
    """The rows of a flat FAISS index where they lie, read-only.

    An array that is made of them keeps them, and by them the index whose memory it is.
    """

    def __init__(self, index: faiss.IndexFlat) -> None:
        self._index = index
        held = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d)
        self.__array_interface__ = {
            "version": 3,
            "shape": (index.ntotal, index.d),
            "typestr": held.dtype.str,
            "data": (held.ctypes.data, True),
        }


class GraphVectors(_FaissVectors):
    """Approximate search over a graph of neighbours, rows in half precision.

    HNSW (Malkov and Yashunin 2018, arXiv:1603.09320).
    """

    index_type = "IndexHNSWSQ"

    @classmethod
    def of(cls, embeddings: FloatArray) -> GraphVectors:
        """Link `embeddings`, float32 of shape (rows, dimension); takes seconds."""
        dimension = embeddings.shape[1]
        index = faiss.IndexHNSWSQ(
            dimension,
            faiss.ScalarQuantizer.QT_fp16,  # type: ignore[arg-type]  # a number, as in C++
            _LINKS,
            faiss.METRIC_INNER_PRODUCT,
        )
        index.hnsw.efConstruction = _BUILD_WIDTH
        index.hnsw.efSearch = _SEARCH_WIDTH
        # On one thread the same rows give the same graph.
        faiss.omp_set_num_threads(1)
        index.train(embeddings[:1])
        for start in range(0, len(embeddings), _CHUNK):
            index.add(embeddings[start : start + _CHUNK])
        return cls(index)
