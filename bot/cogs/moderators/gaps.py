"""What moderators do about what is missing."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.client.client import CoalitionBot
from bot.client.translator import phrase
from bot.cogs.access import ModeratorCog, in_servers
from bot.cogs.moderators.gaps_panel import show_gaps


class Gaps(ModeratorCog):
    """Questions that were not answered well."""

    @app_commands.command(name="gaps", description=phrase("command.gaps.description"))
    @app_commands.default_permissions(manage_messages=True)
    @in_servers
    async def gaps(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Show the first page."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await show_gaps(self.bot, interaction, 0)


async def setup(bot: CoalitionBot) -> None:
    """Add the cog; discord.py calls this."""
    await bot.add_cog(Gaps(bot))
