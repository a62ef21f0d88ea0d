"""Adding what somebody wrote in a message, once a moderator has seen what will be quoted."""

from __future__ import annotations

from typing import Any

import discord

from bot.client.client import CoalitionBot
from bot.cogs.access import admit_moderator, in_servers
from bot.cogs.moderators.documents.writing import Writer
from bot.components.sending import reply_privately

_LONGEST_TITLE = 80


class MessageAdder:
    """Adds messages to the documents."""

    def __init__(self, bot: CoalitionBot, writer: Writer) -> None:
        self._bot = bot
        self._writer = writer

    async def add(
        self, interaction: discord.Interaction[CoalitionBot], message: discord.Message
    ) -> None:
        """Show what of a message would be quoted and who wrote it, and ask."""
        if not await admit_moderator(interaction):
            return
        phrases = await self._bot.localiser.phrases_for(interaction)
        # Names in place of mentions, which would be numbers in a quote.
        text = message.clean_content.strip()
        if not text:
            await reply_privately(interaction, phrases("knowledge.message_empty"))
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        about = {
            "author": message.author.display_name,
            "published": message.created_at.date().isoformat(),
            "url": message.jump_url,
        }
        await self._writer.add_message(interaction, _title(text), about, text)


def _title(text: str) -> str:
    """The first line of a message, without marks, in short."""
    line = " ".join(text.splitlines()[0].strip("#*_> ").split())
    return line if len(line) <= _LONGEST_TITLE else f"{line[:_LONGEST_TITLE].rsplit(' ', 1)[0]}…"


def menu(adder: MessageAdder, name: discord.app_commands.locale_str) -> Any:  # noqa: ANN401
    """The command in the menu of messages."""
    command = discord.app_commands.ContextMenu(name=name, callback=adder.add)
    command.default_permissions = discord.Permissions(manage_messages=True)
    return in_servers(command)
