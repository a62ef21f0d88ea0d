"""The real encoder and the real article, made ready once for all tests."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.answering.answers import Answerer
from bot.config import DatabaseServer
from bot.config.settings import QuestionSettings
from bot.storage import open_storage
from index import Encoder, EncoderChoice, Index, LanguageDetector, build_index, open_encoder
from index.building import fitting
from index.encoders.encoder import Encoded
from index.encoders.exported.encoder import ExportedEncoder
from knowledge import Library, PassageLimits, read_library
from tests.postgres import NoServerError, PostgresServer

ROOT = Path(__file__).parent.parent
ARTICLES = ROOT / "knowledge" / "articles"
pytest_plugins = ["tests.limits"]
# What is said in a terminal is compared in English, whatever this machine speaks.
os.environ["LC_ALL"] = "C.UTF-8"


class Remembering:
    """The real encoder, which reads a text once for all tests."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[tuple[bool, str], Encoded] = {}
        self.name = encoder.name
        self.dimension = encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> list[Encoded]:
        return self._remembered(texts, queries=True)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        return self._remembered(texts, queries=False)

    def _remembered(self, texts: Sequence[str], *, queries: bool) -> list[Encoded]:
        new = sorted({text for text in texts if (queries, text) not in self._known}, key=len)
        encode = self._encoder.encode_queries if queries else self._encoder.encode_passages
        if new:
            for text, encoded in zip(new, encode(new), strict=True):
                self._known[queries, text] = encoded
        return [self._known[queries, text] for text in texts]


@pytest.fixture(scope="session")
def real_encoder(pytestconfig: pytest.Config) -> Iterator[Encoder]:
    """The bundled encoder; exported into pytest's cache, where later runs find it."""
    encoder = open_encoder(EncoderChoice(), pytestconfig.cache.mkdir("models"), print)
    assert isinstance(encoder, ExportedEncoder)
    yield encoder
    encoder.close()


@pytest.fixture(scope="session")
def encoder(real_encoder: Encoder) -> Encoder:
    """The same, quicker: some hundreds of unrelated questions belong to every index."""
    return Remembering(real_encoder)


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


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server with a database `empty`, which has the tables and is only to be copied."""
    try:
        server = PostgresServer(synced=False)
        server.start()
    except NoServerError as error:
        pytest.skip(f"no PostgreSQL server: {error}")
    server.execute("CREATE DATABASE empty")

    async def make() -> None:
        async with open_storage(server.address("empty")):
            pass

    asyncio.run(make())
    yield server
    server.close()


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[DatabaseServer]:
    """An empty database on the server."""
    postgres.execute("CREATE DATABASE test TEMPLATE empty STRATEGY wal_log")
    yield postgres.address("test")
    postgres.execute("DROP DATABASE test WITH (FORCE)")


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server that a test may stop."""
    try:
        server = PostgresServer()
        server.start()
    except NoServerError as error:
        pytest.skip(f"no PostgreSQL server: {error}")
    yield server
    server.close()


@pytest.fixture
def standby(own_server: PostgresServer) -> Iterator[PostgresServer]:
    """Another that follows it, a moment behind."""
    server = PostgresServer(standby_of=own_server)
    server.start()
    yield server
    server.close()


@pytest.fixture
def few_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another encoder is asked three written documents rather than all, which takes minutes."""
    few = fitting.bundled_documents()[:3]
    monkeypatch.setattr(fitting, "bundled_documents", lambda: few)
