"""What one process encoded of a server's documents, no other encodes again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.answering.answers import Answerer
from bot.config import DatabaseServer
from bot.config.settings import KnowledgeSettings, QuestionSettings
from bot.guilds import documents as guild_documents
from bot.guilds.knowledge import GuildKnowledge, Reloaded
from bot.storage import ConflictError, DocumentChanges, Storage, StorageError, open_storage
from bot.storage.opening import copy_storage
from bot.storage.sql.engines import quiet
from index import EncoderError, Index, LanguageDetector
from index.encoders.encoder import Encoded
from tests.bot.guilds.test_guild_knowledge import HERE, MODERATOR, THERE, files
from tests.bot.guilds.test_knowledge_on_a_server import TEXTS, answers, change, fill
from tests.bot.killing import grown
from tests.bot.storage.test_encodings import refuse_encodings
from tests.index.building.test_build import Counting
from tests.postgres import PostgresServer


class Machine:
    """A process with a disk of its own, and an encoder that counts.

    Attributes:
        storage: The storage.
        knowledge: What servers know there.
        encoder: Counts what is encoded there.
    """

    def __init__(self, storage: Storage, knowledge: GuildKnowledge, encoder: Counting) -> None:
        self.storage = storage
        self.knowledge = knowledge
        self.encoder = encoder

    @property
    def encoded(self) -> list[str]:
        """Which of `TEXTS` and their like were encoded; questions are none."""
        return [each for each in self.encoder.encoded if not each.endswith("?")]


class Machines:
    """Starts machines, each with an empty disk."""

    def __init__(self, answerer: Answerer, folder: Path, stack: AsyncExitStack) -> None:
        self._answerer = answerer
        self._folder = folder
        self._stack = stack
        self._count = 0

    async def another(
        self,
        place: Path | DatabaseServer,
        settings: KnowledgeSettings | None = None,
        encoder: Counting | None = None,
    ) -> Machine:
        self._count += 1
        encoder = encoder or Counting(self._answerer.index.encoder)
        base = self._answerer.index
        index = Index(base.manifest, base.segments, encoder, base.reference, base.confidence)
        answerer = Answerer(index, LanguageDetector(), QuestionSettings())
        storage = await self._stack.enter_async_context(open_storage(place))
        folder = self._folder / f"guilds-{self._count}"
        knowledge = GuildKnowledge(answerer, storage, folder, settings or KnowledgeSettings())
        self._stack.push_async_callback(knowledge.close)
        return Machine(storage, knowledge, encoder)


@pytest.fixture
async def machines(answerer: Answerer, tmp_path: Path) -> AsyncIterator[Machines]:
    async with AsyncExitStack() as stack:
        yield Machines(answerer, tmp_path, stack)


@pytest.fixture
async def file(machines: Machines, tmp_path: Path) -> Path:
    """A database file with the documents of `fill`."""
    path = tmp_path / "filled.db"
    await fill((await machines.another(path)).knowledge)
    return path


@pytest.fixture
async def wanted(machines: Machines, file: Path) -> list[object]:
    """What a machine answers that has encoded all of them itself."""
    machine = await machines.another(file)
    given = await answers(machine.knowledge)
    assert len(str(given)) > 500 and len(machine.encoded) == len(TEXTS) - 1
    assert await kept(machine.storage) == {}
    return given


async def kept(storage: Storage, guild: int = HERE) -> dict[str, bytes]:
    """What is kept of a server's documents."""
    documents = storage.guild(guild).documents
    versions = {each.slug: each.version for each in await documents.every()}
    found = await documents.encoded_of(versions)
    return {slug: each.content for slug, each in found.items()}


async def test_another_machine_answers_alike_and_encodes_nothing(
    machines: Machines, database: DatabaseServer, wanted: list[object]
) -> None:
    one, two = await machines.another(database), await machines.another(database)
    await fill(one.knowledge)
    assert len(one.encoded) == len(TEXTS) + 1
    assert await answers(two.knowledge) == wanted
    assert two.encoded == []
    assert (await two.knowledge.reload(HERE)).documents == len(TEXTS) - 1
    assert two.encoded == []


