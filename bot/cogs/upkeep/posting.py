"""Posting again what could not be posted to the moderators."""

from __future__ import annotations

import logging

from discord.ext import commands, tasks

from bot.client.client import CoalitionBot
from bot.cogs.moderators.requests.posting import RequestPoster
from bot.storage import StorageError

MINUTES = 5
"""Between one attempt and the next."""
log = logging.getLogger(__name__)


class Posting(commands.Cog):
    """Sees to it that every request reaches the moderators."""

    def __init__(self, bot: CoalitionBot, poster: RequestPoster) -> None:
        self.bot = bot
        self._poster = poster

    async def cog_unload(self) -> None:
        """Try no more."""
        self.regularly.cancel()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Try now, and go on so."""
        if not self.regularly.is_running():
            self.regularly.start()

    @tasks.loop(minutes=MINUTES)
    async def regularly(self) -> None:
        """Try everything that waits."""
        await self.post_all()

    async def post_all(self) -> None:
        """Post what was not posted."""
        try:
            await self._poster.post_all()
        except StorageError as error:
            log.warning("What members ask the moderators stays unposted for now. %s", error)
