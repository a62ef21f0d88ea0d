"""Who may do what moderators do; asked at every command, button, select and modal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.client import CoalitionBot
from bot.components.sending import reply_privately

Command = TypeVar("Command")
Subject = TypeVar("Subject")
Act = Callable[[Subject, discord.Interaction[Any]], Awaitable[None]]
"""What is done with a button that was pressed, or with a modal that was sent in."""


def in_servers(command: Command) -> Command:
    """Decorates a command that is only there in servers that the bot is in."""
    return app_commands.guild_only()(
        app_commands.allowed_installs(guilds=True, users=False)(command)
    )


def guild_of(interaction: discord.Interaction[Any]) -> int:
    """The server in which somebody acts who was admitted."""
    assert interaction.guild_id is not None  # noqa: S101 - nobody is admitted elsewhere
    return interaction.guild_id


async def is_moderator(interaction: discord.Interaction[CoalitionBot]) -> bool:
    """Whether who acts may manage messages there, or has a role that the settings name."""
    guild = interaction.client.home(interaction.guild_id)
    if guild is None:
        return False
    settings = await interaction.client.settings.of(guild)
    roles = {each.id for each in getattr(interaction.user, "roles", ())}
    return interaction.permissions.manage_messages or not roles.isdisjoint(settings.moderator_roles)


async def admit_moderator(interaction: discord.Interaction[CoalitionBot]) -> bool:
    """Whether a member may use the moderators' commands; a member who may not is told."""
    if await is_moderator(interaction):
        return True
    phrases = await interaction.client.localiser.phrases_for(interaction)
    await reply_privately(interaction, phrases("problem.moderators_only"))
    return False


async def admit_manager(interaction: discord.Interaction[CoalitionBot]) -> bool:
    """Whether a member may change the server's settings; a member who may not is told."""
    home = interaction.client.home(interaction.guild_id)
    if home is not None and interaction.permissions.manage_guild:
        return True
    phrases = await interaction.client.localiser.phrases_for(interaction)
    await reply_privately(interaction, phrases("problem.managers_only"))
    return False


async def admit_asker(interaction: discord.Interaction[CoalitionBot], asker: int) -> bool:
    """Whether somebody may delete an answer: who asked, or a moderator; others are told."""
    if interaction.user.id == asker or await is_moderator(interaction):
        return True
    phrases = await interaction.client.localiser.phrases_for(interaction)
    await reply_privately(interaction, phrases("problem.not_yours"))
    return False


def for_moderators(act: Act[Subject]) -> Act[Subject]:
    """The same, for moderators alone, whoever sees the button."""

    async def checked(subject: Subject, interaction: discord.Interaction[Any]) -> None:
        if await admit_moderator(interaction):
            await act(subject, interaction)

    return checked


def for_managers(act: Act[Subject]) -> Act[Subject]:
    """The same, for those alone who may change the server's settings."""

    async def checked(subject: Subject, interaction: discord.Interaction[Any]) -> None:
        if await admit_manager(interaction):
            await act(subject, interaction)

    return checked


class ModeratorCog(commands.Cog):
    """Commands for moderators alone, whatever Discord's own settings let in."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let nobody else in."""
        return await admit_moderator(interaction)
