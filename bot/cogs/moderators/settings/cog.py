"""What who manages a server does: see and change its settings."""

from __future__ import annotations

import logging
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.client import CoalitionBot
from bot.client.translator import phrase
from bot.cogs.access import admit_manager, for_managers, in_servers
from bot.cogs.moderators.settings.panel import SettingSelect, chosen_in, settings_panel
from bot.cogs.moderators.settings.problems import settings_problems
from bot.components.sending import in_time, put_in_place
from bot.storage import SettingChanges, StorageError
from knowledge import Language

log = logging.getLogger(__name__)


class Settings(commands.Cog):
    """The server's settings."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot
        bot.presses.on(SettingSelect, for_managers(self.change))

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let nobody else in."""
        return await admit_manager(interaction)

    @app_commands.command(
        name=phrase("command.settings.name"), description=phrase("command.settings.description")
    )
    @app_commands.default_permissions(manage_guild=True)
    @in_servers
    async def settings(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Show the panel."""
        guild = interaction.guild
        assert guild is not None  # noqa: S101 - `admit_manager` refuses elsewhere
        settings = await self.bot.settings.of(guild.id)
        phrases = await self.bot.localiser.phrases_for(interaction)
        card = settings_panel(settings, guild, self.bot.config, phrases)
        await interaction.response.send_message(view=card, ephemeral=True)

    async def change(self, select: SettingSelect, interaction: discord.Interaction[Any]) -> None:
        """Change a setting and show the panel anew."""
        del select
        guild = interaction.guild
        assert guild is not None  # noqa: S101 - `for_managers` refuses elsewhere
        changing = self.bot.settings.change(
            guild.id, by=interaction.user.id, **cast("SettingChanges", chosen_in(interaction))
        )
        settings = await in_time(interaction, changing)
        phrases = await self.bot.localiser.phrases_for(interaction)
        card = settings_panel(settings, guild, self.bot.config, phrases)
        await put_in_place(interaction, card)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Name what is wrong with settings, once it is known which channels there are."""
        if not self.bot.keeps:
            return
        try:
            known = await self.bot.storage.sequences()
        except StorageError as error:
            log.warning("Settings were not looked at. %s", error)
            return
        phrases = self.bot.localiser.books[Language.ENGLISH]
        for guild in self.bot.guilds:
            if guild.id in known:
                for problem in settings_problems(
                    await self.bot.settings.of(guild.id), guild, self.bot.config
                ):
                    log.warning("Settings of the server %d: %s", guild.id, problem.said(phrases))
