"""Documents that moderators write: in a window or as a file, added or changed.

What they wrote is never lost: where it cannot be kept, it comes back as a file.
"""

from __future__ import annotations

import asyncio
import io
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.client.attachments import fetched
from bot.client.client import CoalitionBot
from bot.cogs.access import for_moderators
from bot.cogs.moderators.documents.cards import (
    SLUG,
    returned_card,
    said_card,
    with_problems,
    with_reading,
)
from bot.cogs.moderators.documents.changing import Changing
from bot.cogs.moderators.documents.follow_ups import FollowUps, Occasion
from bot.components.cards import notice_card
from bot.components.markup import escaped, in_short
from bot.components.modals import FORGOTTEN, Submission
from bot.components.sending import reply_privately, sent
from bot.drafts import (
    Draft,
    about_file,
    body_of,
    checked,
    edition_files,
    free_slug,
    has_front_matter,
    with_about,
    with_body,
    written_file,
)
from bot.errors import AttachmentError
from bot.locales import Phrasebook
from bot.locales.document_problems import problem_in_words
from bot.storage import ConflictError, DocumentChanges, DocumentVersion, StorageError
from knowledge import DocumentError, Language
from knowledge.blocks.reading import Said
from knowledge.files import FileError, Upload, read_upload
from knowledge.questions import QUESTIONS_FILE

log = logging.getLogger(__name__)

LONGEST_TYPED = 4000
"""Characters that Discord takes in a modal's input."""
_LONGEST_TITLE = 200
_TITLE, _TEXT = "title", "text"
_WRITING = re.compile(
    rf"knowledge:(?P<what>add|edit|translate|questions):(?P<version>\d{{1,9}})"
    rf":(?P<language>fr|en|-):{SLUG}"
    r"(?::(?P<kind>[a-z]+):(?P<reference>[\w:-]+))?"
)


@dataclass(frozen=True, slots=True)
class Writing:
    """What a moderator writes.

    Attributes:
        what: `add`, `edit`, `translate` or `questions`.
        slug: The document; anything where one is added.
        version: The version of it that the text is made from; 0 where one is added.
        language: The language of the text; None for questions, and where it is to be told.
        occasion: What it is added for, if for something.
    """

    what: str
    slug: str = "new"
    version: int = 0
    language: Language | None = None
    occasion: Occasion | None = None

    def __str__(self) -> str:
        written = f"knowledge:{self.what}:{self.version}:{self.language or '-'}:{self.slug}"
        return written if self.occasion is None else f"{written}:{self.occasion}"

    @classmethod
    def read(cls, match: re.Match[str]) -> Writing:
        """What `str` made the matched text of."""
        language = None if match["language"] == "-" else Language(match["language"])
        occasion = None
        if match["kind"] is not None:
            occasion = Occasion(match["kind"], match["reference"])
        return cls(match["what"], match["slug"], int(match["version"]), language, occasion)


