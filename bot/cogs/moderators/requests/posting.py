"""Posting requests to the moderators' channel, and again where that failed."""

from __future__ import annotations

import logging

import aiohttp
import discord

from bot.client.client import CoalitionBot
from bot.client.permissions import moderators_channel
from bot.cogs.moderators.requests.panel import Background, request_card
from bot.storage import Request

log = logging.getLogger(__name__)


class RequestPoster:
    """Sends a request to the moderators' channel once, whatever fails in between.

    A request is kept before it is sent, and its message is noted after: what fails leaves a
    request without a message, which is sent again. Discord makes no second message of one nonce.
    """

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot
        self._sending: set[tuple[int, int]] = set()

    async def post(self, guild: discord.Guild, request: Request) -> bool:
        """Send a request, if that is to be done; returns whether moderators have it or soon will.

        Raises:
            StorageError: It was sent, and that could not be noted.
        """
        key = guild.id, request.id
        if request.post is not None or key in self._sending:
            return True
        self._sending.add(key)
        try:
            return await self._post(guild, request)
        finally:
            self._sending.discard(key)

    async def _post(self, guild: discord.Guild, request: Request) -> bool:
        requests = self.bot.storage.guild(guild.id).requests
        # Somebody may have sent or ended it since it was read.
        now = await requests.get(request.id)
        if now is None or now.answered or now.post is not None:
            return True
        channel = await moderators_channel(self.bot.settings, guild)
        if channel is None:
            return False
        phrases = await self.bot.localiser.guild_phrases(guild)
        card = request_card(now, phrases, background=await self.background(guild.id, now))
        try:
            message = await channel.send(view=card, nonce=f"request{now.id}")
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("A request could not be posted in the server %d: %s", guild.id, error)
            return False
        await requests.posted(now.id, message.id)
        return True

    async def background(self, guild: int, request: Request) -> Background:
        """What came before a request, as far as it is kept."""
        if request.question is None:
            return Background()
        questions = await self.bot.recorder.questions(guild)
        asked = await questions.get(request.question)
        given = None
        if asked is not None and asked.passage is not None:
            answerer = (await self.bot.answerer.of(guild)).answerer
            found = answerer.passage(asked.passage, request.language, None)
            given = None if found is None else found.quote.text
        return Background(given, await questions.sought(request.question))

    async def post_all(self) -> None:
        """Send every request that no message shows, of the servers that this process serves.

        Raises:
            StorageError: They cannot be read, or what was sent could not be noted.
        """
        for each in await self.bot.storage.unposted():
            guild = self.bot.get_guild(each)
            if guild is None:
                continue
            for request in await self.bot.storage.guild(each).requests.waiting():
                if request.post is None and not await self.post(guild, request):
                    # Neither would the next be taken.
                    break
