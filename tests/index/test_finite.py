"""Numbers that are none, and vectors that are no embeddings: not written, opened or answered by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import faiss
import numpy as np
import pytest
from safetensors.numpy import load, load_file, save, save_file

from index import (
    DamagedIndexError,
    Encoder,
    EncoderError,
    Index,
    IndexingError,
    build_index,
)
from index.building.build import known_in
from index.building.checkpoint import Checkpoint
from index.building.store import STORE_FILE, DocumentStore, StoreManifest, VersionedDocument
from index.calibration.reference import stored_reference, unrelated_questions
from index.calibration.small_talk import small_talk_messages
from index.encoders.encoder import Encoded
from index.files import read_sealed, storable, write_sealed
from index.segments.generation import ARRAYS_FILE, VECTORS_FILE, check_index
from index.segments.manifest import (
    read_manifest,
    read_sealed_model,
    write_manifest,
    write_sealed_model,
    written_files,
)
from knowledge import Language, Library
from tests.index.building.test_build import DOCUMENT, Counting, contents, read

ASKED = "What do bees make?"


class Faulty(Counting):
    """The real encoder, but that one text comes out as numbers that are none."""

    def __init__(self, encoder: Encoder, text: str, number: float = np.nan) -> None:
        super().__init__(encoder)
        self._text = text
        self._number = np.float32(number)

    def encode_queries(self, texts: Sequence[str]) -> list[Encoded]:
        return self._spoilt(texts, super().encode_queries(texts))

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        return self._spoilt(texts, super().encode_passages(texts))

    def _spoilt(self, texts: Sequence[str], encoded: Sequence[Encoded]) -> list[Encoded]:
        return [
            replace(each, tokens=each.tokens * self._number) if text == self._text else each
            for text, each in zip(texts, encoded, strict=True)
        ]


@pytest.fixture
def one(tmp_path: Path) -> Library:
    """A single short passage, with a curated question."""
    folder = tmp_path / "articles" / "bees"
    folder.mkdir(parents=True)
    (folder / "en.md").write_text(DOCUMENT.format(title="Bees", text="Bees make honey."))
    (folder / "questions.yaml").write_text(f'- passage: "Bees"\n  en:\n    - "{ASKED}"\n')
    return read(tmp_path / "articles")


@pytest.fixture
def nothing_ships(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is bundled has to be encoded, as by any other encoder than the bundled one."""
    shipped = "index.calibration.reference.shipped_folder"
    monkeypatch.setattr(shipped, lambda: tmp_path / "nowhere")


@pytest.fixture
def built(one: Library, encoder: Encoder, tmp_path: Path) -> Path:
    """Its index."""
    build_index(one, encoder, tmp_path / "index")
    return tmp_path / "index"


def test_the_index_of_one_short_passage_stays_what_it_is_however_often_it_is_built(
    tmp_path: Path, encoder: Encoder
) -> None:
    """What is taken from the index before must outlive it; a single row once did not."""
    (tmp_path / "articles" / "bees").mkdir(parents=True)
    text = DOCUMENT.format(title="Bees", text="Bees make honey.")
    (tmp_path / "articles" / "bees" / "en.md").write_text(text)
    library = read(tmp_path / "articles")
    build_index(library, encoder, tmp_path / "index")
    first = contents(tmp_path / "index")
    for _ in range(6):
        build = build_index(library, encoder, tmp_path / "index")
        assert (build.encoded, build.reused, build.damage) == (0, 1, None)
        assert contents(tmp_path / "index") == first
    index = Index.open(tmp_path / "index", encoder)
    (match,) = index.search(ASKED, Language.ENGLISH).matches
    assert np.isfinite(match.score)


def test_what_is_known_of_an_index_outlives_it(built: Path, encoder: Encoder) -> None:
    known = [known_in(built, encoder) for _ in range(20)]
    every = [reading.sentences for each in known for reading in each.texts.values()]
    assert len(every) == 40
    lengths = [float(np.linalg.norm(each)) for each in every]
    assert lengths == pytest.approx([1.0] * 40, abs=1e-3)