async def test_a_change_is_encoded_before_it_is_written_and_once(
    machines: Machines, database: DatabaseServer
) -> None:
    one, two = await machines.another(database), await machines.another(database)
    await change(one.knowledge, "bakery", TEXTS["bakery"])
    assert await answers(two.knowledge) == await answers(one.knowledge)
    await change(two.knowledge, "bakery", TEXTS["sundays"], 1)
    assert two.encoded == [TEXTS["sundays"]]
    await one.knowledge.catch_up(HERE)
    assert await answers(one.knowledge) == await answers(two.knowledge)
    assert one.encoded == [TEXTS["bakery"]]


async def test_what_is_restored_or_brought_back_is_kept_with_it(
    machines: Machines, database: DatabaseServer
) -> None:
    one = await machines.another(database)
    await change(one.knowledge, "bakery", TEXTS["bakery"])
    await change(one.knowledge, "bakery", TEXTS["sundays"], 1)

    async def restore(documents: DocumentChanges) -> None:
        assert await documents.restore("bakery", 1, by=MODERATOR, expected=2) is not None
        assert await documents.restore("bakery", 9, by=MODERATOR, expected=3) is None

    async def bring_back(documents: DocumentChanges) -> None:
        assert await documents.bring_back("bakery", by=MODERATOR) is not None
        assert await documents.bring_back("bakery", by=MODERATOR) is None

    await one.knowledge.change(HERE, restore)
    assert (await kept(one.storage)).keys() == {"bakery"}
    await change(one.knowledge, "bakery", None, 3)
    await one.knowledge.change(HERE, bring_back)
    assert (await kept(one.storage)).keys() == {"bakery"}
    two = await machines.another(database)
    assert await answers(two.knowledge) == await answers(one.knowledge)
    assert two.encoded == []


async def test_a_conflict_is_refused_and_leaves_what_is_kept(
    machines: Machines, database: DatabaseServer
) -> None:
    one, two = await machines.another(database), await machines.another(database)
    await change(one.knowledge, "bakery", TEXTS["bakery"])
    before = await kept(one.storage)
    with pytest.raises(ConflictError):
        await change(two.knowledge, "bakery", TEXTS["sundays"], 0)
    assert await kept(one.storage) == before
    assert await answers(two.knowledge) == await answers(one.knowledge)


async def test_an_import_encodes_each_document_once_and_tells_how_far_it_is(
    machines: Machines, database: DatabaseServer
) -> None:
    one, two = await machines.another(database), await machines.another(database)
    told: list[tuple[int, int]] = []

    async def put(documents: DocumentChanges) -> None:
        for slug, text in TEXTS.items():
            await documents.put(slug, files(text), by=MODERATOR, expected=0)

    def progress(done: int, total: int) -> None:
        told.append((done, total))

    await one.knowledge.change(HERE, put, progress, len(TEXTS))
    assert sorted(one.encoded) == sorted(TEXTS.values())
    assert told == [(number, len(TEXTS)) for number in range(1, len(TEXTS) + 1)]
    assert await answers(two.knowledge) == await answers(one.knowledge)
    assert two.encoded == []


