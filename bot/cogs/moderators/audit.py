"""What moderators see of each other's changes."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.client.client import CoalitionBot
from bot.client.translator import phrase
from bot.cogs.access import ModeratorCog, guild_of, in_servers
from bot.cogs.moderators.audit_panel import audit_card
from bot.components.sending import sent


class Audit(ModeratorCog):
    """Who changed what."""

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
