"""What anybody may ask about their data, and have deleted."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.client import CoalitionBot
from bot.client.translator import phrase
from bot.components.sending import in_time, reply_privately


class Privacy(commands.Cog):
    """The data statement, and being forgotten."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot

    @app_commands.command(name="privacy", description=phrase("command.privacy.description"))
    async def privacy(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Say what is kept, for how long, and how to have it deleted."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        settings = await self.bot.settings.of(interaction.guild_id)
        days = settings.retention_days
        await reply_privately(interaction, phrases("privacy.text", days=days))

    @app_commands.command(name="forget-me", description=phrase("command.forget_me.description"))
    async def forget_me(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Delete what the member's id is attached to, and confirm it."""
        # Before it is forgotten.
        phrases = await self.bot.localiser.phrases_for(interaction)
        member = interaction.user.id
        forgotten = await in_time(interaction, self.bot.storage.privacy.forget(member))
        await self.bot.languages.forget(member)
        lines = [phrases("privacy.forgotten")]
        if forgotten.preference:
            lines.append(f"- {phrases('privacy.preference')}")
        if forgotten.requests:
            lines.append(f"- {phrases('privacy.requests', count=forgotten.requests)}")
        if forgotten.named:
            lines.append(f"- {phrases('privacy.named', count=forgotten.named)}")
        if len(lines) == 1:
            lines = [phrases("privacy.nothing")]
        await reply_privately(interaction, "\n".join(lines))
