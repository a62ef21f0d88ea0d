"""Channels in which the bot answers by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import discord
import pytest
from simcord import ChannelHandle

from bot.answering.answers import Answerer
from bot.client.client import CoalitionBot
from bot.cogs.composition import add_features
from bot.config import Config
from bot.config.settings import DiscordSettings
from bot.locales import Phrasebooks
from bot.storage import Storage
from tests.bot.world import World, last_message, text

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.all())

MEMBERS_EN = "The American Booksellers Association"


@pytest.fixture
def make_bot(answerer: Answerer, storage: Storage, tmp_path: Path) -> Callable[[], CoalitionBot]:
    config = Config(data_folder=tmp_path, discord=DiscordSettings(message_content=True))
    return lambda: CoalitionBot(config, Phrasebooks.read(), add_features, answerer, storage)


@pytest.fixture
async def opened(world: World, storage: Storage) -> World:
    """The same server, its channel opened by a moderator."""
    await open_channel(world, storage, world.channel.id)
    return world


async def open_channel(world: World, storage: Storage, channel: int) -> None:
    await storage.guild(world.guild.id).settings.change(by=1, auto_channels=(channel,))


async def posted(world: World, forum: ChannelHandle, title: str, content: str) -> list[str]:
    """A member's forum post; what stands in it afterwards, message by message."""
    backend = world.env.backend
    number = backend.snowflake()
    thread = backend.create_thread(
        forum.id, title, world.ann.id, message_id=number, broadcast=False
    )
    starter = backend.prepare_message(thread.id, world.ann.id, content)
    # In a forum the first message has the id of its thread.
    starter.id = number
    backend.announce_thread_create(thread)
    backend.commit_message(starter)
    await world.env.settle()
    return [str(each.components or each.content) for each in backend.messages[thread.id].values()]


@pytest.mark.parametrize(
    ("asked", "quoted"),
    [
        ("who is part of the coalition?", MEMBERS_EN),
        ("who is part of the coalition", MEMBERS_EN),
        ("qui fait partie de la coalition ?", "L'Association américaine des libraires"),
    ],
)
async def test_a_question_is_answered_by_itself(opened: World, asked: str, quoted: str) -> None:
    await opened.ann.send(opened.channel, asked)
    answer = last_message(opened.channel)
    assert quoted in text(answer)
    assert answer.reference is not None


@pytest.mark.parametrize(
    "said",
    [
        # It would find a passage, but asks nothing.
        "The American Booksellers Association is part of the coalition",
        "how do I unclog a sink?",
        "qui enquête sur les gafa aux states ?",
        "hello, how are you?",
        "???",
        "why " * 400 + "?",
    ],
)
async def test_everything_else_is_met_with_silence(opened: World, said: str) -> None:
    await opened.ann.send(opened.channel, said)
    assert len(opened.channel.history()) == 1


async def test_other_channels_are_left_alone(opened: World) -> None:
    other = opened.guild.create_text_channel("other")
    await opened.ann.send(other, "who is part of the coalition?")
    assert len(other.history()) == 1


async def test_another_server_is_left_alone(opened: World) -> None:
    elsewhere = opened.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("general")
    member = elsewhere.add_member(opened.env.create_user("eve"))
    await member.send(channel, "who is part of the coalition?")
    assert len(channel.history()) == 1


async def test_bots_and_webhooks_are_not_answered_by_itself(opened: World) -> None:
    other = opened.guild.add_member(opened.env.create_user("other", bot=True))
    await other.send(opened.channel, "who is part of the coalition?")
    hook = opened.guild.create_webhook(opened.channel)
    await hook.send("who is part of the coalition?")
    assert len(opened.channel.history()) == 2


async def test_a_mention_in_an_opened_channel_is_answered_once(opened: World) -> None:
    await opened.ann.send(opened.channel, f"{opened.bot_mention} who is part of the coalition?")
    assert len(opened.channel.history()) == 2


async def test_who_asks_too_much_is_met_with_silence(opened: World) -> None:
    for _ in range(7):
        await opened.ann.send(opened.channel, "who is Tim Wu?")
    assert len(opened.channel.history()) == 7 + 6


async def test_an_answer_that_may_not_be_sent_is_dropped(world: World, storage: Storage) -> None:
    me = world.env.bot.user
    assert me is not None
    mute = world.guild.create_text_channel(
        "mute", overwrites={me: discord.PermissionOverwrite(send_messages=False)}
    )
    await open_channel(world, storage, mute.id)
    before = len(world.env.http_requests)
    await world.ann.send(mute, "who is part of the coalition?")
    (tried,) = [each for each in world.env.http_requests[before:] if each.method == "POST"]
    assert tried.path == f"/channels/{mute.id}/messages"
    assert world.env.errors == []


@pytest.mark.parametrize(
    ("title", "content"),
    [
        ("Who is part of the coalition?", "I could not find it."),
        ("The coalition", "who is part of it?"),
        ("Qui fait partie de la coalition", "merci d’avance"),
    ],
)
async def test_a_forum_post_is_answered(
    world: World, storage: Storage, title: str, content: str
) -> None:
    forum = world.guild.create_forum_channel("help")
    await open_channel(world, storage, forum.id)
    _, answer = await posted(world, forum, title, content)
    assert MEMBERS_EN in answer or "L'Association américaine des libraires" in answer


async def test_a_forum_post_about_something_else_is_left_alone(
    world: World, storage: Storage
) -> None:
    forum = world.guild.create_forum_channel("help")
    await open_channel(world, storage, forum.id)
    assert len(await posted(world, forum, "My sink", "how do I unclog it?")) == 1


async def test_what_follows_in_a_thread_is_left_alone(opened: World) -> None:
    backend = opened.env.backend
    thread = backend.create_thread(opened.channel.id, "thread", opened.ann.id)
    await opened.env.settle()
    backend.create_message(thread.id, opened.ann.id, "who is part of the coalition?")
    await opened.env.settle()
    assert len(backend.messages[thread.id]) == 1


async def test_a_mention_in_reply_asks_any_message_where_texts_are_told(world: World) -> None:
    said = await world.zoe.send(world.channel, "who is part of the coalition?")
    await world.ann.send(world.channel, world.bot_mention, reply_to=said)
    assert MEMBERS_EN in text(last_message(world.channel))


async def test_a_bot_that_stops_answers_nothing_more_by_itself(opened: World) -> None:
    bot = opened.env.bot
    assert isinstance(bot, CoalitionBot)
    await bot.admission.close(0)
    await opened.ann.send(opened.channel, "who is part of the coalition?")
    assert len(opened.channel.history()) == 1
