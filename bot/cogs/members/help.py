"""How to ask, where somebody is now."""

from __future__ import annotations

from typing import Any

import discord

from bot.client.client import CoalitionBot
from bot.client.permissions import missing_from
from bot.guilds.settings import is_open
from bot.locales import Phrasebook


async def help_text(interaction: discord.Interaction[CoalitionBot], phrases: Phrasebook) -> str:
    """What `/help` says, in at most ten lines: the ways to ask that are open in this channel."""
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
    values = {
        "mention": "" if bot.user is None else bot.user.mention,
        "command": phrases("command.find.name"),
        "count": settings.questions_a_minute or bot.config.discord.questions_a_minute,
    }
    lines = [*ways, "topics", "language", "answer", "turns"]
    return "\n".join(
        [phrases("help.title"), *(f"- {phrases(f'help.{each}', **values)}" for each in lines)]
    )


def _may_reply(interaction: discord.Interaction[Any]) -> bool:
    """Whether the bot may answer messages in the channel."""
    thread = isinstance(interaction.channel, discord.Thread)
    return not missing_from(interaction.app_permissions, thread=thread)
