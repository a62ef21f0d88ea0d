"""Keeping what moderators wrote, or giving it back.

What they wrote is never lost: where it cannot be kept, it comes back as a file.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import logging
from collections.abc import Mapping
from typing import Any

import discord
from discord import ui

from bot.client.client import CoalitionBot
from bot.cogs.moderators.documents.cards import (
    RemoveDocument,
    returned_card,
    said_card,
    with_problems,
    with_reading,
)
from bot.cogs.moderators.documents.changing import Changing
from bot.cogs.moderators.documents.follow_ups import FollowUps, Occasion
from bot.cogs.moderators.foresight.asking_first import AskingFirst, Change, DocumentPlan
from bot.components.markup import escaped
from bot.components.sending import sent
from bot.drafts import Draft, checked
from bot.locales.document_problems import problem_in_words
from bot.storage import ConflictError, DocumentChanges, DocumentVersion, StorageError
from knowledge import DocumentError
from knowledge.files import Upload

log = logging.getLogger(__name__)


class Keeper:
    """Keeps drafts, once it is known what they would change."""

    def __init__(
        self, bot: CoalitionBot, changing: Changing, follow_ups: FollowUps, first: AskingFirst
    ) -> None:
        self._bot = bot
        self._first = first
        self._changing = changing
        self._follow_ups = follow_ups

    async def checked(self, slug: str, files: Mapping[str, str]) -> Draft:
        """A draft of a document's files.

        Raises:
            DocumentError: They cannot be used.
        """
        return await asyncio.to_thread(checked, slug, files, self._bot.config.knowledge.limits)

    async def put(
        self,
        interaction: discord.Interaction[Any],
        draft: Draft,
        expected: int,
        text: str,
        *,
        occasion: Occasion | None = None,
        upload: Upload | None = None,
        beside: str = "",
        only_adds: bool = False,
    ) -> None:
        """Keep a draft, once it is known what it would change.

        Args:
            interaction: What is answered.
            draft: The draft.
            expected: The version that it was made from; 0 where it is new.
            text: What the moderator wrote.
            occasion: What it is added for, if for something.
            upload: The file that the text was read from, if it was.
            beside: What is to be said of other documents; blank where nothing is.
            only_adds: Whether nothing is taken away, though the document is there.
        """

        async def save(interaction: discord.Interaction[Any]) -> None:
            await self.save(
                interaction,
                draft,
                expected,
                text,
                occasion=occasion,
                upload=upload,
                beside=beside,
            )

        plan = DocumentPlan({draft.document.slug: draft.files}, only_adds=only_adds or not expected)
        await self._first.take(interaction, Change(plan, save, text))

    async def save(
        self,
        interaction: discord.Interaction[Any],
        draft: Draft,
        expected: int,
        text: str,
        *,
        occasion: Occasion | None = None,
        upload: Upload | None = None,
        beside: str = "",
    ) -> None:
        """Keep a draft, as `put`, or give `text` back."""
        slug, by = draft.document.slug, interaction.user.id

        async def put(documents: DocumentChanges) -> DocumentVersion:
            return await documents.put(slug, draft.files, by=by, expected=expected)

        try:
            version = await self._changing.in_force(interaction, put)
        except ConflictError as error:
            await self.say_conflict(interaction, text, slug, error.found)
            return
        except StorageError as error:
            log.error("%s", error)  # noqa: TRY400 - it says all
            phrases = await self._bot.localiser.phrases_for(interaction)
            await give_back(interaction, text, phrases("knowledge.not_kept"))
            return
        phrases = await self._bot.localiser.phrases_for(interaction)
        said = phrases(
            "knowledge.changed" if expected else "knowledge.added",
            title=escaped(draft.document.original.about.title),
            slug=slug,
            version=version.number,
            count=len(draft.document.passages),
        )
        if beside:
            said = f"{said}\n\n{beside}"
        if upload is not None:
            said = with_reading(said, upload, len(draft.document.passages), phrases)
        day = draft.document.review_by
        if day is not None and day < dt.datetime.now(dt.UTC).date():
            said += "\n\n" + phrases("knowledge.review_past", date=phrases.date(day))
        left_out = [problem_in_words(each, phrases) for each in draft.problems]
        said = with_problems(said, left_out, phrases)
        items: tuple[ui.Item[Any], ...] = ()
        if occasion is not None:
            followed = await self._follow_ups.follow(interaction, occasion, slug)
            said, items = f"{said}\n\n{followed.text}", followed.items
        if upload is not None and upload.loses_much and not expected:
            items = (*items, RemoveDocument.of(slug, version.number, phrases))
        await sent(interaction, said_card(said, *items), private=True)

    async def refuse(
        self, interaction: discord.Interaction[Any], text: str, problem: DocumentError
    ) -> None:
        """Say why a text cannot be used, and give it back."""
        phrases = await self._bot.localiser.phrases_for(interaction)
        said = phrases("knowledge.refused", reason=escaped(problem_in_words(problem, phrases)))
        await give_back(interaction, text, said)

    async def say_conflict(
        self, interaction: discord.Interaction[Any], text: str, slug: str, found: int
    ) -> None:
        """Say that somebody was faster, and give a text back.

        Args:
            interaction: What is answered.
            text: The text.
            slug: The document.
            found: The version that is there now; 0 where it was removed.
        """
        phrases = await self._bot.localiser.phrases_for(interaction)
        key = "knowledge.conflict" if found else "knowledge.conflict_removed"
        said = phrases(key, slug=slug, found=found)
        await give_back(interaction, text, said)


async def give_back(interaction: discord.Interaction[Any], text: str, said: str) -> None:
    """Say why a text was not kept, and give it back as a file."""
    file = discord.File(io.BytesIO(text.encode()), filename="text.md")
    card = returned_card(said, file.filename)
    await interaction.edit_original_response(view=card, attachments=[file])
