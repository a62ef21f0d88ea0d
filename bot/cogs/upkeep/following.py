"""Following what other processes change: what is kept at hand of a server is read anew."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

from discord.ext import commands, tasks

from bot.client.client import CoalitionBot
from bot.errors import BusyError
from bot.storage import StorageError
from index import IndexingError

SECONDS_OF_LANGUAGES = 30
"""After so long a language that a member chose in another process is known here."""
SECONDS_UNTIL_AGAIN = 5
log = logging.getLogger(__name__)


class Following(commands.Cog):
    """Forgets what the bot knows of a server as soon as it is another."""

    def __init__(self, bot: CoalitionBot, changes: AsyncGenerator[frozenset[int]]) -> None:
        self.bot = bot
        self._changes = changes
        self._following: asyncio.Task[None] | None = None
        self._catching_up: set[asyncio.Task[None]] = set()

    async def cog_load(self) -> None:
        """Start to follow."""
        self._following = asyncio.create_task(self._follow())
        self.languages.start()

    async def cog_unload(self) -> None:
        """Follow no more."""
        self.languages.cancel()
        running = [each for each in (self._following, *self._catching_up) if each is not None]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    @tasks.loop(seconds=SECONDS_OF_LANGUAGES)
    async def languages(self) -> None:
        """Ask anew for the languages that members chose; nobody tells of those."""
        await self.bot.languages.read_anew()

    async def _follow(self) -> None:
        async with aclosing(self._changes):
            async for guilds in self._changes:
                for guild in guilds:
                    self.bot.settings.forget(guild)
                    self.bot.pins.forget(guild)
                    # Encoding may take long, and others need not wait for it.
                    task = asyncio.create_task(self._catch_up(guild))
                    self._catching_up.add(task)
                    task.add_done_callback(self._catching_up.discard)

    async def _catch_up(self, guild: int) -> None:
        while True:
            try:
                return await self.bot.knowledge.catch_up(guild)
            except (StorageError, BusyError) as error:
                log.warning("The server %d is answered as before for now. %s", guild, error)
                await asyncio.sleep(SECONDS_UNTIL_AGAIN)
            except IndexingError as error:
                log.error("The server %d is answered as before. %s", guild, error)  # noqa: TRY400
                return None
