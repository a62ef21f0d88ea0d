"""What moderators see of their server's numbers, and the digest of the week."""

from __future__ import annotations

import datetime as dt
import logging

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.client.client import CoalitionBot
from bot.client.permissions import moderators_channel
from bot.client.translator import named_options, phrase
from bot.cogs.access import ModeratorCog, guild_of, in_servers
from bot.cogs.moderators.statistics.card import drawn, statistics_card
from bot.cogs.moderators.statistics.digest import digest_card
from bot.guilds.reviewing import due_documents
from bot.storage import StorageError

log = logging.getLogger(__name__)

_HOURS = 6
_WEEK = dt.timedelta(days=7)


class Statistics(ModeratorCog):
    """Statistics and digests."""

    async def cog_unload(self) -> None:
        """Post no more."""
        self.regularly.cancel()

    @app_commands.command(
        name=phrase("command.stats.name"), description=phrase("command.stats.description")
    )
    @app_commands.describe(days=phrase("command.stats.days"))
    @named_options("days")
    @app_commands.choices(days=[app_commands.Choice(name=str(n), value=n) for n in (7, 30, 90)])
    @app_commands.default_permissions(manage_messages=True)
    @in_servers
    async def stats(self, interaction: discord.Interaction[CoalitionBot], days: int = 30) -> None:
        """Draw and tell the numbers of the last days."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        phrases = await self.bot.localiser.phrases_for(interaction)
        today = dt.datetime.now(dt.UTC).date()
        shown = [today - dt.timedelta(days=back) for back in reversed(range(days))]
        start = dt.datetime.combine(shown[0], dt.time(), dt.UTC)
        questions = await self.bot.recorder.questions(guild_of(interaction))
        statistics = await questions.statistics(start)
        index = await self.bot.answerer.whole_index(interaction.guild_id)
        picture = await drawn(statistics, shown, phrases) if statistics.total else None
        card = statistics_card(
            statistics,
            shown,
            index,
            phrases,
            with_picture=picture is not None,
        )
        files = [] if picture is None else [picture]
        await interaction.edit_original_response(view=card, attachments=files)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Post digests from now on."""
        if self.bot.keeps and not self.regularly.is_running():
            self.regularly.start()

    @tasks.loop(hours=_HOURS)
    async def regularly(self) -> None:
        """Post the digests that are due."""
        for guild in self.bot.guilds:
            try:
                await self.post_digest(guild)
            except (StorageError, discord.HTTPException) as error:
                log.warning("The server %d gets no digest now. %s", guild.id, error)

    async def post_digest(self, guild: discord.Guild) -> None:
        """Post the digest of a server into its moderators' channel, where it wishes one."""
        settings = await self.bot.settings.of(guild.id)
        channel = await moderators_channel(self.bot.settings, guild) if settings.digest else None
        if channel is None:
            return
        storage = self.bot.storage.guild(guild.id)
        if not await storage.take_digest(_WEEK):
            return
        index = await self.bot.answerer.whole_index(guild.id)
        card = digest_card(
            await storage.questions.statistics(dt.datetime.now(dt.UTC) - _WEEK),
            await self.bot.gaps.groups(guild.id),
            await storage.pins.every(),
            index,
            await self.bot.localiser.guild_phrases(guild),
            due=await due_documents(index, storage.questions, dt.datetime.now(dt.UTC)),
        )
        await channel.send(view=card)
