"""The page for a server: the very cards that its members see, read while its bot runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answering.answers import Answerer
from bot.client.client import CoalitionBot
from bot.config import Config
from bot.errors import PreviewError
from bot.locales import Phrasebooks
from bot.operations.preview.previewer import Previewer
from bot.operations.preview.server import reading_server
from bot.process.worker import Worker
from bot.storage import DocumentChanges
from index import Strictness
from knowledge import Language
from tests.bot.operations.preview.own import BAKERY, MODERATOR, OPENS, PINNED
from tests.bot.operations.preview.test_previewer import custom_id, sent, shown
from tests.bot.world import World

FRENCH, ENGLISH = Language.FRENCH, Language.ENGLISH
BOOKS = Phrasebooks.read()
QUESTIONS = (
    OPENS,
    PINNED,
    "who leads the campaign",
    "Who is Tim Wu?",
    "How do I unclog a sink?",
)


async def with_its_own(bot: CoalitionBot, guild: int) -> None:
    """Give a server a document, a pin and a setting."""

    async def put(documents: DocumentChanges) -> object:
        return await documents.put("bakery", BAKERY, by=MODERATOR, expected=0)

    await bot.knowledge.change(guild, put)
    passage = bot.knowledge.index.documents[0].passages[1].id
    await bot.pins.pin(guild, PINNED, ENGLISH, passage, by=MODERATOR)
    await bot.settings.change(guild, by=MODERATOR, strictness=Strictness.EAGER)


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker(threads=1, waiting=10)
    yield worker
    worker.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files are."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def state(place: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path."""
    return {
        path.relative_to(place).as_posix(): path.read_bytes()
        for path in place.rglob("*")
        if path.is_file()
    }


async def test_a_server_is_shown_what_its_members_see(
    world: World, answerer: Answerer, worker: Worker, tmp_path: Path, folder: Path
) -> None:
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    guild = world.guild.id
    await with_its_own(bot, guild)
    before = state(tmp_path)
    config = Config(data_folder=tmp_path)
    async with reading_server(config, answerer, worker, guild) as server:
        assert (server.documents, server.pins, server.strictness) == (1, 1, Strictness.EAGER)
        previewer = Previewer(answerer, BOOKS, worker, server)
        # Before the questions: how often a document was quoted sorts the list.
        result = await world.ann.slash(world.channel, "topics")
        assert shown(previewer.topics(ENGLISH, ENGLISH)) == sent(result)
        for question in QUESTIONS:
            for member, language in ((world.zoe, FRENCH), (world.ann, ENGLISH)):
                result = await member.slash(world.channel, "ask", question=question)
                assert shown(await previewer.ask(question, language, ENGLISH)) == sent(result)
        asked = await previewer.ask(QUESTIONS[0], ENGLISH, ENGLISH)
        context = await previewer.press(custom_id(asked, "In context"), ENGLISH, ENGLISH)
        assert "flour from the mill" in str(shown(context))
        assert not list(folder.rglob("*.db")), "the copy of the database is gone"
    assert list(folder.iterdir()) == []
    after = state(tmp_path)
    kept = {name for name in before if name.startswith("guilds/")}
    assert kept
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


async def test_another_server_is_shown_none_of_it(
    world: World, answerer: Answerer, worker: Worker, tmp_path: Path, folder: Path
) -> None:
    del folder
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    await with_its_own(bot, world.guild.id)
    await bot.settings.change(1, by=MODERATOR, digest=True)
    async with reading_server(Config(data_folder=tmp_path), answerer, worker, 1) as server:
        previewer = Previewer(answerer, BOOKS, worker, server)
        assert (server.documents, server.pins) == (0, 0)
        assert "bakery" not in str(
            shown(await previewer.ask("When does it open?", ENGLISH, ENGLISH))
        )


async def test_a_server_of_which_nothing_is_kept_is_refused(
    world: World, answerer: Answerer, worker: Worker, tmp_path: Path, folder: Path
) -> None:
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    await bot.settings.change(12, by=MODERATOR, digest=True)
    with pytest.raises(PreviewError, match=r"of the server 5: .* something is: 12"):
        async with reading_server(Config(data_folder=tmp_path), answerer, worker, 5):
            pass
    with pytest.raises(PreviewError, match="There is no database"):
        async with reading_server(Config(data_folder=folder), answerer, worker, 5):
            pass
    assert list(folder.iterdir()) == []
