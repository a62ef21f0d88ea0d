"""Members are told how to ask where they are."""

from __future__ import annotations

import discord
import pytest

from bot.client.client import CoalitionBot
from bot.config import Config
from bot.config.settings import DiscordSettings
from tests.bot.world import World, text, with_permission


def ways(shown: str) -> list[str]:
    """The lines below the title."""
    title, *lines = shown.split("\n")
    assert title.startswith("**") and title.endswith("**")
    assert all(line.startswith("- ") for line in lines)
    assert 1 + len(lines) <= 10
    return [line.removeprefix("- ") for line in lines]


def command(world: World, name: str) -> str:
    """A command as Discord makes it clickable."""
    every = world.env.backend.commands[None].values()
    (found,) = [each["id"] for each in every if each["name"] == name]
    return f"</{name}:{found}>"


async def test_every_way_is_said_in_an_open_channel(world: World) -> None:
    shown = await world.zoe.slash(world.channel, "help")
    assert shown.ephemeral
    assert [line.split()[0] for line in ways(text(shown))] == [
        command(world, "ask"),
        "Mentionnez-moi",
        "Écrivez-moi",
        "Dans",
        command(world, "topics"),
        command(world, "language"),
        "La",
        "Jusqu’à",
    ]
    assert world.bot_mention in text(shown)
    assert "«\u00a0Trouver le passage\u00a0»" in text(shown)
    english = await world.ann.slash(world.channel, "help")
    assert ways(text(english))[-1] == "Up to 6 questions a minute, one at a time."


@pytest.mark.parametrize("missing", ["send_messages", "read_message_history"])
async def test_a_mention_is_not_named_where_it_cannot_be_answered(
    world: World, missing: str
) -> None:
    me = world.env.bot.user
    assert me is not None
    mute = world.guild.create_text_channel(
        "mute", overwrites={me: discord.PermissionOverwrite(**{missing: False})}
    )
    shown = text(await world.ann.slash(mute, "help"))
    assert ways(shown)[0].startswith(command(world, "ask"))
    assert "Mention me" not in shown


async def test_where_the_bot_is_not_open_answers_are_private(world: World) -> None:
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    other = world.guild.create_text_channel("other")
    await bot.settings.change(world.guild.id, by=1, open_channels=(other.id,))
    shown = text(await world.ann.slash(world.channel, "help"))
    assert "in this channel only you see the answer" in shown
    assert "Mention me" not in shown
    assert "Mention me" in text(await world.ann.slash(other, "help"))


async def test_in_direct_messages_one_simply_writes(world: World) -> None:
    shown = text(await world.zoe.user.slash("help"))
    assert "Ou écrivez simplement votre question ici." in ways(shown)
    assert "Mentionnez-moi" not in shown
    assert "message privé" not in shown


async def test_answering_by_itself_is_said_where_it_is_done(world: World) -> None:
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    await bot.settings.change(world.guild.id, by=1, auto_channels=(world.channel.id,))
    said = "In this channel I answer questions by myself, where I am sure."
    assert said not in text(await world.ann.slash(world.channel, "help"))
    bot.config = Config(discord=DiscordSettings(message_content=True))
    shown = text(await world.ann.slash(world.channel, "help"))
    assert said in ways(shown)
    other = world.guild.create_text_channel("other")
    assert said not in text(await world.ann.slash(other, "help"))


@pytest.mark.parametrize(
    ("tongue", "title"), [("fr", "### Pour les modérateurs"), ("en-US", "### For moderators")]
)
async def test_moderators_are_told_theirs(world: World, tongue: str, title: str) -> None:
    assert title not in text(await world.ann.slash(world.channel, "help"))
    mo = with_permission(world, "mo", "manage_messages")
    world.tongues[mo] = tongue
    _, _, theirs = text(await mo.slash(world.channel, "help")).partition(f"{title}\n")
    for name in ("gaps", "pin", "unpin", "test", "test-all", "stats", "audit"):
        assert command(world, name) in theirs
    knowledge = command(world, "knowledge")
    for inner in ("add", "list"):
        assert knowledge.replace(":", f" {inner}:") in theirs
    assert command(world, "settings") not in theirs
    boss = with_permission(world, "boss", "manage_guild", "manage_messages")
    assert command(world, "settings") in text(await boss.slash(world.channel, "help"))


async def test_commands_are_named_where_discord_does_not_say_their_ids(world: World) -> None:
    world.env.inject_error("GET", "*/commands", status=403, times=None)
    shown = await world.zoe.slash(world.channel, "help")
    assert "`/demander` puis votre question" in text(shown)
    assert "`/ask` and your question" in text(await world.ann.slash(world.channel, "help"))
