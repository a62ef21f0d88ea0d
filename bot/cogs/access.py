"""Who may do what moderators do; asked at every command, button, select and modal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.components.answer_buttons import KeptButton

if TYPE_CHECKING:
    from bot.client.client import CoalitionBot

Command = TypeVar("Command")


def in_servers(command: Command) -> Command:
    """Decorates a command that is only there in servers that the bot is in."""
    return app_commands.guild_only()(
        app_commands.allowed_installs(guilds=True, users=False)(command)
    )


def guild_of(interaction: discord.Interaction[Any]) -> int:
    """The server in which somebody acts who was admitted."""
    assert interaction.guild_id is not None  # noqa: S101 - nobody is admitted elsewhere
    return interaction.guild_id


async def is_moderator(bot: CoalitionBot, interaction: discord.Interaction[Any]) -> bool:
    """Whether who acts may manage messages there, or has a role that the settings name."""
    guild = bot.home(interaction.guild_id)
    if guild is None:
        return False
    settings = await bot.settings.of(guild)
    roles = {each.id for each in getattr(interaction.user, "roles", ())}
    return interaction.permissions.manage_messages or not roles.isdisjoint(settings.moderator_roles)


async def admit_moderator(bot: CoalitionBot, interaction: discord.Interaction[Any]) -> bool:
    """Whether a member may use the moderators' commands; a member who may not is told."""
    if await is_moderator(bot, interaction):
        return True
    phrases = await bot.phrases_for(interaction)
    await bot.reply_privately(interaction, phrases("problem.moderators_only"))
    return False


async def admit_manager(bot: CoalitionBot, interaction: discord.Interaction[Any]) -> bool:
    """Whether a member may change the server's settings; a member who may not is told."""
    if bot.home(interaction.guild_id) is not None and interaction.permissions.manage_guild:
        return True
    phrases = await bot.phrases_for(interaction)
    await bot.reply_privately(interaction, phrases("problem.managers_only"))
    return False


class ModeratorButton(KeptButton, template=r"(?!)"):
    """A button for moderators alone, whoever sees it."""

    async def press(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Check who pressed, then act."""
        if await admit_moderator(bot, interaction):
            await self.act(bot, interaction)

    async def act(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Do what the button is for."""
        raise NotImplementedError


class ModeratorCog(commands.Cog):
    """Commands for moderators alone, whatever Discord's own settings let in."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let nobody else in."""
        return await admit_moderator(self.bot, interaction)