@pytest.mark.parametrize(
    "text",
    [
        "Bees make honey.",
        ASKED,
        small_talk_messages()[0].text,
        unrelated_questions()[Language.FRENCH][0],
    ],
    ids=["passage", "curated question", "small talk", "unrelated question"],
)
@pytest.mark.parametrize("number", [np.nan, np.inf])
@pytest.mark.usefixtures("nothing_ships")
def test_a_model_that_gives_no_numbers_builds_nothing(
    one: Library, encoder: Encoder, tmp_path: Path, text: str, number: float
) -> None:
    with pytest.raises(EncoderError, match="not finite for a text of"):
        build_index(one, Faulty(encoder, text, number), tmp_path / "index")
    with pytest.raises(DamagedIndexError, match="no index yet"):
        Index.open(tmp_path / "index", encoder)
    assert build_index(one, encoder, tmp_path / "index").damage is None


def test_a_question_that_the_model_cannot_read_is_an_error_and_no_answer(
    built: Path, encoder: Encoder
) -> None:
    index = Index.open(built, Faulty(encoder, ASKED))
    assert index.search("Who makes honey?", Language.ENGLISH).matches
    asking: list[Callable[[], object]] = [
        lambda: index.search(ASKED, Language.ENGLISH),
        lambda: index.search_many([ASKED], [Language.ENGLISH]),
        lambda: index.match(ASKED, Language.ENGLISH, index.documents[0].passages[0].id),
        lambda: index.embed([ASKED]),
    ]
    for ask in asking:
        with pytest.raises(EncoderError, match="not finite") as refused:
            ask()
        # What members type reaches no log.
        assert ASKED not in str(refused.value)


def spoil_vectors(path: Path, row: Sequence[float]) -> None:
    """Put `row`, repeated, in the place of the last of the vectors in a file."""
    index = faiss.read_index(str(path))
    rows = index.reconstruct_n(0, index.ntotal)
    rows[-1] = np.resize(np.array(row, np.float32), index.d)
    index.reset()
    index.add(rows)
    faiss.write_index(index, str(path))


def spoil_array(path: Path, name: str, number: float) -> None:
    """Put `number` in the place of the last of an array in a file."""
    arrays = {each: np.array(array) for each, array in load_file(path).items()}
    arrays[name].reshape(-1)[-1] = number
    save_file(arrays, path)


SPOILT: dict[str, tuple[Callable[[Path], None], str]] = {
    "no numbers": (
        lambda folder: spoil_vectors(folder / VECTORS_FILE, [np.nan]),
        "the index file sentences.faiss is of no use: vector 1 has the length nan",
    ),
    "no end": (
        lambda folder: spoil_vectors(folder / VECTORS_FILE, [np.inf, 0]),
        "the index file sentences.faiss is of no use: vector 1 has the length inf",
    ),
    "other memory": (
        lambda folder: spoil_vectors(folder / VECTORS_FILE, [1e-30, 3, 0]),
        "the index file sentences.faiss is of no use: vector 1 has the length ",
    ),
    **{
        name: (
            lambda folder, name=name: spoil_array(folder / ARRAYS_FILE, name, np.nan),  # type: ignore[misc]
            f"the index file {ARRAYS_FILE} is of no use: “{name}” has numbers that are not finite",
        )
        for name in ("curated", "tokens.scales", "tokens.lengths", "tokens.centres")
    },
}


