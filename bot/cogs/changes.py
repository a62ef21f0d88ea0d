"""Following what other processes change: what is kept at hand of a server is read anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from discord.ext import commands, tasks

from bot.client import CoalitionBot

SECONDS_OF_LANGUAGES = 30
"""After so long a language that a member chose in another process is known here."""


class Changes(commands.Cog):
    """Forgets what the bot knows of a server as soon as it is another."""

    def __init__(self, bot: CoalitionBot, changes: AsyncGenerator[frozenset[int]]) -> None:
        self.bot = bot
        self._changes = changes
        self._following: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        """Start to follow."""
        self._following = asyncio.create_task(self._follow())
        self.languages.start()

    async def cog_unload(self) -> None:
        """Follow no more."""
        self.languages.cancel()
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)

    @tasks.loop(seconds=SECONDS_OF_LANGUAGES)
    async def languages(self) -> None:
        """Ask anew for the languages that members chose; nobody tells of those."""
        self.bot.languages.forget_all()

    async def _follow(self) -> None:
        async with aclosing(self._changes):
            async for guilds in self._changes:
                for guild in guilds:
                    self.bot.settings.forget(guild)
                    self.bot.pins.forget(guild)


async def setup(bot: CoalitionBot) -> None:
    """Add the cog where there are other processes to follow; discord.py calls this."""
    changes = bot.storage.changes() if bot.keeps else None
    if changes is not None:
        await bot.add_cog(Changes(bot, changes))
