"""Building: only what changed, the same bytes, and never a half-built index."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index import DamagedIndexError, Encoder, EncoderError, Index, IndexingError, build_index
from index.encoders.encoder import Encoded
from index.segments.manifest import MANIFEST_FILE, read_manifest
from knowledge import Language, Library, PassageLimits, read_library

DOCUMENT = "---\ntitle: {title}\nlanguage: en\n---\n\n{text}\n"


class Counting:
    """An encoder that counts what it encodes; the vectors are the real encoder's."""

    def __init__(self, encoder: Encoder, name: str | None = None) -> None:
        self.encoder = encoder
        self.name = name or encoder.name
        self.dimension = encoder.dimension
        self.encoded: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> list[Encoded]:
        self.encoded += texts
        return self.encoder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        self.encoded += texts
        return self.encoder.encode_passages(texts)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    for name, text in {"one": "Bees make honey. They dance.", "two": "Iron rusts in rain."}.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "en.md").write_text(DOCUMENT.format(title=name, text=text))
    return folder


@pytest.fixture
def built(tmp_path: Path, index_folder: Path) -> Path:
    """A copy of the index of the repository's articles."""
    return Path(shutil.copytree(index_folder, tmp_path / "built"))


def read(articles: Path) -> Library:
    return read_library(articles, PassageLimits())


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def test_only_what_changed_is_encoded(articles: Path, encoder: Encoder, tmp_path: Path) -> None:
    counting = Counting(encoder)
    first = build_index(read(articles), counting, tmp_path / "index")
    assert (first.encoded, first.reused) == (2, 0)
    counting.encoded.clear()
    (articles / "two" / "en.md").write_text(DOCUMENT.format(title="two", text="Iron melts."))
    second = build_index(read(articles), counting, tmp_path / "index")
    assert sorted(counting.encoded) == ["Iron melts."]
    assert (second.encoded, second.reused) == (1, 1)
    counting.encoded.clear()
    build_index(read(articles), counting, tmp_path / "index")
    assert counting.encoded == []


def test_equal_texts_are_encoded_once(articles: Path, encoder: Encoder, tmp_path: Path) -> None:
    counting = Counting(encoder)
    build_index(read(articles), counting, tmp_path / "index")
    counting.encoded.clear()
    for name in ("one", "two"):
        text = DOCUMENT.format(title=name, text="Salt melts ice.")
        (articles / name / "en.md").write_text(text)
    build = build_index(read(articles), counting, tmp_path / "index")
    assert counting.encoded == ["Salt melts ice."]
    assert (build.encoded, build.reused) == (1, 1)


@pytest.mark.usefixtures("few_written")
@pytest.mark.timeout(300)
def test_another_encoder_encodes_everything_again(
    articles: Path, encoder: Encoder, tmp_path: Path
) -> None:
    build_index(read(articles), encoder, tmp_path / "index")
    other = Counting(encoder, name="another")
    assert build_index(read(articles), other, tmp_path / "index").reused == 0


def test_building_twice_gives_the_same_bytes(
    articles: Path, real_encoder: Encoder, tmp_path: Path
) -> None:
    for name in ("first", "second"):
        build_index(read(articles), real_encoder, tmp_path / name)
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


