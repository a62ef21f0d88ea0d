"""Servers' documents on PostgreSQL: found as from a file, and never apart from their index."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.answering.answers import Answerer
from bot.config import DatabaseServer
from bot.config.settings import KnowledgeSettings, QuestionSettings
from bot.drafts import body_of
from bot.guilds.knowledge import GuildKnowledge
from bot.storage import DocumentChanges, Storage, StorageError, open_storage
from bot.storage.opening import copy_storage
from bot.storage.sql.engines import quiet
from index import Index, LanguageDetector, build_index
from knowledge import Language, Library
from tests.bot.guilds.test_guild_knowledge import HERE, MODERATOR, files
from tests.bot.killing import grown
from tests.index.building.test_build import Counting
from tests.postgres import PostgresServer

QUESTIONS = (
    "When does the bakery open on Sundays?",
    "Who mends bicycles in the village?",
    "À quelle heure ouvre la piscine ?",
    "Where can I borrow books?",
    "How is AI dangerous?",
    "Quelle est la capitale de la Mongolie ?",
)
TEXTS = {
    "bakery": "On Sundays the bakery opens at nine. On other days it opens at six.",
    "bicycles": "Bicycles are mended by Ada on Mill Lane, from Monday to Friday.",
    "books": "Books are lent for three weeks by the library behind the church.",
    "pool": "The swimming pool opens at eight and closes at nine in the evening.",
    "sundays": "On Sundays everything but the bakery and the pool is closed.",
    "gone": "Whoever looks for the old post office finds a bakery in its place.",
}


async def change(knowledge: GuildKnowledge, slug: str, text: str | None, expected: int = 0) -> None:
    async def act(documents: DocumentChanges) -> None:
        if text is None:
            await documents.remove(slug, by=MODERATOR, expected=expected)
        else:
            await documents.put(slug, files(text), by=MODERATOR, expected=expected)

    await knowledge.change(HERE, act)


async def fill(knowledge: GuildKnowledge) -> None:
    """Documents that come, change and go."""
    for slug, text in TEXTS.items():
        await change(knowledge, slug, text)
    await change(knowledge, "books", "Books are lent for four weeks by the library.", 1)
    await change(knowledge, "gone", None, 1)
    await knowledge.settle()


async def answers(knowledge: GuildKnowledge) -> list[object]:
    """For each question the outcome and, in their order, the passages with their scores."""
    answerer = (await knowledge.of(HERE)).answerer
    given: list[object] = []
    for question in QUESTIONS:
        result = answerer.answer(question, Language.ENGLISH).result
        matches = [(each.document.slug, each.passage.id, each.score) for each in result.matches]
        given.append((result.outcome, result.verdict, matches))
    return given


class Processes:
    """Opens what a server knows as processes do, each with a folder of its own."""

    def __init__(self, answerer: Answerer, folder: Path, stack: AsyncExitStack) -> None:
        self._answerer = answerer
        self._folder = folder
        self._stack = stack
        self._count = 0

    async def another(self, place: Path | DatabaseServer) -> tuple[Storage, GuildKnowledge]:
        self._count += 1
        storage = await self._stack.enter_async_context(open_storage(place))
        folder = self._folder / f"guilds-{self._count}"
        knowledge = GuildKnowledge(self._answerer, storage, folder, KnowledgeSettings())
        self._stack.push_async_callback(knowledge.close)
        return storage, knowledge


@pytest.fixture
async def processes(answerer: Answerer, tmp_path: Path) -> AsyncIterator[Processes]:
    async with AsyncExitStack() as stack:
        yield Processes(answerer, tmp_path, stack)


async def test_the_same_question_finds_the_same_passages_in_the_same_order(
    processes: Processes, database: DatabaseServer, tmp_path: Path
) -> None:
    _, from_file = await processes.another(tmp_path / "test.db")
    _, from_server = await processes.another(database)
    await fill(from_file)
    await fill(from_server)
    wanted = await answers(from_file)
    assert len(str(wanted)) > 500
    assert await answers(from_server) == wanted


async def test_what_was_moved_is_found_as_before(
    processes: Processes, database: DatabaseServer, tmp_path: Path
) -> None:
    file = tmp_path / "test.db"
    _, before = await processes.another(file)
    await fill(before)
    await copy_storage(file, database, quiet)
    # Both make their index from nothing, as a new machine does.
    _, from_file = await processes.another(file)
    _, from_server = await processes.another(database)
    assert await answers(from_server) == await answers(from_file)


async def expect_in_step(storage: Storage, knowledge: GuildKnowledge) -> None:
    """Questions find the documents that are kept, in the versions that are kept, and no others."""
    kept = {}
    for state in await storage.guild(HERE).documents.every():
        version = await storage.guild(HERE).documents.newest(state.slug)
        assert version is not None
        kept[state.slug] = body_of(version.files["en.md"])
    index = (await knowledge.of(HERE)).answerer.index
    own = [document for segment in index.segments.every[1:] for document in segment.documents]
    found = {each.slug: each.editions[Language.ENGLISH].text.strip() for each in own}
    assert found == kept


async def test_no_index_is_apart_from_the_documents_whatever_dies(
    processes: Processes, own_server: PostgresServer
) -> None:
    """The server is killed while two processes write; afterwards each has what is kept."""
    place = own_server.address("postgres")
    (storage, one), (_, two) = await processes.another(place), await processes.another(place)
    done: list[str] = []

    async def write(knowledge: GuildKnowledge, writer: int) -> None:
        for number in range(1000):
            slug = f"bakery-{writer}-{number}"
            try:
                await change(knowledge, slug, f"On Sundays bakery {number} opens at {writer}.")
                if number % 3 == 2:
                    await change(knowledge, slug, None, 1)
            except StorageError:
                return
            done.append(slug)

    for life in range(2):
        writing = asyncio.gather(write(one, 2 * life), write(two, 2 * life + 1))
        await grown(done, by=6)
        own_server.kill()
        await writing
        own_server.start()
        for knowledge in (one, two):
            await knowledge.catch_up(HERE)
            await expect_in_step(storage, knowledge)
    # So has a process that starts now.
    await expect_in_step(*await processes.another(place))


@pytest.mark.usefixtures("few_written")
async def test_an_index_of_another_model_is_made_again(
    database: DatabaseServer,
    answerer: Answerer,
    library: Library,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    other = Counting(answerer.index.encoder, name="another")
    build_index(library, other, tmp_path / "index")
    index = Index.open(tmp_path / "index", other)
    renamed = Answerer(index, LanguageDetector(), QuestionSettings())
    given = []
    async with open_storage(database) as storage:
        for each in (answerer, renamed):
            other.encoded.clear()
            knowledge = GuildKnowledge(each, storage, tmp_path / "guilds", KnowledgeSettings())
            if each is answerer:
                await change(knowledge, "bakery", TEXTS["bakery"])
            given.append(await answers(knowledge))
            await expect_in_step(storage, knowledge)
            await knowledge.close()
    assert "is made again from its documents: the encoder has changed" in caplog.text
    assert any(TEXTS["bakery"] in each for each in other.encoded)
    assert given[0] == given[1]
