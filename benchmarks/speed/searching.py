"""Exact search over synthetic vectors, beside the memory's bandwidth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import faiss
import numpy as np

from benchmarks.speed.timing import Pair, Sample, in_turn, seconds
from index.vectors import FlatVectors

_COUNT = 10
_REPEATS = {1_000: 400, 10_000: 200}
_FEW = 40


@dataclass(frozen=True, slots=True)
class Searched:
    """Search over so many vectors.

    Attributes:
        vectors: How many.
        time: Seconds of a search.
        reading: Seconds to read as many bytes with one thread: the dot product of their two
            halves.
        size: Bytes of the vectors.
    """

    vectors: int
    time: Pair
    reading: Sample
    size: int

    @property
    def share(self) -> float:
        """Which share of the bandwidth the product's search reaches."""
        return self.reading.p50 / self.time.product.p50

    @property
    def bandwidth(self) -> float:
        """Bytes that one thread reads in a second."""
        return self.size / self.reading.p50


def searches(sizes: Sequence[int], dimension: int, threads: int) -> list[Searched]:
    """Measure each size; FAISS uses `threads` threads in the plain recipe."""
    return [_searched(each, dimension, threads) for each in sizes]


def _searched(count: int, dimension: int, threads: int) -> Searched:
    random = np.random.default_rng(0)
    rows = random.standard_normal((count, dimension), np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    queries = rows[: _REPEATS.get(count, _FEW)] + np.float32(0.01)
    product = FlatVectors.of(rows)
    plain = faiss.IndexFlatIP(dimension)
    plain.add(rows)
    one, other = rows.reshape(2, -1)
    reading: list[float] = []

    def plainly(query: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
        faiss.omp_set_num_threads(threads)
        return seconds(partial(plain.search, query[None], _COUNT))

    def ours(query: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
        reading.append(seconds(partial(np.dot, one, other)))
        return seconds(partial(product.nearest, query, _COUNT))

    time = in_turn([(partial(plainly, each), partial(ours, each)) for each in queries])
    return Searched(count, time, Sample(tuple(reading)), rows.nbytes)
