"""Changing a server's documents: what is done is told once questions find it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import discord

from bot.client.client import CoalitionBot
from bot.cogs.access import guild_of
from bot.components.cards import notice_card
from bot.errors import BusyError
from bot.storage import DocumentChanges, Documents
from index import IndexingError, Progress
from knowledge import Document

T = TypeVar("T")

_BETWEEN = 2.0
"""Seconds between two words on how far a large document is."""


class Changing:
    """Changes documents, and says how far it is."""

    def __init__(self, bot: CoalitionBot) -> None:
        self._bot = bot

    def documents(self, interaction: discord.Interaction[Any]) -> Documents:
        """The documents of the server in which something is done."""
        return self._bot.storage.guild(guild_of(interaction)).documents

    async def known(self, interaction: discord.Interaction[Any]) -> tuple[Document, ...]:
        """All documents of a server: its own, for whomever they are, and those that all share."""
        index = await self._bot.answerer.whole_index(interaction.guild_id)
        return index.documents

    async def think(self, interaction: discord.Interaction[Any]) -> None:
        """Say that an answer will come; encoding takes longer than Discord waits."""
        if not interaction.response.is_done():
            await interaction.response.defer(ephemeral=True, thinking=True)

    async def in_force(
        self,
        interaction: discord.Interaction[Any],
        act: Callable[[DocumentChanges], Awaitable[T]],
        puts: int = 1,
    ) -> T:
        """Change documents; returns once questions find what changed, and says how far it is.

        Args:
            interaction: What the moderator does.
            act: Changes them.
            puts: How many it puts.

        Raises:
            ConflictError: Somebody else changed the document; nothing was done.
            StorageError: Nothing was changed.
            IndexingError: The change is kept, and is not searchable yet.
        """
        async with self.telling(interaction) as progress:
            return await self._bot.knowledge.change(guild_of(interaction), act, progress, puts)

    @asynccontextmanager
    async def telling(self, interaction: discord.Interaction[Any]) -> AsyncIterator[Progress]:
        """Gives what says how far encoding is."""
        phrases = await self._bot.localiser.phrases_for(interaction)
        last = time.monotonic()
        telling: set[asyncio.Task[Any]] = set()

        def progress(done: int, total: int) -> None:
            nonlocal last
            if telling or done >= total or time.monotonic() - last < _BETWEEN:
                return
            last = time.monotonic()
            card = notice_card(phrases("knowledge.progress", done=done, total=total))
            task = asyncio.ensure_future(interaction.edit_original_response(view=card))
            telling.add(task)
            task.add_done_callback(telling.discard)

        try:
            yield progress
        except BusyError as error:
            raise IndexingError(f"Nothing more can be made searchable now: {error}") from error
        finally:
            # What is said last must arrive last.
            await asyncio.gather(*telling, return_exceptions=True)
