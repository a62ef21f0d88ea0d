"""What each server knows: its own documents, found at once, and nobody else's."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.answering.answers import Answerer
from bot.config.settings import KnowledgeSettings
from bot.guilds import documents as guild_documents
from bot.guilds.knowledge import GuildKnowledge, GuildSources, Reloaded
from bot.storage import DocumentChanges, DocumentVersion, Storage
from index import Outcome
from knowledge import Language

ENGLISH = Language.ENGLISH
HERE, THERE = 1, 2
MODERATOR = 7
QUESTION = "When does the bakery open on Sundays?"


def files(text: str) -> dict[str, str]:
    return {"en.md": f"---\ntitle: Bakery\nlanguage: en\n---\n\n{text}\n"}


OPENS = files("On Sundays the bakery opens at nine. On other days it opens at six.")
LATER = files("On Sundays the bakery opens at ten, since the baker sleeps late.")


@pytest.fixture
async def knowledge(
    answerer: Answerer, storage: Storage, tmp_path: Path
) -> AsyncIterator[GuildKnowledge]:
    made = GuildKnowledge(answerer, storage, tmp_path / "guilds", KnowledgeSettings())
    yield made
    await made.close()


async def put(
    knowledge: GuildKnowledge, guild: int, texts: dict[str, str], expected: int = 0
) -> DocumentVersion:
    async def act(documents: DocumentChanges) -> DocumentVersion:
        return await documents.put("bakery", texts, by=MODERATOR, expected=expected)

    return await knowledge.change(guild, act)


def said(known: GuildSources) -> str | None:
    """What answers `QUESTION`, if something does."""
    answer = known.answerer.answer(QUESTION, ENGLISH)
    return None if answer.outcome is Outcome.NONE else answer.found[0].quote.text


async def test_a_change_is_done_when_questions_find_it(knowledge: GuildKnowledge) -> None:
    assert said(await knowledge.of(HERE)) is None
    await put(knowledge, HERE, OPENS)
    assert "nine" in str(said(await knowledge.of(HERE)))
    await put(knowledge, HERE, LATER, expected=1)
    assert "ten" in str(said(await knowledge.of(HERE)))

    async def remove(documents: DocumentChanges) -> None:
        await documents.remove("bakery", by=MODERATOR, expected=2)

    await knowledge.change(HERE, remove)
    assert said(await knowledge.of(HERE)) is None

    async def restore(documents: DocumentChanges) -> None:
        await documents.bring_back("bakery", by=MODERATOR)

    await knowledge.change(HERE, restore)
    assert "ten" in str(said(await knowledge.of(HERE)))


async def test_a_first_document_of_one_short_passage_is_found_however_often_it_is_edited(
    knowledge: GuildKnowledge, answerer: Answerer, storage: Storage, tmp_path: Path
) -> None:
    """Its text never changes, so what was encoded of it is carried from index to index."""

    def dated(day: int) -> dict[str, str]:
        head = f"title: Bakery\nlanguage: en\npublished: 2021-04-0{day}"
        return {"en.md": f"---\n{head}\n---\n\nOn Sundays the bakery opens at nine.\n"}

    async def scores() -> list[float]:
        known = (await knowledge.of(HERE)).answerer
        assert "nine" in str(said(await knowledge.of(HERE)))
        return [each.score for each in known.answer(QUESTION, ENGLISH).result.matches]

    await put(knowledge, HERE, dated(1))
    first = await scores()
    for edits in range(1, 8):
        await put(knowledge, HERE, dated(1 + edits), expected=edits)
        assert await scores() == first
    await knowledge.close()
    knowledge = GuildKnowledge(answerer, storage, tmp_path / "guilds", KnowledgeSettings())
    assert await scores() == first
    await knowledge.close()


async def test_no_server_sees_what_another_knows(knowledge: GuildKnowledge) -> None:
    await put(knowledge, HERE, OPENS)
    assert said(await knowledge.of(THERE)) is None
    assert said(await knowledge.of(None)) is None
    await put(knowledge, THERE, OPENS)
    (own,) = (await knowledge.of(HERE)).answerer.index.segments.every[1].documents
    (other,) = (await knowledge.of(THERE)).answerer.index.segments.every[1].documents
    assert own.editions == other.editions
    # The same words in two servers are two passages, whose buttons open nothing elsewhere.
    assert (await knowledge.of(THERE)).answerer.passage(own.passages[0].id, ENGLISH, None) is None
    assert (await knowledge.of(None)).answerer.passage(own.passages[0].id, ENGLISH, None) is None


async def test_a_restart_finds_everything_and_what_was_missed(
    knowledge: GuildKnowledge, answerer: Answerer, storage: Storage, tmp_path: Path
) -> None:
    await put(knowledge, HERE, OPENS)
    await knowledge.close()
    # As if the process had been killed before the segments were written.
    await storage.guild(HERE).documents.put("bakery", LATER, by=MODERATOR, expected=1)
    again = GuildKnowledge(answerer, storage, tmp_path / "guilds", KnowledgeSettings())
    assert "ten" in str(said(await again.of(HERE)))
    await again.close()
    await storage.guild(HERE).documents.remove("bakery", by=MODERATOR, expected=2)
    again = GuildKnowledge(answerer, storage, tmp_path / "guilds", KnowledgeSettings())
    assert said(await again.of(HERE)) is None
    await again.close()


async def test_a_lost_cache_is_made_again_and_said(
    knowledge: GuildKnowledge,
    answerer: Answerer,
    storage: Storage,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await put(knowledge, HERE, OPENS)
    await knowledge.close()
    (codes,) = (tmp_path / "guilds" / str(HERE)).glob("*/tokens.npy")
    codes.write_bytes(codes.read_bytes()[:-1])
    again = GuildKnowledge(answerer, storage, tmp_path / "guilds", KnowledgeSettings())
    assert "nine" in str(said(await again.of(HERE)))
    assert "is made again from its documents" in caplog.text
    await again.close()


async def test_how_far_many_documents_are_is_told_of_all_of_them(
    knowledge: GuildKnowledge, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The last batch is of what is left over.
    monkeypatch.setattr(guild_documents, "_PUT_TOGETHER", 32 * len(OPENS["en.md"]))
    for number in range(70):
        await storage.guild(HERE).documents.put(f"a-{number}", OPENS, by=MODERATOR, expected=0)
    told: list[tuple[int, int]] = []

    done = await knowledge.reload(HERE, lambda done, total: told.append((done, total)))

    assert (done.documents, done.passages, done.rebuilt) == (70, 70, 70)
    assert {total for _, total in told} == {70}
    assert told[-1] == (70, 70)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


async def test_only_so_many_servers_are_kept_open(
    answerer: Answerer, storage: Storage, tmp_path: Path
) -> None:
    settings = KnowledgeSettings(open_servers=2)
    knowledge = GuildKnowledge(answerer, storage, tmp_path / "guilds", settings)
    for guild in range(1, 6):
        await put(knowledge, guild, files(f"On Sundays bakery {guild} opens at {guild}."))
    assert knowledge.opened == (4, 5)
    for guild in range(1, 6):
        assert f"bakery {guild}" in str(said(await knowledge.of(guild)))
    await knowledge.close()


async def test_segments_are_joined_while_questions_are_answered(knowledge: GuildKnowledge) -> None:
    for number in range(6):

        async def act(documents: DocumentChanges, number: int = number) -> None:
            text = files(f"On Sundays bakery {number} opens at {number + 5}.")
            await documents.put(f"bakery-{number}", text, by=MODERATOR, expected=0)

        await knowledge.change(HERE, act)
        assert "bakery" in str(said(await knowledge.of(HERE)))
    await knowledge.settle()
    index = (await knowledge.of(HERE)).answerer.index
    assert len(index.segments.every) < 5
    assert {each.slug for each in index.documents} >= {f"bakery-{number}" for number in range(6)}


async def test_what_is_forgotten_leaves_no_file(knowledge: GuildKnowledge, tmp_path: Path) -> None:
    await put(knowledge, HERE, OPENS)
    await knowledge.forget(HERE)
    assert not (tmp_path / "guilds" / str(HERE)).exists()


async def test_without_a_storage_there_is_what_is_shared(
    answerer: Answerer, tmp_path: Path
) -> None:
    knowledge = GuildKnowledge(answerer, None, tmp_path / "guilds", KnowledgeSettings())
    assert (await knowledge.of(HERE)) is knowledge.shared
    await knowledge.close()


async def test_what_another_process_changed_is_caught_up_with(
    knowledge: GuildKnowledge, storage: Storage
) -> None:
    assert said(await knowledge.of(HERE)) is None
    documents = storage.guild(HERE).documents
    await documents.put("bakery", OPENS, by=MODERATOR, expected=0)
    await knowledge.catch_up(HERE)
    assert "nine" in str(said(await knowledge.of(HERE)))
    await documents.put("bakery", LATER, by=MODERATOR, expected=1)
    await knowledge.catch_up(THERE)
    assert "nine" in str(said(await knowledge.of(HERE)))
    await knowledge.catch_up(HERE)
    assert "ten" in str(said(await knowledge.of(HERE)))
    known = await knowledge.of(HERE)
    await knowledge.catch_up(HERE)
    assert await knowledge.of(HERE) is known
    await storage.privacy.erase(HERE)
    await knowledge.catch_up(HERE)
    assert said(await knowledge.of(HERE)) is None


async def test_what_is_reloaded_is_checked_and_made_again_where_it_does_not_match(
    knowledge: GuildKnowledge, tmp_path: Path
) -> None:
    assert await knowledge.reload(HERE) == Reloaded(0, 0, 0, ())
    await put(knowledge, HERE, OPENS)
    assert await knowledge.reload(HERE) == Reloaded(1, 1, 0, ())
    (codes,) = (tmp_path / "guilds" / str(HERE)).glob("*/tokens.npy")
    content = bytearray(codes.read_bytes())
    content[-1] ^= 1
    codes.write_bytes(content)
    assert await knowledge.reload(HERE) == Reloaded(1, 1, 1, ())
    assert "nine" in str(said(await knowledge.of(HERE)))
    shutil.rmtree(tmp_path / "guilds" / str(HERE))
    assert await knowledge.reload(HERE) == Reloaded(1, 1, 1, ())
    assert await knowledge.reload(HERE) == Reloaded(1, 1, 0, ())
    assert "nine" in str(said(await knowledge.of(HERE)))


async def test_what_is_reloaded_is_as_the_database_has_it(
    knowledge: GuildKnowledge, storage: Storage
) -> None:
    await put(knowledge, HERE, OPENS)
    documents = storage.guild(HERE).documents
    await documents.put("bakery", LATER, by=MODERATOR, expected=1)
    await documents.put("broken", {"en.md": "no front matter"}, by=MODERATOR, expected=0)
    assert await knowledge.reload(HERE) == Reloaded(1, 1, 1, ("broken",))
    assert "ten" in str(said(await knowledge.of(HERE)))
    await storage.privacy.erase(HERE)
    assert await knowledge.reload(HERE) == Reloaded(0, 0, 0, ())
    assert said(await knowledge.of(HERE)) is None
