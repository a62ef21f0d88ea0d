"""What moderators chose is what the bot does, in their server alone."""

from __future__ import annotations

import asyncio

import pytest

from bot.client.client import CoalitionBot
from bot.guilds.settings import SettingsBook
from bot.storage import GuildSettings, Storage, StorageBusyError
from index import Strictness
from knowledge import Language
from tests.bot.world import World, last_message, press, text


async def choose(world: World, **changes: object) -> None:
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    await bot.settings.change(world.guild.id, by=1, **changes)  # type: ignore[arg-type]


@pytest.mark.usefixtures("unsure")
async def test_how_sure_the_bot_must_be_is_the_servers(world: World) -> None:
    before = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    assert "The closest passage" in text(before)
    await choose(world, strictness=Strictness.EAGER)
    after = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    assert "What the articles say about it." in text(after)


async def test_how_many_questions_a_minute_is_the_servers(world: World) -> None:
    await choose(world, questions_a_minute=1)
    await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    refused = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    assert "Please ask the next one in" in text(refused)


async def test_the_language_of_public_answers_is_the_servers(world: World) -> None:
    await choose(world, language=Language.FRENCH)
    await world.ann.send(world.channel, f"{world.bot_mention} Who is Tim Wu?")
    assert "Ce que les articles en disent." in text(last_message(world.channel))


async def test_where_the_bot_is_not_open_only_who_asks_sees_it(world: World) -> None:
    other = world.guild.create_text_channel("questions")
    await choose(world, open_channels=(other.id,))
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    assert answer.ephemeral and "Tim Wu" in text(answer)
    assert answer.response is not None
    refused = await press(world.ann, answer.response, "Show everyone")
    assert refused.ephemeral and f"<#{other.id}>" in text(refused)
    await world.ann.send(world.channel, f"{world.bot_mention} Who is Tim Wu?")
    assert len(world.channel.history(viewer=world.zoe)) == 1
    told = last_message(world.ann.user.dm_channel)
    assert "I do not answer in front of everybody here" in text(told)
    answered = await world.ann.slash(other, "ask", question="Who is Tim Wu?")
    assert not answered.ephemeral


async def test_settings_that_cannot_be_read_are_taken_as_unset_and_read_again(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await storage.guild(1).settings.change(by=1, digest=True)
    book = SettingsBook(storage)

    def busy(guild: int) -> None:
        raise StorageBusyError(f"locked for {guild}")

    with monkeypatch.context() as patched:
        patched.setattr(storage, "guild", busy)
        assert await book.of(1) == GuildSettings()
    assert (await book.of(1)).digest
    assert not (await book.of(2)).digest


async def test_what_is_changed_while_it_is_read_is_read_again(storage: Storage) -> None:
    book = SettingsBook(storage)
    reading = asyncio.create_task(book.of(11))
    await asyncio.sleep(0)
    # Another process changes it: what is being read may be what was before.
    book.forget(11)
    assert await reading == GuildSettings()
    await storage.guild(11).settings.change(by=1, digest=True)
    assert (await book.of(11)).digest
