"""What a change would do is told without it being made, of few questions among many."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import Index
from index.building.store import STORE_FILE, DocumentStore
from index.comparing import Comparison, KnownQuestion
from knowledge import Document, Language, PassageLimits, read_library
from tests.index.building.test_build import DOCUMENT
from tests.index.building.test_store import QUESTIONS, TEXTS, first, versions

ENGLISH = Language.ENGLISH


@pytest.fixture
def written(tmp_path: Path) -> dict[str, Document]:
    """A document for each of `TEXTS`."""
    folder = tmp_path / "articles"
    for name, text in TEXTS.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "en.md").write_text(DOCUMENT.format(title=name, text=text))
    return {each.slug: each for each in read_library(folder, PassageLimits()).documents}


@pytest.fixture
def store(tmp_path: Path, base: Index, written: dict[str, Document]) -> DocumentStore:
    opened = DocumentStore(tmp_path / "store", base, "by hand")
    opened.change(versions(each for each in written.values() if each.slug != "bread"))
    return opened


def known(index: Index, *questions: str) -> list[KnownQuestion]:
    meanings = index.embed(questions)
    return [
        KnownQuestion(text, ENGLISH, meaning)
        for text, meaning in zip(questions, meanings, strict=True)
    ]


def test_what_is_foreseen_is_what_a_change_makes(
    store: DocumentStore, tmp_path: Path, written: dict[str, Document]
) -> None:
    before = store.index
    manifest = (tmp_path / "store" / STORE_FILE).read_bytes()
    foreseen = store.foreseen(versions([written["bread"]]), ["rust"])
    assert store.index is before
    assert (tmp_path / "store" / STORE_FILE).read_bytes() == manifest
    store.change(versions([written["bread"]]), ["rust"])
    assert {each.slug for each in foreseen.documents} == {
        each.slug for each in store.index.documents
    }
    for question in QUESTIONS.values():
        ours, theirs = (each.search(question, ENGLISH) for each in (foreseen, store.index))
        assert ours.outcome is theirs.outcome
        assert ours.matches[0].passage == theirs.matches[0].passage


def test_only_questions_that_a_change_comes_near_are_asked_again(
    store: DocumentStore, written: dict[str, Document]
) -> None:
    asked = [QUESTIONS[each] for each in ("honey", "tides", "rust")]
    questions = known(store.index, *asked, "How often is a sourdough starter fed?")
    removed = store.foreseen([], ["rust"])
    comparison = Comparison(store.index, removed)
    assert not comparison.is_same
    assert comparison.unsettled(questions).tolist() == [2]
    added = Comparison(store.index, store.foreseen(versions([written["bread"]])))
    assert 3 in added.unsettled(questions).tolist()
    assert {0, 1}.isdisjoint(added.unsettled(questions).tolist())


def test_nothing_is_asked_again_where_nothing_changes(
    store: DocumentStore, written: dict[str, Document]
) -> None:
    same = store.foreseen(versions([written["honey"]]))
    comparison = Comparison(store.index, same)
    assert comparison.is_same
    assert not len(comparison.unsettled(known(store.index, *QUESTIONS.values())))
    assert first(same, QUESTIONS["honey"]) == "honey"


def test_many_questions_are_weighed_as_one_is(store: DocumentStore) -> None:
    index = store.index
    questions = [*QUESTIONS.values(), "?", "Bees bees bees"]
    many = index.segments.rarities.many(questions)
    for words in index.segments.words:
        together = words.many_ratios(many)
        alone = [words.ratios(index.segments.rarities.query(each)) for each in questions]
        np.testing.assert_allclose(together, np.stack(alone), atol=1e-6)
