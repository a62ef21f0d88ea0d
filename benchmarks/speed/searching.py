"""Search over synthetic vectors, beside the memory's bandwidth.

By itself, with other sizes: `python -m benchmarks.speed.searching 1000 1000000`. A graph of a
million takes some 15 minutes to build.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import faiss
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.speed.machine import load_average, machine_facts
from benchmarks.speed.timing import Pair, Sample, in_turn, seconds
from index.encoders.encoder import FloatArray
from index.ranking.vectors import EXACT_UP_TO, FlatVectors, GraphVectors

SIZES = (1_000, 10_000, 100_000)
DIMENSION = 384

_COUNT = 10
_REPEATS = {1_000: 400, 10_000: 200}
_FEW = 40
_CLUSTER = 50
_APART = 0.6


@dataclass(frozen=True, slots=True)
class Graph:
    """Search through a graph.

    Attributes:
        time: Seconds of a search.
        recall: The share of the ten nearest that it finds.
        building: Seconds that it took to build.
    """

    time: Sample
    recall: float
    building: float


@dataclass(frozen=True, slots=True)
class Searched:
    """Search over so many vectors.

    Attributes:
        vectors: How many.
        exact: Seconds of an exact search.
        reading: Seconds to read as many bytes with one thread: the dot product of their two
            halves.
        size: Bytes of the vectors.
        graph: The same through a graph, where the product has one.
    """

    vectors: int
    exact: Pair
    reading: Sample
    size: int
    graph: Graph | None

    @property
    def share(self) -> float:
        """Which share of the bandwidth the product's exact search reaches."""
        return self.reading.p50 / self.exact.product.p50

    @property
    def bandwidth(self) -> float:
        """Bytes that one thread reads in a second."""
        return self.size / self.reading.p50


def searches(sizes: Sequence[int], threads: int) -> Iterator[Searched]:
    """Measure each size; FAISS uses `threads` threads in the plain recipe."""
    for each in sizes:
        yield _searched(each, threads)


def table(found: Sequence[Searched], threads: int) -> Table:
    """What was measured."""
    shown = Table(
        "the ten nearest, synthetic vectors",
        f"FAISS flat, {threads} threads",
        "exact, 1 thread",
        "bandwidth of 1 thread",
        "share of it (≥ 85 %)",
        f"graph, over {EXACT_UP_TO:,} (≤ 1 ms)",
        "recall@10 (≥ 0.99)",
        "built in",
    )
    for each in found:
        plain, product = (one.times(1000).written("ms") for one in each.exact)
        cells = [plain, product, f"{each.bandwidth / 1e9:.1f} GB/s", f"{100 * each.share:.0f} %"]
        if each.graph is not None:
            cells.append(each.graph.time.times(1000).written("ms"))
            cells += [f"{each.graph.recall:.3f}", f"{each.graph.building:,.0f} s"]
        shown.add_row(f"{each.vectors:,}", *cells)
    return shown


def _searched(count: int, threads: int) -> Searched:
    rows, queries = clustered(count, _REPEATS.get(count, _FEW))
    product = FlatVectors.of(rows)
    plain = faiss.IndexFlatIP(DIMENSION)
    plain.add(rows)
    one, other = rows.reshape(2, -1)
    reading: list[float] = []

    def plainly(query: FloatArray) -> float:
        faiss.omp_set_num_threads(threads)
        return seconds(partial(plain.search, query[None], _COUNT))

    def ours(query: FloatArray) -> float:
        reading.append(seconds(partial(np.dot, one, other)))
        return seconds(partial(product.nearest, query, _COUNT))

    exact = in_turn([(partial(plainly, each), partial(ours, each)) for each in queries])
    graph = _graph(rows, queries, product) if count > EXACT_UP_TO else None
    return Searched(count, exact, Sample(tuple(reading)), rows.nbytes, graph)


def _graph(rows: FloatArray, queries: FloatArray, exact: FlatVectors) -> Graph:
    built: list[GraphVectors] = []
    building = seconds(lambda: built.append(GraphVectors.of(rows)))
    took, shared = [], 0
    for query in queries:
        took.append(seconds(partial(built[0].nearest, query, _COUNT)))
        found = built[0].nearest(query, _COUNT).rows
        shared += len(np.intersect1d(found, exact.nearest(query, _COUNT).rows))
    return Graph(Sample(tuple(took)), shared / (_COUNT * len(queries)), building)


def clustered(count: int, queries: int) -> tuple[FloatArray, FloatArray]:
    """Rows in clusters, as sentences about the same matters are, and queries among them."""
    random = np.random.default_rng(0)
    centres = _unit(random.standard_normal((max(count // _CLUSTER, 1), DIMENSION), np.float32))
    near = np.float32(_APART / np.sqrt(DIMENSION))
    chosen = random.integers(0, len(centres), count + queries)
    rows = centres[chosen]
    rows += near * random.standard_normal(rows.shape, np.float32)
    rows = _unit(rows)
    return rows[:count], rows[count:]


def _unit(rows: FloatArray) -> FloatArray:
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def main(sizes: Sequence[int]) -> None:
    """Measure and print."""
    console = Console(width=160)
    console.print("\n".join(machine_facts()), highlight=False)
    console.print(table(list(searches(sizes, threads=2)), threads=2))
    console.print(f"load average at the end: {load_average()}", highlight=False)


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or SIZES)
