"""How to ask, where somebody is now."""

from __future__ import annotations

from typing import Any

import discord

from bot.client.client import CoalitionBot
from bot.client.permissions import missing_from
from bot.cogs.access import is_moderator
from bot.guilds.settings import is_open
from bot.locales import Phrasebook

_MEMBERS = ("ask", "topics", "read", "language")
_MODERATORS = (
    "gaps", "pin", "unpin", "test", "test_all", "stats", "audit", "settings",
    "knowledge.add", "knowledge.list",
)  # fmt: skip


async def help_text(interaction: discord.Interaction[CoalitionBot], phrases: Phrasebook) -> str:
    """What `/help` says: in at most ten lines the ways to ask that are open in this channel.

    Moderators read what is theirs below that.
    """
    bot = interaction.client
    guild = bot.home(interaction.guild_id)
    settings = await bot.settings.of(guild)
    channel = interaction.channel
    opened = is_open(settings, channel)
    ways = ["ask"] if opened else ["ask_privately"]
    if guild is not None and opened and _may_reply(interaction):
        ways.append("mention")
    with_the_bot = isinstance(channel, discord.DMChannel) and interaction.context.dm_channel
    ways += ["here" if with_the_bot else "direct_message", "menu"]
    by_itself = bot.config.discord.message_content and interaction.channel_id in (
        settings.auto_channels
    )
    if by_itself and _may_reply(interaction):
        ways.append("by_itself")
    values: dict[str, object] = {
        "mention": "" if bot.user is None else bot.user.mention,
        "command": phrases("command.find.name"),
        "count": settings.questions_a_minute or bot.config.discord.questions_a_minute,
    }
    await bot.mentions.learn(guild)
    values |= {each: bot.mentions.of(each, phrases) for each in _MEMBERS}
    lines = [*ways, "topics", "language", "answer", "turns"]
    said = [phrases("help.title"), *(f"- {phrases(f'help.{each}', **values)}" for each in lines)]
    if await is_moderator(interaction):
        values = {each.replace(".", "_"): bot.mentions.of(each, phrases) for each in _MODERATORS}
        theirs = ["missing", "pinning", "trying", "documents"]
        if interaction.permissions.manage_guild:
            theirs.append("settings")
        said.append(phrases("help.moderators"))
        said += [f"- {phrases(f'help.moderator.{each}', **values)}" for each in theirs]
    return "\n".join(said)


def _may_reply(interaction: discord.Interaction[Any]) -> bool:
    """Whether the bot may answer messages in the channel."""
    thread = isinstance(interaction.channel, discord.Thread)
    return not missing_from(interaction.app_permissions, thread=thread)