@pytest.mark.parametrize(("spoil", "why"), SPOILT.values(), ids=SPOILT)
def test_an_index_with_numbers_that_are_none_is_not_opened_and_is_built_anew(
    built: Path,
    one: Library,
    encoder: Encoder,
    spoil: Callable[[Path], None],
    why: str,
) -> None:
    """As an earlier version may have written it: every checksum is right."""
    intact = contents(built)
    manifest = read_manifest(built)
    assert manifest is not None
    spoil(manifest.folder(built))
    sealed = manifest.model_copy(update={"files": written_files(manifest.folder(built))})
    write_manifest(sealed, built)
    for refuse in (lambda: Index.open(built, encoder), lambda: check_index(built)):
        with pytest.raises(DamagedIndexError) as refused:
            refuse()
        assert str(refused.value).startswith(why)
    again = build_index(one, encoder, built)
    assert (again.encoded, again.reused) == (2, 0)
    assert again.damage is not None and again.damage.startswith(why)
    assert contents(built) == intact
    check_index(built)


@pytest.mark.usefixtures("nothing_ships")
def test_numbers_that_are_none_in_what_is_bundled_are_encoded_again(
    one: Library, encoder: Encoder, tmp_path: Path
) -> None:
    built = tmp_path / "index"
    build_index(one, encoder, built)
    (path,) = built.glob("reference-*.safetensors")
    intact = path.read_bytes()
    arrays = {name: np.array(each) for name, each in load(read_sealed(path)).items()}
    arrays["small_talk"][-1, -1] = np.inf
    write_sealed(path, save(arrays))
    assert stored_reference(built, encoder) is None
    with pytest.raises(DamagedIndexError, match="bundled to know silence by is missing or damaged"):
        Index.open(built, encoder)
    build_index(one, encoder, built)
    assert path.read_bytes() == intact


def test_a_segment_with_numbers_that_are_none_is_said_and_left_out(
    base: Index, one: Library, tmp_path: Path
) -> None:
    put = [VersionedDocument(each, 1) for each in one.documents]
    DocumentStore(tmp_path / "store", base, "by hand").change(put)
    path = tmp_path / "store" / STORE_FILE
    manifest = read_sealed_model(path, StoreManifest)
    assert manifest is not None
    (segment,) = manifest.segments
    spoil_vectors(tmp_path / "store" / segment.name / VECTORS_FILE, [np.nan])
    spoilt = segment.model_copy(update={"files": written_files(tmp_path / "store" / segment.name)})
    write_sealed_model(path, manifest.model_copy(update={"segments": (spoilt,)}))
    store = DocumentStore(tmp_path / "store", base, "by hand")
    assert store.versions == {}
    (problem,) = store.problems
    assert problem.startswith("the index file sentences.faiss is of no use: vector 1")
    store.change(put)
    (match, *_) = store.index.search(ASKED, Language.ENGLISH).matches
    assert match.document.slug == "bees"


def test_an_interrupted_build_keeps_no_numbers_that_are_none_and_takes_none_up(
    built: Path, encoder: Encoder, tmp_path: Path
) -> None:
    readings = known_in(built, encoder).texts
    checkpoint = Checkpoint(tmp_path, encoder.name, "")
    checkpoint.keep(readings)
    assert checkpoint.read().keys() == readings.keys()
    key, reading = next(iter(readings.items()))
    wrong = {key: replace(reading, scales=reading.scales * np.float32(np.nan))}
    with pytest.raises(IndexingError, match=r"is not written: “.*scales” has numbers that are not"):
        checkpoint.keep(wrong)
    (path,) = tmp_path.glob(".encoded-*/*")
    write_sealed(path, save(wrong[key].named(key)))
    assert checkpoint.read() == {}


@pytest.mark.parametrize(
    "array",
    [
        np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3)),
        np.arange(10, dtype=np.float32)[::2],
        np.broadcast_to(np.float32(1), (4,)),
        np.array(7, np.int32),
    ],
    ids=["by columns", "every other", "one for all", "no axis"],
)
def test_an_array_is_stored_as_it_reads_however_it_lies_in_memory(array: np.ndarray) -> None:
    (stored,) = load(save(storable({"it": array}))).values()
    assert stored.tolist() == array.tolist()
