"""Noting that a document still holds, and when somebody should look again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import discord

from bot.client.client import CoalitionBot
from bot.cogs.moderators.documents.cards import said_card
from bot.cogs.moderators.documents.changing import Changing
from bot.components.cards import notice_card
from bot.components.sending import sent
from bot.drafts import edition_files, with_review
from bot.storage import ConflictError, DocumentChanges, DocumentVersion


class Reviewer:
    """Sets the day by which a document is to be reviewed."""

    def __init__(self, bot: CoalitionBot, changing: Changing) -> None:
        self._bot = bot
        self._changing = changing

    async def note(
        self, interaction: discord.Interaction[Any], version: DocumentVersion, days: int
    ) -> None:
        """Write the day into every edition, as a new version.

        Args:
            interaction: What the moderator does.
            version: The newest version of the document.
            days: Days from today; 0 takes the day out.
        """
        await self._changing.think(interaction)
        phrases = await self._bot.localiser.phrases_for(interaction)
        day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days) if days else None
        files = dict(version.files)
        for name in edition_files(files).values():
            files[name] = with_review(files[name], day)
        slug, by = version.slug, interaction.user.id

        async def put(documents: DocumentChanges) -> None:
            await documents.put(slug, files, by=by, expected=version.number)

        try:
            if files != version.files:
                await self._changing.in_force(interaction, put)
        except ConflictError as error:
            key = "knowledge.changed_since" if error.found else "knowledge.removed_since"
            card = notice_card(phrases(key, slug=slug, found=error.found))
        else:
            key = "knowledge.no_review" if day is None else "knowledge.review_set"
            date = "" if day is None else phrases.date(day)
            card = said_card(phrases(key, slug=slug, date=date))
        await sent(interaction, card, private=True)
