"""The real encoder and the real article, made ready once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers import Answerer
from bot.config import QuestionSettings
from index import (
    Encoder,
    EncoderChoice,
    Index,
    LanguageDetector,
    build_index,
    load_sentence_transformer,
)
from knowledge import Library, PassageLimits, read_library

ROOT = Path(__file__).parent.parent
ARTICLES = ROOT / "knowledge" / "articles"


@pytest.fixture(scope="session")
def encoder(pytestconfig: pytest.Config) -> Encoder:
    """The bundled encoder; unpacked into pytest's cache, where later runs find it."""
    return load_sentence_transformer(EncoderChoice(), pytestconfig.cache.mkdir("models"))


@pytest.fixture(scope="session")
def library() -> Library:
    """The articles of the repository."""
    return read_library(ARTICLES, PassageLimits())


@pytest.fixture(scope="session")
def index_folder(
    encoder: Encoder, library: Library, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of an index of the repository's articles; not to be changed."""
    folder = tmp_path_factory.mktemp("index")
    build_index(library, encoder, folder)
    return folder


@pytest.fixture(scope="session")
def index(encoder: Encoder, index_folder: Path) -> Index:
    """The index of the repository's articles."""
    return Index.open(index_folder, encoder)


@pytest.fixture(scope="session")
def answerer(index: Index) -> Answerer:
    """Answers from the repository's articles."""
    return Answerer(index, LanguageDetector(), QuestionSettings())
