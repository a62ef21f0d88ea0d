"""A reader ranks the first passages and says how sure to be; it is asked only where it counts."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index import DamagedIndexError, Encoder, Index, Outcome, build_index
from index.building import fitting
from index.calibration.confidence import known_confidence
from index.encoders.encoder import FloatArray
from index.reading import MOST_READ
from knowledge import Document, Language, PassageLimits, read_library

ENGLISH = Language.ENGLISH
TEXT = """---
title: Riverside
language: en
---
The Riverside pool is open from Tuesday to Sunday, from nine in the morning to seven at night.

The Riverside library is open from Monday to Friday, from ten in the morning to six at night.

The Riverside museum is open on Saturday and Sunday, from eleven in the morning to five.

The Riverside market is open on Wednesday, from six in the morning until noon, all year.

The Riverside town hall is open on weekdays, from eight in the morning to four.

The Riverside park is open every day, from seven in the morning until the sun has set.
"""
ASKED = "When is Riverside open in the morning?"


class Preferring:
    """Knows what answers the written questions, prefers some words, and notes what it reads."""

    def __init__(self, *words: str) -> None:
        self.name = f"a reader of {words}"
        self.words = words
        self.read: list[str] = []
        self.answers = {
            question.text: text
            for each in fitting.bundled_documents()
            for question in each.questions
            if question.answered
            for text in _texts(each.document, question.passage)
        }

    def scores(self, question: str, passages: Sequence[str]) -> FloatArray:
        self.read += passages
        wanted = (*self.words, *filter(None, [self.answers.get(question)]))
        liked = [any(each in passage for each in wanted) for passage in passages]
        return np.where(liked, 4.0, -4.0).astype(np.float32)


def _texts(document: Document, identifier: str) -> list[str]:
    return [
        text.span.of(document.editions[language].text)
        for passage in document.passages
        if passage.id == identifier
        for language, text in passage.texts.items()
    ]


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "riverside").mkdir()
    (folder / "riverside" / "en.md").write_text(TEXT, "utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path, index_folder: Path) -> Path:
    """Where an index is to be, with what every index of this encoder has."""
    for kept in index_folder.glob("reference-*"):
        shutil.copy(kept, tmp_path)
    return tmp_path


def opened(articles: Path, folder: Path, encoder: Encoder, reader: Preferring | None) -> Index:
    build_index(read_library(articles, PassageLimits()), encoder, folder, reader=reader)
    if reader is not None:
        reader.read.clear()
    return Index.open(folder, encoder, reader=reader)


def seen(index: Index, question: str) -> list[tuple[str, float, float | None]]:
    result = index.search(question, ENGLISH)
    return [(each.passage.id, each.score, each.confidence) for each in result.matches]


@pytest.mark.usefixtures("few_written")
@pytest.mark.timeout(600)
def test_a_reader_is_fitted_ranks_and_is_asked_where_it_counts(
    articles: Path, folder: Path, encoder: Encoder
) -> None:
    plain = opened(articles, folder, encoder, None)
    reader = Preferring("museum")
    index = opened(articles, folder, encoder, reader)
    assert index.confidence.reader == reader.name and "reader" in index.confidence.weights
    assert index.confidence.reading > 0

    # It ranks what the evidence cannot tell apart, and says what it gave.
    result = index.search(ASKED, ENGLISH)
    read = [each for each in result.matches if each.read is not None]
    assert "museum" in result.matches[0].quote(ENGLISH).text
    assert result.matches[0].read == 4.0
    assert 1 < len(read) <= MOST_READ and len(reader.read) == len(read)
    assert all(each.startswith("Riverside\nThe Riverside") for each in reader.read)
    assert {each.passage.id for each in result.matches} == {
        each.passage.id for each in plain.search(ASKED, ENGLISH).matches
    }
    assert result.verdict == plain.search(ASKED, ENGLISH).verdict

    # The same question, again and in a batch, is answered alike, and from memory.
    before = len(reader.read)
    assert index.search(ASKED, ENGLISH) == index.search_many([ASKED], [ENGLISH])[0]
    assert len(reader.read) == before

    # It lowers the confidence of what it does not hold for an answer.
    liked, disliked = (
        opened(articles, folder, encoder, Preferring(word)).search(ASKED, ENGLISH).matches[0]
        for word in ("museum", "nothing at all")
    )
    assert liked.confidence is not None and disliked.confidence is not None
    assert liked.confidence > disliked.confidence

    # What the evidence does not show is not read, nor is small talk; the gate is what it was.
    reader.read.clear()
    for question in ("Who won the 1998 World Cup final?", "thanks a lot!"):
        result = index.search(question, ENGLISH)
        assert result.outcome is Outcome.NONE
        assert seen(index, question) == seen(plain, question)
    assert reader.read == []

    # None is as it was before there were readers.
    assert seen(Index.open(folder, encoder), ASKED) == seen(plain, ASKED)


@pytest.mark.usefixtures("few_written")
@pytest.mark.timeout(600)
def test_another_reader_is_fitted_anew_and_the_encoder_alone_stays_known(
    articles: Path, folder: Path, encoder: Encoder
) -> None:
    first, second = Preferring("museum"), Preferring("market")
    index = opened(articles, folder, encoder, first)
    with pytest.raises(DamagedIndexError, match="with this reader is not known"):
        Index.open(folder, encoder, reader=second)
    generation = index.manifest.generation
    other = opened(articles, folder, encoder, second)
    assert other.manifest.generation == generation
    assert other.confidence.reader == second.name
    assert known_confidence(folder, encoder.name, first.name) is None
    assert Index.open(folder, encoder).confidence.reader is None


@pytest.mark.usefixtures("few_written")
@pytest.mark.timeout(600)
def test_what_somebody_curated_is_not_read(
    folder: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    articles = tmp_path_factory.mktemp("curated")
    curated = articles / "riverside"
    curated.mkdir()
    (curated / "en.md").write_text(
        f"{TEXT}\n## {ASKED}\n\nThe Riverside bakery opens at five, and bakes all morning long.\n",
        "utf-8",
    )
    reader = Preferring("market")
    index = opened(articles, folder, encoder, reader)
    assert [each.question for each in index.curated] == [ASKED]
    result = index.search(ASKED, ENGLISH)
    assert reader.read == []
    assert "bakery" in result.matches[0].quote(ENGLISH).text
