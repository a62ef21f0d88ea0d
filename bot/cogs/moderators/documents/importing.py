"""Documents that moderators bring along in a zip, as `/knowledge export` gives it."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.client.attachments import fetched
from bot.client.client import CoalitionBot
from bot.cogs.moderators.documents.cards import (
    MOST_PROBLEMS,
    SLUG,
    returned_card,
    said_card,
    with_problems,
)
from bot.cogs.moderators.documents.changing import Changing
from bot.components.cards import notice_card
from bot.components.markup import in_short, on_one_line, shortened
from bot.components.sending import LARGEST_SENT, sent
from bot.drafts import checked
from bot.errors import AttachmentError
from bot.locales import Phrasebook
from bot.locales.document_problems import problem_in_words
from bot.storage import ConflictError, DocumentChanges, DocumentVersion, StorageError
from knowledge import DocumentError
from knowledge.files import Archive, ArchiveError, read_archive

_LONGEST_NAMES = 400
_LONGEST_PROBLEM = 250


@dataclass(slots=True)
class _Outcome:
    """What became of the documents of a zip.

    Attributes:
        added, changed, unchanged: Their slugs.
        problems: Why others were left out, in the moderator's words.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Importer:
    """Takes a zip of documents, and says what became of each."""

    def __init__(self, bot: CoalitionBot, changing: Changing) -> None:
        self._bot = bot
        self._changing = changing

    async def take(self, interaction: discord.Interaction[Any], file: discord.Attachment) -> None:
        """Add and change the documents that a zip has."""
        await self._changing.think(interaction)
        phrases = await self._bot.localiser.phrases_for(interaction)
        try:
            content = await fetched(file, LARGEST_SENT)
            archive = await asyncio.to_thread(read_archive, content)
        except AttachmentError as error:
            key = "archive.too_large_file" if error.too_large else "file.not_fetched"
            name = in_short(file.filename, _LONGEST_PROBLEM)
            said = phrases(key, largest=LARGEST_SENT >> 20, name=name)
        except ArchiveError as error:
            said = phrases(f"archive.{error.problem}", name=in_short(error.name, _LONGEST_PROBLEM))
        else:
            outcome = await self._import(interaction, archive, phrases)
            await self._show(interaction, outcome, phrases)
            return
        await sent(interaction, notice_card(said), private=True)

    async def _import(
        self, interaction: discord.Interaction[Any], archive: Archive, phrases: Phrasebook
    ) -> _Outcome:
        """Put in what can be used; returns once questions find it."""
        outcome = _Outcome()
        for path, problem in sorted(archive.problems.items()):
            outcome.problems.append(phrases(f"archive.{problem}", name=path))
        documents = self._changing.documents(interaction)
        wanted: dict[str, tuple[Mapping[str, str], int]] = {}
        found = {each.slug: each for each in await documents.newest_of(archive.documents)}
        for slug, files in sorted(archive.documents.items()):
            newest = found.get(slug)
            if newest is not None and newest.files == files:
                outcome.unchanged.append(slug)
            elif problems := await self._problems(slug, files, newest, phrases):
                outcome.problems += problems
            else:
                wanted[slug] = files, 0 if newest is None else newest.number
        if wanted:
            await self._put(interaction, wanted, outcome, phrases)
        return outcome

    async def _put(
        self,
        interaction: discord.Interaction[Any],
        wanted: Mapping[str, tuple[Mapping[str, str], int]],
        outcome: _Outcome,
        phrases: Phrasebook,
    ) -> None:
        """Put in the files of documents, by slug, each with the version that is expected."""
        by = interaction.user.id

        async def put(documents: DocumentChanges) -> None:
            for slug, (files, expected) in wanted.items():
                try:
                    await documents.put(slug, files, by=by, expected=expected)
                except ConflictError:
                    outcome.problems.append(phrases("archive.conflict", name=slug))
                except StorageError:
                    # Questions must find those that were put in before it all the same.
                    outcome.problems.append(phrases("archive.not_kept", name=slug))
                else:
                    (outcome.changed if expected else outcome.added).append(slug)

        await self._changing.in_force(interaction, put, len(wanted))

    async def _problems(
        self,
        slug: str,
        files: Mapping[str, str],
        newest: DocumentVersion | None,
        phrases: Phrasebook,
    ) -> list[str]:
        """What is wrong with a document."""
        if re.fullmatch(SLUG, slug) is None:
            return [phrases("archive.no_slug", name=slug)]
        shared = self._bot.knowledge.index.documents
        if newest is None and any(each.slug == slug for each in shared):
            return [phrases("archive.shared", name=slug)]
        limits = self._bot.config.knowledge.limits
        try:
            draft = await asyncio.to_thread(checked, slug, files, limits)
        except DocumentError as error:
            return [problem_in_words(error, phrases)]
        return [problem_in_words(each, phrases) for each in draft.problems]

    async def _show(
        self, interaction: discord.Interaction[Any], outcome: _Outcome, phrases: Phrasebook
    ) -> None:
        done = outcome.added or outcome.changed
        lines = [phrases("archive.imported" if done else "archive.nothing_imported")]
        for what, slugs in (
            ("added", outcome.added),
            ("changed", outcome.changed),
            ("unchanged", outcome.unchanged),
        ):
            if slugs:
                names = shortened(", ".join(slugs), _LONGEST_NAMES)
                lines.append(phrases(f"archive.were_{what}", count=len(slugs), names=names))
        short = [shortened(on_one_line(each), _LONGEST_PROBLEM) for each in outcome.problems]
        said = with_problems("\n".join(lines), short, phrases)
        if len(short) <= MOST_PROBLEMS and short == outcome.problems:
            await sent(interaction, said_card(said), private=True)
            return
        listed = "\n".join(outcome.problems).encode()
        file = discord.File(io.BytesIO(listed), filename="problems.txt")
        card = returned_card(said, file.filename)
        await interaction.edit_original_response(view=card, attachments=[file])
