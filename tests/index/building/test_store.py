"""Documents that come and go beside an index: found at once, never half, never encoded twice."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from index import Index, Located, Outcome
from index.building.store import STORE_FILE, DocumentStore, VersionedDocument
from knowledge import Document, Language, PassageLimits, read_library
from tests.index.building.test_build import DOCUMENT, Counting

ENGLISH = Language.ENGLISH
TEXTS = {
    "honey": "Bees make honey from nectar. They dance to show where flowers are.",
    "rust": "Iron rusts in the rain. A coat of zinc keeps it from rusting.",
    "tides": "The moon pulls the sea twice a day. Spring tides come at the new moon.",
    "bread": "Yeast makes dough rise. A sourdough starter is fed with flour every day.",
}


@pytest.fixture
def written(tmp_path: Path) -> dict[str, Document]:
    """A document for each of `TEXTS`."""
    folder = tmp_path / "articles"
    for name, text in TEXTS.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "en.md").write_text(DOCUMENT.format(title=name, text=text))
    return {each.slug: each for each in read_library(folder, PassageLimits()).documents}


@pytest.fixture
def store(tmp_path: Path, base: Index) -> DocumentStore:
    return DocumentStore(tmp_path / "store", base, "by hand")


def versions(documents: Iterable[Document], number: int = 1) -> list[VersionedDocument]:
    return [VersionedDocument(each, number) for each in documents]


def first(index: Index, question: str) -> str:
    """The slug of the document that answers."""
    result = index.search(question, ENGLISH)
    assert result.outcome is not Outcome.NONE, (question, result.verdict)
    return result.matches[0].document.slug


QUESTIONS = {
    "honey": "What do bees make from nectar?",
    "rust": "How do I keep iron from rusting?",
    "tides": "When do spring tides come?",
    "bread": "How often is a sourdough starter fed?",
}


def test_what_is_put_in_answers_beside_the_base(
    store: DocumentStore, base: Index, written: dict[str, Document]
) -> None:
    assert base.search(QUESTIONS["honey"], ENGLISH).outcome is Outcome.NONE
    store.change(versions([written["honey"]]))
    assert first(store.index, QUESTIONS["honey"]) == "honey"
    assert first(store.index, "Who is Tim Wu?") == "small-business-rising"
    assert store.index.search("How do whales sleep?", ENGLISH).outcome is Outcome.NONE
    passage = written["honey"].passages[0]
    assert store.index.passage(passage.id) == Located(written["honey"], passage)
    assert base.passage(passage.id) is None


def test_the_telling_sentence_and_the_words_are_found_in_any_segment(
    store: DocumentStore, written: dict[str, Document]
) -> None:
    store.change(versions([written["honey"]]))
    store.change(versions([written["rust"]]))
    (match, *_) = store.index.search("keep iron from rusting with zinc", ENGLISH).matches
    assert match.telling[ENGLISH] == 1
    text = store.index.explain("keep iron from rusting with zinc", match).text
    assert "zinc" in text.content
    assert {"iron", "zinc"} <= {each.word for each in text.matched_words}


def test_only_what_is_new_is_encoded(
    store: DocumentStore, counting: Counting, written: dict[str, Document]
) -> None:
    store.change(versions([written["honey"]]))
    assert counting.encoded == [TEXTS["honey"]]
    store.change(versions([written["honey"]], 2))
    while store.join():
        pass
    assert counting.encoded == [TEXTS["honey"]]


def test_what_is_removed_is_gone_at_once_and_for_good(
    store: DocumentStore, base: Index, written: dict[str, Document], tmp_path: Path
) -> None:
    store.change(versions(written.values()))
    before = store.index
    store.change([], ["honey"])
    assert store.index.search(QUESTIONS["honey"], ENGLISH).outcome is Outcome.NONE
    assert store.index.passage(written["honey"].passages[0].id) is None
    assert first(store.index, QUESTIONS["rust"]) == "rust"
    # Who still searches the index of before is not disturbed.
    assert first(before, QUESTIONS["honey"]) == "honey"
    again = DocumentStore(tmp_path / "store", base, "by hand")
    assert again.versions == {"rust": 1, "tides": 1, "bread": 1}
    assert again.index.search(QUESTIONS["honey"], ENGLISH).outcome is Outcome.NONE


def test_joined_segments_answer_as_the_divided_ones_did(
    store: DocumentStore, written: dict[str, Document], tmp_path: Path
) -> None:
    for each in written.values():
        store.change(versions([each]))
    store.change([], ["tides"])
    divided = store.index
    assert len(divided.segments.every) == 4
    while store.join():
        pass
    assert len(store.index.segments.every) == 2
    for slug in ("honey", "rust", "bread"):
        old, new = (index.search(QUESTIONS[slug], ENGLISH) for index in (divided, store.index))
        assert new.matches[0].document.slug == old.matches[0].document.slug == slug
        # A removed text no longer counts among the words and among the unrelated finds.
        assert new.matches[0].score == pytest.approx(old.matches[0].score, abs=0.2)
        assert new.verdict.needed == pytest.approx(old.verdict.needed, abs=0.2)
        assert new.matches[0].telling == old.matches[0].telling
    assert len([path for path in (tmp_path / "store").iterdir() if path.is_dir()]) == 1


def test_segments_stay_few_and_each_outweighs_those_after_it(
    store: DocumentStore, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    for number in range(12):
        (folder / f"n{number}").mkdir(parents=True)
        text = DOCUMENT.format(title=f"n{number}", text=f"Bees of hive {number} make honey.")
        (folder / f"n{number}" / "en.md").write_text(text)
    for each in read_library(folder, PassageLimits()).documents:
        store.change(versions([each]))
        while store.join():
            pass
    sizes = [len(each.documents) for each in store.index.segments.every[1:]]
    assert sum(sizes) == 12
    assert len(sizes) <= 4
    assert all(each >= 2 * sum(sizes[at + 1 :]) for at, each in enumerate(sizes[:-1]))


def test_a_damaged_segment_is_said_and_left_out(
    store: DocumentStore, base: Index, written: dict[str, Document], tmp_path: Path
) -> None:
    store.change(versions([written["honey"]]))
    store.change(versions([written["rust"]]))
    newest = max((tmp_path / "store").glob("*/tokens.npy"), key=lambda path: path.stat().st_mtime)
    content = bytearray(newest.read_bytes())
    content[-1] ^= 1
    newest.write_bytes(content)
    again = DocumentStore(tmp_path / "store", base, "by hand")
    assert again.versions == {"honey": 1}
    assert again.problems == ("the index file tokens.npy does not match its checksum",)
    again.change(versions([written["rust"]]))
    assert first(again.index, QUESTIONS["rust"]) == "rust"


def test_what_a_crash_left_is_cleared_away(
    store: DocumentStore, base: Index, written: dict[str, Document], tmp_path: Path
) -> None:
    store.change(versions([written["honey"]]))
    folder = tmp_path / "store"
    (segment,) = [path for path in folder.iterdir() if path.is_dir()]
    shutil.copytree(segment, folder / ".writing.0000")
    shutil.copytree(segment, folder / "0123456789abcdef")
    again = DocumentStore(folder, base, "by hand")
    assert again.versions == {"honey": 1}
    assert [path.name for path in folder.iterdir() if path.is_dir()] == [segment.name]


def test_a_manifest_that_was_altered_is_not_believed(
    store: DocumentStore, base: Index, written: dict[str, Document], tmp_path: Path
) -> None:
    store.change(versions([written["honey"]]))
    manifest = tmp_path / "store" / STORE_FILE
    manifest.write_text(manifest.read_text().replace('"honey": 1', '"honey": 2'))
    again = DocumentStore(tmp_path / "store", base, "by hand")
    assert again.versions == {}
    assert again.problems == ("the manifest does not match its checksum",)


def test_what_was_divided_otherwise_is_lost(
    store: DocumentStore, base: Index, written: dict[str, Document], tmp_path: Path
) -> None:
    store.change(versions([written["honey"]]))
    again = DocumentStore(tmp_path / "store", base, "otherwise")
    assert again.versions == {}
    assert again.problems == ("documents are divided otherwise now",)
