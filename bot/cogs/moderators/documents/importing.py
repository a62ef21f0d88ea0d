"""Documents that moderators bring along in a zip.

It is one of `/knowledge export`, or what another program exports: a vault of Obsidian, pages of
Notion, a document of Google Docs.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import discord

from bot.answering.exports import Around, Made, made_of
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
from bot.cogs.moderators.foresight.asking_first import AskingFirst, Change, DocumentPlan
from bot.components.cards import notice_card
from bot.components.markup import escaped, in_short, on_one_line, shortened
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
        unread: Files of kinds that are not read.
        losing: Files of whose words so many were left out that somebody should look.
        report: What became of each file that another program exported, a line each.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    losing: list[str] = field(default_factory=list)
    report: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Put:
    """A document that is to be put in.

    Attributes:
        files: Its files.
        expected: The version that is there; 0 where none is.
    """

    files: Mapping[str, str]
    expected: int


class Importer:
    """Takes a zip of documents, and says what became of each."""

    def __init__(self, bot: CoalitionBot, changing: Changing, first: AskingFirst) -> None:
        self._bot = bot
        self._first = first
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
            await self._import(interaction, archive, phrases)
            return
        await sent(interaction, notice_card(said), private=True)

    async def _import(
        self, interaction: discord.Interaction[Any], archive: Archive, phrases: Phrasebook
    ) -> None:
        """Put in what can be used, once it is known what that would change."""
        outcome = _Outcome()
        for path, problem in sorted(archive.problems.items()):
            outcome.problems.append(phrases(f"archive.{problem}", name=path))
        documents = self._changing.documents(interaction)
        wanted: dict[str, _Put] = {}
        found = {each.slug: each for each in await documents.newest_of(archive.documents)}
        for slug, files in sorted(archive.documents.items()):
            newest = found.get(slug)
            if newest is not None and newest.files == files:
                outcome.unchanged.append(slug)
            elif problems := await self._problems(slug, files, newest, phrases):
                outcome.problems += problems
            else:
                wanted[slug] = _Put(files, 0 if newest is None else newest.number)
        exported = await self._exported(interaction, archive, {*wanted, *found}, phrases)
        for each, put in exported:
            if each.draft is not None and put is not None:
                wanted[each.draft.document.slug] = put

        async def save(interaction: discord.Interaction[Any]) -> None:
            if wanted:
                await self._put(interaction, wanted, outcome, phrases)
            for each, _ in exported:
                _account(each, outcome, phrases)
            await self._show(interaction, outcome, phrases)

        put_in = {slug: each.files for slug, each in wanted.items()}
        only_adds = not any(each.expected for each in wanted.values())
        plan = DocumentPlan(put_in, only_adds=only_adds)
        await (self._first.take(interaction, Change(plan, save)) if wanted else save(interaction))

    async def _exported(
        self,
        interaction: discord.Interaction[Any],
        archive: Archive,
        used: Collection[str],
        phrases: Phrasebook,
    ) -> list[tuple[Made, _Put | None]]:
        """What the files of other programs make, each with what is to be put in, if anything."""
        if not archive.files:
            return []
        documents = self._changing.documents(interaction)
        known = await self._changing.known(interaction)
        there = {each.slug: each for each in await documents.newest_of(await documents.slugs())}
        removed = (each.slug for each in await documents.removed())
        shared = self._bot.knowledge.shared.answerer
        around = Around(
            known,
            {slug for slug, each in there.items() if len(each.files) == 1} - {*used},
            {*used, *there, *removed, *(each.slug for each in known)},
            self._bot.config.knowledge.limits,
            partial(shared.language_of, tie_breaker=phrases.language),
        )
        made = await asyncio.to_thread(made_of, archive.files, around, phrases)
        return [(each, _wanted(each, there)) for each in made]

    async def _put(
        self,
        interaction: discord.Interaction[Any],
        wanted: Mapping[str, _Put],
        outcome: _Outcome,
        phrases: Phrasebook,
    ) -> None:
        """Put in documents, by slug."""
        by = interaction.user.id

        async def put(documents: DocumentChanges) -> None:
            for slug, each in wanted.items():
                try:
                    await documents.put(slug, each.files, by=by, expected=each.expected)
                except ConflictError:
                    outcome.problems.append(phrases("archive.conflict", name=slug))
                except StorageError:
                    # Questions must find those that were put in before it all the same.
                    outcome.problems.append(phrases("archive.not_kept", name=slug))
                else:
                    (outcome.changed if each.expected else outcome.added).append(slug)

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
        if outcome.losing:
            names = shortened(escaped(", ".join(outcome.losing)), _LONGEST_NAMES)
            lines.insert(0, phrases("archive.losing", count=len(outcome.losing), names=names))
        for what, names_of in (
            ("added", outcome.added),
            ("changed", outcome.changed),
            ("unchanged", outcome.unchanged),
            ("unread", outcome.unread),
        ):
            if names_of:
                names = shortened(escaped(", ".join(names_of)), _LONGEST_NAMES)
                lines.append(phrases(f"archive.were_{what}", count=len(names_of), names=names))
        short = [shortened(on_one_line(each), _LONGEST_PROBLEM) for each in outcome.problems]
        said = with_problems("\n".join(lines), short, phrases)
        if outcome.report:
            # What is wrong with documents of `/knowledge export` has no line of its own yet.
            own = [each for each in outcome.problems if each not in outcome.report]
            await _give_file(interaction, said, "report.txt", [*outcome.report, *own])
        elif len(short) > MOST_PROBLEMS or short != outcome.problems:
            await _give_file(interaction, said, "problems.txt", outcome.problems)
        else:
            await sent(interaction, said_card(said), private=True)


def _wanted(made: Made, there: Mapping[str, DocumentVersion]) -> _Put | None:
    if made.draft is None or made.same:
        return None
    expected = there[made.draft.document.slug].number if made.changes else 0
    return _Put(made.draft.files, expected)


def _account(made: Made, outcome: _Outcome, phrases: Phrasebook) -> None:
    """Say of a file what became of it, once that is known."""
    slug = "" if made.draft is None else made.draft.document.slug
    what = phrases("archive.not_in", slug=slug)
    if slug in outcome.added:
        what = phrases("archive.added_as", slug=slug)
    elif slug in outcome.changed:
        what = phrases("archive.changed_as", slug=slug)
    line = made.line(what, phrases)
    outcome.report.append(line)
    if made.is_unread:
        outcome.unread.append(made.path)
    elif made.problem:
        outcome.problems.append(line)
    elif made.same:
        outcome.unchanged.append(made.path)
    if made.upload is not None and made.upload.loses_much:
        outcome.losing.append(made.path)


async def _give_file(
    interaction: discord.Interaction[Any], said: str, name: str, lines: Iterable[str]
) -> None:
    file = discord.File(io.BytesIO("\n".join(lines).encode()), filename=name)
    card = returned_card(said, file.filename)
    await interaction.edit_original_response(view=card, attachments=[file])