class Writer:
    """Takes what moderators write, and keeps it."""

    def __init__(self, bot: CoalitionBot, changing: Changing, follow_ups: FollowUps) -> None:
        self._bot = bot
        self._changing = changing
        self._follow_ups = follow_ups
        bot.modals.on(_WRITING, for_moderators(self._take))

    async def open_window(
        self, interaction: discord.Interaction[Any], writing: Writing, text: str
    ) -> None:
        """Let a moderator write in a modal, if what is there already fits into one."""
        phrases = await self._bot.localiser.phrases_for(interaction)
        if len(text) > LONGEST_TYPED:
            said = phrases("knowledge.too_long_for_window", longest=LONGEST_TYPED)
            await reply_privately(interaction, said)
        else:
            await interaction.response.send_modal(_Window(writing, text, phrases))

    async def open_for(
        self, interaction: discord.Interaction[Any], occasion: Occasion, question: str
    ) -> None:
        """Let a moderator write, in a modal, a document that answers a question."""
        phrases = await self._bot.localiser.phrases_for(interaction)
        title = " ".join(question.split()).rstrip(" ?")
        window = _Window(Writing("add", occasion=occasion), "", phrases, title)
        await interaction.response.send_modal(window)

    async def _take(self, sent_in: Submission, interaction: discord.Interaction[Any]) -> None:
        """Keep what a moderator wrote in that modal, also where a restart came between."""
        writing, text = Writing.read(sent_in.match), sent_in.typed(_TEXT)
        if writing.what == "add":
            title = sent_in.typed(_TITLE)
            await self.add(interaction, title, writing.language, text, writing.occasion)
        else:
            await self.change(interaction, writing, text)

    async def read(
        self, interaction: discord.Interaction[Any], file: discord.Attachment
    ) -> Upload | None:
        """What a file says; None where it cannot be read, which the moderator is told."""
        phrases = await self._bot.localiser.phrases_for(interaction)
        largest = self._bot.config.knowledge.largest_file
        name = in_short(file.filename, _LONGEST_TITLE)
        try:
            content = await fetched(file, largest << 20)
            return await asyncio.to_thread(read_upload, file.filename, content)
        except AttachmentError as error:
            key = "too_large" if error.too_large else "not_fetched"
            said = phrases(f"file.{key}", largest=largest, name=name)
        except FileError as error:
            said = phrases(f"file.{error.problem}", name=name)
        await sent(interaction, notice_card(said), private=True)
        return None

    async def add(
        self,
        interaction: discord.Interaction[Any],
        title: str,
        language: Language | None,
        text: str,
        occasion: Occasion | None = None,
        *,
        upload: Upload | None = None,
    ) -> None:
        """Add a document, and try whether it answers what it is added for.

        Args:
            interaction: What is answered.
            title: What the moderator says; it wins over what the text says of itself.
            language: The same of its language; None tells it from the text.
            text: The text, with or without front matter.
            occasion: What it is added for, if for something.
            upload: The file that the text was read from, if it was.
        """
        await self._changing.think(interaction)
        phrases = await self._bot.localiser.phrases_for(interaction)
        documents = self._changing.documents(interaction)
        shared = self._bot.knowledge.shared.answerer
        taken = {*await documents.slugs(), *(each.slug for each in await documents.removed())}
        said = Said() if upload is None else upload.said
        named = title.strip() or said.title or ""
        slug = free_slug(named, taken | {each.slug for each in shared.index.documents})
        given = {"title": title.strip(), "language": "" if language is None else language.value}
        spoken = language or said.language or shared.language_of(body_of(text), phrases.language)
        written = with_about(
            text,
            {name: value for name, value in given.items() if value},
            {"title": named or slug, "language": spoken.value},
        )
        try:
            files = {f"{about_file(written, slug).language}.md": written}
            draft = await self._checked(slug, files)
        except DocumentError as error:
            await self._refuse(interaction, text, error)
        else:
            await self._put(interaction, draft, 0, text, occasion=occasion, upload=upload)

    async def change(
        self,
        interaction: discord.Interaction[Any],
        writing: Writing,
        text: str,
        upload: Upload | None = None,
    ) -> None:
        """Write an edition or the questions of a document anew."""
        await self._changing.think(interaction)
        documents = self._changing.documents(interaction)
        newest = await documents.newest(writing.slug)
        if newest is None or newest.number != writing.version:
            found = 0 if newest is None else newest.number
            await self._say_conflict(interaction, text, writing.slug, found)
            return
        try:
            draft = await self._checked(writing.slug, _changed(newest, writing, text, upload))
        except DocumentError as error:
            await self._refuse(interaction, text, error)
            return
        if writing.what != "edit" and draft.problems:
            # A twin that does not align, or questions of no passage, would be kept unread.
            await self._refuse(interaction, text, draft.problems[0])
            return
        await self._put(interaction, draft, writing.version, text, upload=upload)

    async def _checked(self, slug: str, files: Mapping[str, str]) -> Draft:
        return await asyncio.to_thread(checked, slug, files, self._bot.config.knowledge.limits)

    async def _put(
        self,
        interaction: discord.Interaction[Any],
        draft: Draft,
        expected: int,
        text: str,
        *,
        occasion: Occasion | None = None,
        upload: Upload | None = None,
    ) -> None:
        """Keep a draft that was made from the version `expected`, or give `text` back."""
        slug, by = draft.document.slug, interaction.user.id

        async def put(documents: DocumentChanges) -> DocumentVersion:
            return await documents.put(slug, draft.files, by=by, expected=expected)

        try:
            version = await self._changing.in_force(interaction, put)
        except ConflictError as error:
            await self._say_conflict(interaction, text, slug, error.found)
            return
        except StorageError as error:
            log.error("%s", error)  # noqa: TRY400 - it says all
            phrases = await self._bot.localiser.phrases_for(interaction)
            await _give_back(interaction, text, phrases("knowledge.not_kept"))
            return
        phrases = await self._bot.localiser.phrases_for(interaction)
        said = phrases(
            "knowledge.changed" if expected else "knowledge.added",
            title=escaped(draft.document.original.about.title),
            slug=slug,
            version=version.number,
            count=len(draft.document.passages),
        )
        if upload is not None:
            said = with_reading(said, upload, len(draft.document.passages), phrases)
        left_out = [problem_in_words(each, phrases) for each in draft.problems]
        said = with_problems(said, left_out, phrases)
        items: tuple[ui.Item[Any], ...] = ()
        if occasion is not None:
            followed = await self._follow_ups.follow(interaction, occasion, slug)
            said, items = f"{said}\n\n{followed.text}", followed.items
        await sent(interaction, said_card(said, *items), private=True)

    async def _refuse(
        self, interaction: discord.Interaction[Any], text: str, problem: DocumentError
    ) -> None:
        phrases = await self._bot.localiser.phrases_for(interaction)
        said = phrases("knowledge.refused", reason=escaped(problem_in_words(problem, phrases)))
        await _give_back(interaction, text, said)

    async def _say_conflict(
        self, interaction: discord.Interaction[Any], text: str, slug: str, found: int
    ) -> None:
        phrases = await self._bot.localiser.phrases_for(interaction)
        key = "knowledge.conflict" if found else "knowledge.conflict_removed"
        said = phrases(key, slug=slug, found=found)
        await _give_back(interaction, text, said)