async def test_a_database_of_before_fills_by_itself(
    machines: Machines,
    database: DatabaseServer,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # In several batches, and several transactions each.
    monkeypatch.setattr(guild_documents, "_PUT_TOGETHER", 300)
    monkeypatch.setattr(guild_documents, "_KEPT_TOGETHER", 2)
    await copy_storage(file, database, quiet)
    one, two = await machines.another(database), await machines.another(database)
    assert await kept(one.storage) == {}
    told: list[tuple[int, int]] = []
    await one.knowledge.reload(HERE, lambda done, total: told.append((done, total)))
    assert len(one.encoded) == len(TEXTS) - 1 == len(await kept(one.storage))
    await two.knowledge.reload(HERE, lambda done, total: told.append((done, total)))
    assert two.encoded == []
    # Told as far as it is, whether or not anything was encoded.
    half = told.index((5, 5)) + 1
    assert told[-1] == (5, 5) and len(told) > half
    assert await answers(one.knowledge) == await answers(two.knowledge)


DAMAGES: dict[str, tuple[str, str]] = {
    "a bit": (
        "SET content = set_bit(content, length(content), 1 - get_bit(content, length(content)))",
        "it does not match its checksum",
    ),
    "cut": (
        "SET content = substring(content FROM 1 FOR length(content) / 2)",
        "it does not match its checksum",
    ),
    "of another shape": (
        "SET content = 'numbers', sha256 = encode(sha256('numbers'), 'hex')",
        "it is not what this version writes",
    ),
    "of another encoder": ("SET encoder = 'another'", "it was made by another encoder"),
}


@pytest.mark.parametrize(("damage", "why"), DAMAGES.values(), ids=DAMAGES)
async def test_what_is_damaged_is_encoded_again_and_one_line_says_so(  # noqa: PLR0917
    machines: Machines,
    database: DatabaseServer,
    postgres: PostgresServer,
    wanted: list[object],
    caplog: pytest.LogCaptureFixture,
    damage: str,
    why: str,
) -> None:
    one = await machines.another(database)
    await fill(one.knowledge)
    intact = await kept(one.storage)
    name = database.url.get_secret_value().rpartition("/")[2]
    postgres.execute(f"UPDATE document_encodings {damage}", name)
    two = await machines.another(database)
    assert await answers(two.knowledge) == wanted
    assert len(two.encoded) == len(TEXTS) - 1
    (line,) = [each for each in caplog.messages if "encoded again" in each]
    assert line == f"What was kept for the server 1 is encoded again (documents: 5): {why}."
    # It is mended for those that come.
    assert await kept(one.storage) == intact
    three = await machines.another(database)
    assert await answers(three.knowledge) == wanted
    assert three.encoded == []


async def test_documents_that_are_divided_otherwise_are_encoded_again(
    machines: Machines, database: DatabaseServer, tmp_path: Path
) -> None:
    text = f"{TEXTS['bakery']}\n\n{TEXTS['pool']}"
    one = await machines.another(database, KnowledgeSettings(shortest_passage=10))
    await change(one.knowledge, "both", text)
    assert len(one.encoded) == 2
    settings = KnowledgeSettings(shortest_passage=200)
    two = await machines.another(database, settings)
    plain = await machines.another(tmp_path / "test.db", settings)
    await change(plain.knowledge, "both", text)
    assert await answers(two.knowledge) == await answers(plain.knowledge)
    assert two.encoded == plain.encoded and len(two.encoded) == 1


async def test_a_document_that_cannot_be_read_is_kept_as_it_is(
    machines: Machines, database: DatabaseServer, caplog: pytest.LogCaptureFixture
) -> None:
    one = await machines.another(database)

    async def put(documents: DocumentChanges) -> None:
        await documents.put("broken", {"en.md": "nothing"}, by=MODERATOR, expected=0)

    await one.knowledge.change(HERE, put)
    assert await one.knowledge.reload(HERE) == Reloaded(0, 0, 0, ("broken",))
    assert await kept(one.storage) == {}
    assert "Left out of the server 1" in caplog.text


async def test_a_document_that_is_too_large_is_encoded_by_each(
    machines: Machines, database: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guild_documents, "_LARGEST_KEPT", 150)
    one, two = await machines.another(database), await machines.another(database)
    long = f"{TEXTS['bakery']} {TEXTS['sundays']}"
    await change(one.knowledge, "pool", TEXTS["pool"])
    await change(one.knowledge, "long", long)
    assert (await kept(one.storage)).keys() == {"pool"}
    assert one.encoded == [TEXTS["pool"], long]
    await two.knowledge.of(HERE)
    assert two.encoded == [long]
    assert (await kept(one.storage)).keys() == {"pool"}


class Failing(Counting):
    """An encoder that fails at passages, as long as it is told to."""

    fails = True

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        if self.fails:
            raise EncoderError("the encoder has failed")
        return super().encode_passages(texts)


async def test_where_nothing_can_be_encoded_a_change_is_written_all_the_same(
    machines: Machines, database: DatabaseServer, answerer: Answerer
) -> None:
    encoder = Failing(answerer.index.encoder)
    one = await machines.another(database, encoder=encoder)
    with pytest.raises(EncoderError):
        await change(one.knowledge, "bakery", TEXTS["bakery"])
    assert [each.slug for each in await one.storage.guild(HERE).documents.every()] == ["bakery"]
    assert await kept(one.storage) == {}
    encoder.fails = False
    await one.knowledge.reload(HERE)
    assert (await kept(one.storage)).keys() == {"bakery"}


async def test_where_nothing_can_be_kept_what_is_encoded_answers(  # noqa: PLR0917
    machines: Machines,
    database: DatabaseServer,
    postgres: PostgresServer,
    file: Path,
    wanted: list[object],
    caplog: pytest.LogCaptureFixture,
) -> None:
    await copy_storage(file, database, quiet)
    refuse_encodings(postgres, database)
    one = await machines.another(database)
    assert await answers(one.knowledge) == wanted
    assert "What was encoded for the server 1 is not kept." in caplog.text
    assert await kept(one.storage) == {}


async def test_nothing_is_left_of_what_is_removed_or_erased(
    machines: Machines, database: DatabaseServer, postgres: PostgresServer
) -> None:
    one = await machines.another(database)
    name = database.url.get_secret_value().rpartition("/")[2]

    def count() -> int:
        return int(postgres.execute("SELECT count(*) FROM document_encodings", name))

    await fill(one.knowledge)
    assert count() == len(TEXTS) - 1

    async def put(documents: DocumentChanges) -> None:
        await documents.put("theirs", files(TEXTS["pool"]), by=MODERATOR, expected=0)

    await one.knowledge.change(THERE, put)
    await change(one.knowledge, "pool", None, 1)
    assert count() == len(TEXTS) - 1
    await one.storage.privacy.erase(HERE)
    assert count() == 1
    await one.knowledge.catch_up(HERE)
    assert await kept(one.storage, THERE) != {}
    assert count() == 1


async def test_two_servers_with_the_same_words_keep_each_its_own(
    machines: Machines, database: DatabaseServer
) -> None:
    one, two = await machines.another(database), await machines.another(database)
    for guild in (HERE, THERE):

        async def put(documents: DocumentChanges) -> None:
            await documents.put("bakery", files(TEXTS["bakery"]), by=MODERATOR, expected=0)

        await one.knowledge.change(guild, put)
    # Neither takes anything from the other.
    assert one.encoded == [TEXTS["bakery"]] * 2
    await one.storage.privacy.erase(HERE)
    assert two.encoded == []
    await two.knowledge.of(THERE)
    assert two.encoded == []
    assert (await kept(two.storage, HERE), len(await kept(two.storage, THERE))) == ({}, 1)


async def test_whatever_dies_a_document_has_what_was_encoded_of_it(
    machines: Machines, own_server: PostgresServer
) -> None:
    """The server is killed while a machine writes."""
    place = own_server.address("postgres")
    one = await machines.another(place)
    done: list[str] = []

    async def write(life: int) -> None:
        for number in range(1000):
            slug = f"bakery-{life}-{number}"
            try:
                await change(one.knowledge, slug, f"On Sundays bakery {number} opens at {life}.")
            except StorageError:
                return
            done.append(slug)

    for life in range(2):
        writing = asyncio.create_task(write(life))
        await grown(done, by=5)
        own_server.kill()
        await writing
        own_server.start()
    there = {each.slug for each in await one.storage.guild(HERE).documents.every()}
    assert there >= set(done)
    assert (await kept(one.storage)).keys() == there
