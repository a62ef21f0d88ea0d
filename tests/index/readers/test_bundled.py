"""The reader that ships: it tells what a text answers from what it is merely about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Encoder, Index, Outcome, Reader, ReaderChoice, open_reader
from index.building.store import DocumentStore, VersionedDocument
from index.calibration.confidence import known_confidence
from index.encoders.exported.encoder import ExportedEncoder
from index.readers.exported import ExportedReader
from index.readers.reader import BUNDLED
from knowledge import Language, PassageLimits, read_library
from tests.index.building.test_build import DOCUMENT
from tests.index.building.test_store import TEXTS


@pytest.fixture(scope="module")
def reader(pytestconfig: pytest.Config, real_encoder: ExportedEncoder) -> Iterator[Reader]:
    """Exported into pytest's cache, beside the encoder whose vocabulary it shares."""
    del real_encoder
    found = open_reader(ReaderChoice(BUNDLED), pytestconfig.cache.mkdir("models"), print)
    assert isinstance(found, ExportedReader)
    yield found
    found.close()


@pytest.fixture(scope="module")
def reading(index_folder: Path, encoder: Encoder, reader: Reader) -> Index:
    return Index.open(index_folder, encoder, reader=reader)


def test_how_sure_its_answers_are_ships_with_it(
    index_folder: Path, encoder: Encoder, reader: Reader
) -> None:
    found = known_confidence(index_folder, encoder.name, reader.name)
    assert found is not None
    assert found.weights["reader"] > 0 and found.reading > 0


@pytest.mark.parametrize(
    ("language", "answered", "near"),
    [
        (
            Language.FRENCH,
            "ils attendent quoi des régulateurs exactement",
            "Combien de membres compte Small Business Rising ?",
        ),
        (
            Language.ENGLISH,
            "what do they want the regulators to do about it",
            "Which cities will the coalition hold rallies in?",
        ),
    ],
)
def test_what_is_answered_reads_otherwise_than_what_is_only_near(
    reading: Index, reader: Reader, language: Language, answered: str, near: str
) -> None:
    """By units, where the next processor drifts by hundredths."""
    match = reading.search(answered, language).matches[0]
    passage = match.quote(language).text
    yes, no = (float(reader.scores(each, [passage])[0]) for each in (answered, near))
    assert yes > 1 and no < -2


def test_a_fact_that_the_article_lacks_is_not_answered(index: Index, reading: Index) -> None:
    """Its passage is about him; the age stands nowhere."""
    asked = "How old is Lina Khan, and where was she born?"
    without, read = (each.search(asked, Language.ENGLISH) for each in (index, reading))
    assert read.outcome is not Outcome.ANSWER
    first, second = (each.matches[0].confidence for each in (without, read))
    assert first is not None and second is not None
    assert second < first - 0.1


def test_it_reads_where_documents_are_hidden_too(reading: Index, tmp_path: Path) -> None:
    folder = tmp_path / "articles" / "honey"
    folder.mkdir(parents=True)
    (folder / "en.md").write_text(DOCUMENT.format(title="honey", text=TEXTS["honey"]))
    (honey,) = read_library(folder.parent, PassageLimits()).documents
    store = DocumentStore(tmp_path / "store", reading, "by hand")
    store.change([VersionedDocument(honey, 1)])
    asked = "what do they want the regulators to do about it"
    for index in (store.index, store.index.without({honey.slug})):
        found = index.search(asked, Language.ENGLISH).matches[0]
        assert found.read is not None
        assert found.document.slug != honey.slug
