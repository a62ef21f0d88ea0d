"""Rows of embeddings in FAISS, exact and approximate."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest

from index import DamagedIndexError, Index, build_index
from index.encoders.encoder import Encoder, FloatArray
from index.ranking.vectors import FlatVectors, GraphVectors, hold_vectors, read_vectors
from knowledge import Language, Library

_DIMENSION = 32


@pytest.fixture(scope="module")
def embeddings() -> FloatArray:
    """Rows around fifty centres."""
    random = np.random.default_rng(0)
    centres = random.standard_normal((50, _DIMENSION), np.float32)
    noise = random.standard_normal((2000, _DIMENSION), np.float32)
    rows = centres[random.integers(0, 50, 2000)] + np.float32(0.5) * noise
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize("kind", [FlatVectors, GraphVectors])
def test_what_is_written_is_read_and_finds_the_same(
    kind: type[FlatVectors | GraphVectors], embeddings: FloatArray, tmp_path: Path
) -> None:
    vectors = kind.of(embeddings)
    vectors.write(tmp_path / "rows")
    again = read_vectors(tmp_path / "rows")
    assert (again.index_type, len(again)) == (kind.index_type, 2000)
    assert again.dimension == _DIMENSION
    for query in embeddings[:20]:
        assert again.nearest(query, 5).rows.tolist() == vectors.nearest(query, 5).rows.tolist()
    assert np.abs(again.all() - embeddings).max() < 1e-3
    assert np.array_equal(again.at(np.array([7, 3])), again.all()[[7, 3]])


@pytest.mark.parametrize("kind", [FlatVectors, GraphVectors])
def test_the_same_rows_give_the_same_bytes(
    kind: type[FlatVectors | GraphVectors], embeddings: FloatArray, tmp_path: Path
) -> None:
    for name in ("one", "other"):
        kind.of(embeddings).write(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


@pytest.mark.parametrize("kind", [FlatVectors, GraphVectors])
@pytest.mark.parametrize("count", [1, 2])
def test_rows_outlive_what_they_were_taken_from(
    kind: type[FlatVectors | GraphVectors], count: int, embeddings: FloatArray
) -> None:
    taken = [kind.of(embeddings[at : at + count]).at(np.arange(count)) for at in range(100)]
    zeros = [FlatVectors.of(np.zeros((count, _DIMENSION), np.float32)) for _ in range(100)]
    for at, rows in enumerate(taken):
        assert np.abs(rows - embeddings[at : at + count]).max() < 1e-3
    assert len(zeros) == 100


def test_all_rows_cannot_be_changed_where_they_lie(embeddings: FloatArray) -> None:
    rows = FlatVectors.of(embeddings).at(np.arange(len(embeddings)))
    with pytest.raises(ValueError, match="read-only"):
        rows[0] = 0


def test_a_graph_finds_nearly_all_that_exact_search_finds(embeddings: FloatArray) -> None:
    exact, graph = FlatVectors.of(embeddings), GraphVectors.of(embeddings)
    shared = [
        len(np.intersect1d(exact.nearest(query, 10).rows, graph.nearest(query, 10).rows))
        for query in embeddings[:200]
    ]
    assert sum(shared) >= 0.99 * 2000


def test_more_rows_than_there_are_give_all(embeddings: FloatArray) -> None:
    assert len(FlatVectors.of(embeddings[:7]).nearest(embeddings[0], 200).rows) == 7
    assert len(GraphVectors.of(embeddings[:7]).nearest(embeddings[0], 200).rows) == 7


def test_a_foreign_file_is_named(embeddings: FloatArray, tmp_path: Path) -> None:
    index = faiss.IndexFlatL2(_DIMENSION)
    index.add(embeddings)
    faiss.write_index(index, str(tmp_path / "rows"))
    with pytest.raises(DamagedIndexError, match="rows is a IndexFlatL2"):
        read_vectors(tmp_path / "rows")
    (tmp_path / "rows").write_bytes(b"nothing of the kind")
    with pytest.raises(DamagedIndexError, match="cannot read the index file rows"):
        read_vectors(tmp_path / "rows")


def test_a_large_base_is_searched_through_a_graph_and_its_manifest_says_so(
    library: Library,
    encoder: Encoder,
    index: Index,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The sizes at which an index changes are lowered; all else is as it would be."""
    monkeypatch.setattr("index.ranking.vectors.EXACT_UP_TO", 50)
    monkeypatch.setattr("index.ranking.ranking._EVERY_ROW", 50)
    monkeypatch.setattr("index.ranking.ranking._NEAREST_ROWS", 30)
    assert isinstance(hold_vectors(np.zeros((50, 8), np.float32)), FlatVectors)
    assert build_index(library, encoder, tmp_path).manifest.index_type == "IndexHNSWSQ"
    graph = Index.open(tmp_path, encoder)
    for question, language in [
        ("Comment s'appelle la coalition ?", Language.FRENCH),
        ("Who is Lina Khan?", Language.ENGLISH),
        ("Que veut faire Joe Biden ?", Language.FRENCH),
    ]:
        found, exact = (each.search(question, language) for each in (graph, index))
        assert found.matches[0].passage == exact.matches[0].passage
        assert found.outcome is exact.outcome
