"""What is noted of a document beside its text: when to look again, and whom it is for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import discord

from bot.client.client import CoalitionBot
from bot.cogs.moderators.documents.cards import said_card
from bot.cogs.moderators.documents.changing import Changing
from bot.cogs.moderators.foresight.asking_first import AskingFirst, Change, DocumentPlan
from bot.components.cards import notice_card
from bot.components.sending import sent
from bot.drafts import edition_files, with_review, with_visibility
from bot.storage import ConflictError, DocumentChanges, DocumentVersion
from knowledge.front_matter import Visibility


class Reviewer:
    """Notes the day by which a document is to be reviewed, and who is given quotes of it."""

    def __init__(self, bot: CoalitionBot, changing: Changing, first: AskingFirst) -> None:
        self._bot = bot
        self._first = first
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
        files = _rewritten(version, partial(with_review, day=day))
        key = "knowledge.no_review" if day is None else "knowledge.review_set"
        date = "" if day is None else phrases.date(day)
        await self._keep(interaction, version, files, phrases(key, slug=version.slug, date=date))

    async def show_to(
        self,
        interaction: discord.Interaction[Any],
        version: DocumentVersion,
        visibility: Visibility,
    ) -> None:
        """Write who is given quotes into every edition, once it is known what that changes."""
        await self._changing.think(interaction)
        phrases = await self._bot.localiser.phrases_for(interaction)
        files = _rewritten(version, partial(with_visibility, visibility=visibility))
        said = phrases(f"knowledge.visible_to_{visibility}", slug=version.slug)

        async def save(interaction: discord.Interaction[Any]) -> None:
            await self._keep(interaction, version, files, said)

        await self._first.take(interaction, Change(DocumentPlan({version.slug: files}), save))

    async def _keep(
        self,
        interaction: discord.Interaction[Any],
        version: DocumentVersion,
        files: Mapping[str, str],
        said: str,
    ) -> None:
        phrases = await self._bot.localiser.phrases_for(interaction)
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
            card = said_card(said)
        await sent(interaction, card, private=True)


def _rewritten(version: DocumentVersion, rewrite: Callable[[str], str]) -> dict[str, str]:
    """The files of a document, every edition rewritten."""
    files = dict(version.files)
    for name in edition_files(files).values():
        files[name] = rewrite(files[name])
    return files
