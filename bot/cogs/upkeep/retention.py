"""Letting go in time: of old questions, and of servers that the bot has left."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands, tasks

from bot.client.client import CoalitionBot
from bot.storage import StorageError, Swept

log = logging.getLogger(__name__)

HOURS = 6
"""Between one sweep and the next."""


class Retention(commands.Cog):
    """Keeps nothing longer than the bot says."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot

    async def cog_unload(self) -> None:
        """Sweep no more."""
        self.regularly.cancel()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Note which servers the bot has left while it was away; then sweep, and go on so."""
        try:
            await self._compare_servers()
        except StorageError as error:
            log.warning("It is not known which servers were left. %s", error)
        if not self.regularly.is_running():
            self.regularly.start()

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that the bot has left a server."""
        self.bot.settings.forget(guild.id)
        self.bot.pins.forget(guild.id)
        await self._note(guild.id, there=False)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note that the bot is in a server."""
        await self._note(guild.id, there=True)

    @tasks.loop(hours=HOURS)
    async def regularly(self) -> None:
        """Sweep."""
        await self.sweep()

    async def sweep(self) -> None:
        """Delete everything whose time has come, and say how much it was."""
        try:
            swept = await self.bot.storage.privacy.sweep()
        except StorageError as error:
            log.warning("What has to be deleted stays for now. %s", error)
            return
        for guild in swept.guilds:
            self.bot.settings.forget(guild)
            self.bot.pins.forget(guild)
            await self.bot.knowledge.forget(guild)
        if swept != Swept():
            log.info(
                "Deleted in time: %d questions, %d entries of audits, %d removed documents, "
                "%d requests, everything of %d servers.",
                swept.questions, swept.audit, swept.documents, swept.requests, len(swept.guilds),
            )  # fmt: skip

    async def _compare_servers(self) -> None:
        there = {each.id for each in self.bot.guilds}
        known = set(filter(self._is_ours, await self.bot.storage.sequences()))
        await self.bot.storage.privacy.left(known - there)
        await self.bot.storage.privacy.joined(known & there)

    def _is_ours(self, guild: int) -> bool:
        """Whether a server would be told to this process, by its shard."""
        shards = self.bot.shard_count or 1
        ours = getattr(self.bot, "shard_ids", None) or [self.bot.shard_id or 0]
        return (guild >> 22) % shards in ours

    async def _note(self, guild: int, *, there: bool) -> None:
        privacy = self.bot.storage.privacy
        try:
            await (privacy.joined([guild]) if there else privacy.left([guild]))
        except StorageError as error:
            log.warning("%s", error)
