"""What moderators see of each other's changes."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.audit_panel import audit_card
from bot.client import CoalitionBot
from bot.moderators import admit_moderator, guild_of, in_servers
from bot.sending import sent
from bot.translator import phrase


class Audit(commands.Cog):
    """Who changed what."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let nobody else in."""
        return await admit_moderator(self.bot, interaction)

    @app_commands.command(name="audit", description=phrase("command.audit.description"))
    @app_commands.default_permissions(manage_messages=True)
    @in_servers
    async def audit(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Show the newest changes."""
        phrases = await self.bot.phrases_for(interaction)
        card = await audit_card(self.bot, guild_of(interaction), 0, phrases)
        await sent(interaction, card, private=True)


async def setup(bot: CoalitionBot) -> None:
    """Add the cog; discord.py calls this."""
    await bot.add_cog(Audit(bot))
