"""A reader from the configuration to what is said of it: made ready, fitted anew, explained."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from bot.answering.answers import Answerer
from bot.answering.explanation import explanation, print_explanation
from bot.answering.startup import open_index
from bot.cogs.moderators.trials import trial_card
from bot.config import Config, read_config
from bot.config.settings import QuestionSettings
from bot.locales import Phrasebooks
from bot.operations.doctor.articles import examine_reader
from bot.operations.doctor.findings import Health
from bot.telemetry.encoding import TimedEncoder, TimedReader
from index import Index, LanguageDetector
from index.encoders.exported.encoder import ExportedEncoder
from index.readers.exported import ExportedReader
from index.segments.manifest import read_manifest
from knowledge import Language
from tests.conftest import ARTICLES
from tests.index.readers.made import cross_encoder_folder

# What nothing curated asks, so that it is read.
QUESTION = "Does the coalition say how large Amazon's fees on sellers are?"


@pytest.fixture
def config(
    tmp_path: Path, index_folder: Path, pytestconfig: pytest.Config, real_encoder: ExportedEncoder
) -> Config:
    """An index that serves, and a reader that has just been chosen."""
    del real_encoder
    shutil.copytree(index_folder, tmp_path / "data" / "index")
    (tmp_path / "data" / "models").mkdir()
    for export in pytestconfig.cache.mkdir("models").glob("exported-*"):
        (tmp_path / "data" / "models" / export.name).symlink_to(export)
    cross_encoder_folder(tmp_path / "reader")
    file = tmp_path / "config.yaml"
    file.write_text(
        f"reader:\n  model: {tmp_path / 'reader'}\nknowledge:\n  folder: {ARTICLES}\n", "utf-8"
    )
    return read_config(file)


@pytest.mark.usefixtures("few_written")
@pytest.mark.timeout(600)
def test_a_reader_that_is_chosen_on_a_living_index(config: Config) -> None:
    seen = examine_reader(config)
    assert seen.health is Health.DOUBTFUL and "has not been made ready" in seen.seen
    before = read_manifest(config.index_folder)

    told: list[str] = []
    index = open_index(config, told.append)
    assert told[0] == "Making the reader ready; this is done once."
    (line,) = told[1:]
    assert line.startswith("The reader is reader:")
    assert line.endswith(" now: finding anew how sure answers are.")
    assert index.manifest == before
    assert examine_reader(config).health is Health.GOOD
    told.clear()
    _close(open_index(config, told.append))
    assert told == []

    # What it has read is told: in the terminal, and in both languages on the card.
    answer = Answerer(index, LanguageDetector(), QuestionSettings()).answer(
        QUESTION, Language.ENGLISH
    )
    explained = explanation(index, answer)
    read = [each["reader"] for each in explained["passages"] if each["reader"] is not None]
    assert read and all(0 <= each <= 1 for each in read)
    console = Console(record=True, width=120)
    print_explanation(console, explained)
    assert console.export_text().count("read with the question: ") == len(read)
    books = Phrasebooks.read()
    for language, words in (
        (Language.ENGLISH, "read with the question"),
        (Language.FRENCH, "lu avec la question"),
    ):
        card = trial_card(index, answer, books[language])
        sent = card.to_components()  # type: ignore[no-untyped-call]
        assert json.dumps(sent, ensure_ascii=False).count(words) == len(read)
    _close(index)


def _close(index: Index) -> None:
    encoder, reading = index.encoder, index._reading
    assert isinstance(encoder, TimedEncoder) and reading is not None
    assert isinstance(reading.reader, TimedReader)
    for each in (encoder._encoder, reading.reader._reader):
        assert isinstance(each, ExportedEncoder | ExportedReader)
        each.close()