def test_progress_ends_at_its_total(articles: Path, encoder: Encoder, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    build_index(read(articles), encoder, tmp_path / "index", lambda *each: told.append(each))
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_old_generations_are_removed(articles: Path, encoder: Encoder, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    build_index(read(articles), encoder, folder)
    (articles / "two" / "en.md").write_text(DOCUMENT.format(title="two", text="Iron melts."))
    manifest = build_index(read(articles), encoder, folder).manifest
    assert [path.name for path in folder.iterdir() if path.is_dir()] == [manifest.generation]


def test_an_open_index_goes_on_while_another_replaces_it(
    articles: Path, encoder: Encoder, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    build_index(read(articles), encoder, folder)
    old = Index.open(folder, encoder)
    (articles / "two" / "en.md").write_text(DOCUMENT.format(title="two", text="Iron melts."))
    build_index(read(articles), encoder, folder)
    result = old.search("What does rain do to iron?", Language.ENGLISH)
    assert result.matches[0].document.slug == "two"
    assert "rusts" in result.matches[0].document.original.text


def test_no_documents_is_an_error(tmp_path: Path, encoder: Encoder) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(IndexingError, match="There is no document to index"):
        build_index(read(tmp_path / "empty"), encoder, tmp_path / "index")


def test_every_damaged_byte_range_is_noticed(built: Path, encoder: Encoder) -> None:
    generator = np.random.default_rng(0)
    for path in [each for each in built.rglob("*") if each.is_file() and each.name != ".lock"]:
        intact = path.read_bytes()
        places = {0, 1, len(intact) // 2, len(intact) - 2}
        places |= set(generator.integers(0, len(intact), 12).tolist())
        for place in sorted(places):
            damaged = bytearray(intact)
            damaged[place] ^= 1 << int(generator.integers(8))
            path.write_bytes(damaged)
            with pytest.raises(DamagedIndexError):
                Index.open(built, encoder)
        for size in (0, 1, len(intact) // 2, len(intact) - 1):
            path.write_bytes(intact[:size])
            with pytest.raises(DamagedIndexError):
                Index.open(built, encoder)
        path.unlink()
        with pytest.raises(DamagedIndexError):
            Index.open(built, encoder)
        path.write_bytes(intact)
    Index.open(built, encoder)


def test_a_damaged_index_is_encoded_again(
    built: Path, encoder: Encoder, library: Library, index_folder: Path
) -> None:
    manifest = read_manifest(built)
    assert manifest is not None
    for name in manifest.files:
        path = built / manifest.generation / name
        path.write_bytes(path.read_bytes()[:-1] + b"?")
        break
    rebuilt = build_index(library, encoder, built)
    assert rebuilt.reused == 0
    assert contents(built).keys() == contents(index_folder).keys()
    Index.open(built, encoder)


def test_an_index_of_another_encoder_is_not_opened(built: Path, encoder: Encoder) -> None:
    with pytest.raises(EncoderError, match="the encoder is another"):
        Index.open(built, Counting(encoder, name="another"))


def test_an_index_of_another_format_says_so(built: Path, encoder: Encoder) -> None:
    path = built / MANIFEST_FILE
    path.write_text(path.read_text().replace('"format": ', '"format": 9'))
    with pytest.raises(DamagedIndexError, match="the index has format 9"):
        Index.open(built, encoder)


def test_a_disk_that_fills_leaves_the_old_index_in_force(
    articles: Path, encoder: Encoder, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    build_index(read(articles), encoder, folder)
    before = contents(folder)
    (articles / "two" / "en.md").write_text(DOCUMENT.format(title="two", text="Iron melts."))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file may grow past this: writing fails as it does on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, hard))
    try:
        with pytest.raises(IndexingError, match="cannot be written"):
            build_index(read(articles), encoder, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert contents(folder) == before
    Index.open(folder, encoder)


def test_a_folder_that_cannot_be_made_is_said(
    articles: Path, encoder: Encoder, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexingError, match="The index cannot be written"):
        build_index(read(articles), encoder, tmp_path / "file" / "index")


def test_an_interrupted_build_goes_on_where_it_stopped(tmp_path: Path, encoder: Encoder) -> None:
    folder = tmp_path / "articles" / "many"
    folder.mkdir(parents=True)
    body = "\n\n".join(f"Plant {number} needs rain." for number in range(400))
    (folder / "en.md").write_text(DOCUMENT.format(title="Plants", text=body))
    library = read_library(tmp_path / "articles", PassageLimits(0, 1200))

    class Interrupted(Counting):
        def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
            if len(self.encoded) >= 320:
                raise KeyboardInterrupt
            self.encoded += texts
            return self.encoder.encode_passages(texts)

    index = tmp_path / "index"
    build_index(library, encoder, tmp_path / "whole")
    shutil.copytree(tmp_path / "whole", index, ignore=shutil.ignore_patterns("manifest.json"))
    with pytest.raises(KeyboardInterrupt):
        build_index(library, Interrupted(encoder), index)
    again = Counting(encoder)
    assert build_index(library, again, index).reused == 256
    assert len(again.encoded) == 400 - 256
    assert contents(index) == contents(tmp_path / "whole")