class _Window(ui.Modal):
    """Takes a document, an edition or questions."""

    def __init__(self, writing: Writing, text: str, phrases: Phrasebook, title: str = "") -> None:
        what = writing.what
        super().__init__(
            title=phrases(f"knowledge.window.{what}"), custom_id=str(writing), timeout=FORGOTTEN
        )
        if what == "add":
            named: ui.TextInput[Any] = ui.TextInput(
                custom_id=_TITLE,
                default=title[:_LONGEST_TITLE].strip() or None,
                max_length=_LONGEST_TITLE,
            )
            self.add_item(ui.Label(text=phrases("knowledge.window.title"), component=named))
        written: ui.TextInput[Any] = ui.TextInput(
            custom_id=_TEXT,
            style=discord.TextStyle.paragraph,
            default=text or None,
            max_length=LONGEST_TYPED,
        )
        self.add_item(
            ui.Label(
                text=phrases("knowledge.window.text"),
                description=phrases(f"knowledge.window.{what}_how"),
                component=written,
            )
        )


def edition_text(version: DocumentVersion, language: Language) -> str:
    """The text of an edition without its front matter; blank where there is none."""
    name = edition_files(version.files).get(language)
    return "" if name is None else body_of(version.files[name])


def _changed(
    version: DocumentVersion, writing: Writing, text: str, upload: Upload | None
) -> dict[str, str]:
    """The files of a document after a change.

    Raises:
        DocumentError: A file cannot be used.
    """
    files, language = dict(version.files), writing.language
    if language is None:
        files[QUESTIONS_FILE] = text
        return files
    editions = edition_files(files)
    name = editions.get(language, f"{language}.md")
    if has_front_matter(text):
        there = files.get(name) or next(files[each] for each in editions.values())
        title = about_file(there).title
        given = {"language": language.value}
        if upload is not None and upload.said.title is None:
            given["title"] = title
        files[name] = with_about(text, given, {"title": title})
    elif name in files:
        files[name] = with_body(files[name], text)
    else:
        original = editions[language.other]
        title = about_file(files[original]).title
        files[name] = written_file(title, language, text, language.other)
    return files


async def _give_back(interaction: discord.Interaction[Any], text: str, said: str) -> None:
    """Say why a text was not kept, and give it back as a file."""
    file = discord.File(io.BytesIO(text.encode()), filename="text.md")
    card = returned_card(said, file.filename)
    await interaction.edit_original_response(view=card, attachments=[file])
