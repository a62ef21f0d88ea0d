"""Documents that moderators write: in a window or as a file, added or changed.

What they wrote is never lost: where it cannot be kept, it comes back as a file.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

import discord

from bot.client.attachments import fetched
from bot.client.client import CoalitionBot
from bot.cogs.access import for_moderators
from bot.cogs.moderators.documents.cards import (
    message_preview,
    said_card,
)
from bot.cogs.moderators.documents.changing import Changing
from bot.cogs.moderators.documents.follow_ups import Occasion
from bot.cogs.moderators.documents.keeping import Keeper, give_back
from bot.cogs.moderators.documents.window import (
    LONGEST_TITLE,
    LONGEST_TYPED,
    TEXT,
    TITLE,
    WRITING,
    Window,
    Writing,
    answer_text,
)
from bot.cogs.moderators.foresight.asking_first import AskingFirst, Change, DocumentPlan
from bot.components.cards import notice_card
from bot.components.markup import escaped, in_short
from bot.components.modals import Submission
from bot.components.sending import reply_privately, sent
from bot.drafts import (
    Draft,
    Given,
    about_file,
    body_of,
    described,
    edition_files,
    free_slug,
    has_front_matter,
    in_one_title,
    question_file,
    same_as,
    with_about,
    with_body,
    written_file,
)
from bot.errors import AttachmentError
from bot.locales import Phrasebook
from bot.question_lines import LineError, is_yaml, lines_of, questions_file
from bot.storage import DocumentChanges, DocumentVersion
from bot.storage.same_question import folded_question
from knowledge import Document, DocumentError, Language
from knowledge.blocks.reading import Said
from knowledge.files import FileError, Upload, read_upload, title_in
from knowledge.questions import QUESTIONS_FILE

log = logging.getLogger(__name__)


class Writer:
    """Takes what moderators write, and keeps it."""

    def __init__(
        self, bot: CoalitionBot, changing: Changing, keeper: Keeper, first: AskingFirst
    ) -> None:
        self._bot = bot
        self._first = first
        self._changing = changing
        self._keeper = keeper
        bot.modals.on(WRITING, for_moderators(self._take))

    async def open_window(
        self, interaction: discord.Interaction[Any], writing: Writing, text: str
    ) -> None:
        """Let a moderator write in a modal, if what is there already fits into one."""
        phrases = await self._bot.localiser.phrases_for(interaction)
        if len(text) > LONGEST_TYPED:
            said = phrases("knowledge.too_long_for_window", longest=LONGEST_TYPED)
            await reply_privately(interaction, said)
        else:
            await interaction.response.send_modal(Window(writing, text, phrases))

    async def open_for(
        self, interaction: discord.Interaction[Any], occasion: Occasion, question: str
    ) -> None:
        """Let a moderator write, in a modal, a document that answers a question."""
        phrases = await self._bot.localiser.phrases_for(interaction)
        title = " ".join(question.split()).rstrip(" ?")
        window = Window(Writing("add", occasion=occasion), "", phrases, title)
        await interaction.response.send_modal(window)

    async def _take(self, sent_in: Submission, interaction: discord.Interaction[Any]) -> None:
        """Keep what a moderator wrote in that modal, also where a restart came between."""
        writing, text = Writing.read(sent_in.match), sent_in.typed(TEXT)
        if writing.what == "add":
            title = sent_in.typed(TITLE)
            await self.add(interaction, title, writing.language, text, writing.occasion)
        elif writing.what == "answer":
            question = " ".join(sent_in.typed(TITLE).split())
            await self.add(interaction, question, writing.language, answer_text(question, text))
        else:
            await self.change(interaction, writing, text)

    async def read(
        self, interaction: discord.Interaction[Any], file: discord.Attachment
    ) -> Upload | None:
        """What a file says; None where it cannot be read, which the moderator is told."""
        phrases = await self._bot.localiser.phrases_for(interaction)
        largest = self._bot.config.knowledge.largest_file
        name = in_short(file.filename, LONGEST_TITLE)
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
        name: str = "",
    ) -> None:
        """Add a document, and try whether it answers what it is added for.

        Args:
            interaction: What is answered.
            title: What the moderator says; it wins over what the text says of itself.
            language: The same of its language; None tells it from the text.
            text: The text, with or without front matter.
            occasion: What it is added for, if for something.
            upload: The file that the text was read from, if it was.
            name: The name of that file.
        """
        await self._changing.think(interaction)
        phrases = await self._bot.localiser.phrases_for(interaction)
        known = await self._changing.known(interaction)
        said = Said() if upload is None else upload.said
        named = title.strip() or said.title or title_in(name)
        slug = await self._free_slug(interaction, named)
        spoken = partial(
            self._bot.knowledge.shared.answerer.language_of, tie_breaker=phrases.language
        )
        given = Given(title.strip(), language)
        written = described(text, given, said, named or slug, spoken)
        try:
            files = {f"{about_file(written, slug).language}.md": written}
            draft = await self._keeper.checked(slug, files)
        except DocumentError as error:
            await self._keeper.refuse(interaction, text, error)
            return
        same = same_as(draft.document, known)
        if same is not None and same.original.about.title == draft.document.original.about.title:
            there = phrases("knowledge.added_already", title=escaped(named), slug=same.slug)
            await sent(interaction, notice_card(there), private=True)
            return
        beside = _beside(draft.document, same, known, phrases)
        await self._keeper.put(
            interaction, draft, 0, text, occasion=occasion, upload=upload, beside=beside
        )

    async def add_entry(
        self, interaction: discord.Interaction[Any], question: str, language: Language, words: str
    ) -> None:
        """Add a document that answers one question, which finds it from then on.

        Where questions find such a document already, nothing is added.
        """
        await self._changing.think(interaction)
        phrases = await self._bot.localiser.phrases_for(interaction)
        index = await self._bot.answerer.index(interaction.guild_id)
        documents = self._changing.documents(interaction)
        slugs = {*await documents.slugs()}
        title = in_one_title(question)
        for each in index.documents:
            named = each.original.about.title
            if each.slug in slugs and folded_question(named) == folded_question(title):
                said = phrases("request.kept_already", slug=each.slug)
                await sent(interaction, notice_card(said), private=True)
                return
        slug = await self._free_slug(interaction, title)
        files = {f"{language}.md": written_file(title, language, words, None)}
        try:
            draft = await self._keeper.checked(slug, files)
            questioned = {**files, QUESTIONS_FILE: question_file(draft.document, title)}
            with contextlib.suppress(DocumentError):
                draft = await self._keeper.checked(slug, questioned)
        except DocumentError as error:
            await self._keeper.refuse(interaction, words, error)
        else:
            await self._keeper.put(interaction, draft, 0, words)

    async def add_message(
        self,
        interaction: discord.Interaction[Any],
        title: str,
        about: Mapping[str, str],
        text: str,
    ) -> None:
        """Add what somebody wrote in a message, once a moderator has seen what will be quoted.

        Args:
            interaction: What is answered; it was told that an answer will come.
            title: The title of the document.
            about: Who wrote it, when and where.
            text: What was written.
        """
        phrases = await self._bot.localiser.phrases_for(interaction)
        slug = await self._free_slug(interaction, title)
        shared = self._bot.knowledge.shared.answerer
        spoken = shared.language_of(text, phrases.language)
        given = {"title": title, "language": spoken.value, **about}
        try:
            draft = await self._keeper.checked(slug, {f"{spoken}.md": with_about(text, given, {})})
        except DocumentError as error:
            await self._keeper.refuse(interaction, text, error)
            return

        async def save(interaction: discord.Interaction[Any]) -> None:
            await self._keeper.save(interaction, draft, 0, text)

        note = message_preview(draft.document, phrases)
        change = Change(DocumentPlan({slug: draft.files}), save, note=note, always=True)
        await self._first.take(interaction, change)

    async def add_many(
        self,
        interaction: discord.Interaction[Any],
        title: str,
        texts: Mapping[Language, str],
        note: str,
        problems: str,
    ) -> None:
        """Add a text of each of some languages as documents of their own.

        Args:
            interaction: What is answered; it was told that an answer will come.
            title: The title of each.
            texts: The texts.
            note: What could not be used; where it is not blank, it is asked whether to go on.
            problems: The same in full, which the moderator gets as a file.
        """
        drafts: list[Draft] = []
        try:
            for language, text in texts.items():
                taken = {each.document.slug for each in drafts}
                slug = await self._free_slug(interaction, title, taken)
                file = written_file(title, language, text, None)
                drafts.append(await self._keeper.checked(slug, {f"{language}.md": file}))
        except DocumentError as error:
            await self._keeper.refuse(interaction, "\n\n".join(texts.values()), error)
            return
        by = interaction.user.id

        async def put(documents: DocumentChanges) -> None:
            for each in drafts:
                await documents.put(each.document.slug, each.files, by=by, expected=0)

        async def save(interaction: discord.Interaction[Any]) -> None:
            phrases = await self._bot.localiser.phrases_for(interaction)
            await self._changing.in_force(interaction, put, len(drafts))
            count = sum(len(each.document.passages) for each in drafts)
            names = ", ".join(f"`{each.document.slug}`" for each in drafts)
            said = phrases("table.added", names=names, count=count)
            await sent(interaction, said_card(said), private=True)

        plan = DocumentPlan({each.document.slug: each.files for each in drafts}, only_adds=True)
        change = Change(
            plan,
            save,
            problems or None,
            note=note,
            label="table.add_rest" if note else "foresight.save",
            always=bool(note),
        )
        await self._first.take(interaction, change)

    async def _free_slug(
        self, interaction: discord.Interaction[Any], title: str, others: Collection[str] = ()
    ) -> str:
        """A slug for a new document, which none of `others` has either."""
        documents = self._changing.documents(interaction)
        shared = self._bot.knowledge.index.documents
        taken = {
            *await documents.slugs(),
            *(each.slug for each in await documents.removed()),
            *others,
        }
        return free_slug(title, taken | {each.slug for each in shared})

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
            await self._keeper.say_conflict(interaction, text, writing.slug, found)
            return
        try:
            written = text
            if writing.what == "questions" and upload is None and not is_yaml(text):
                written = await self._questions(interaction, newest, text)
            draft = await self._keeper.checked(
                writing.slug, _changed(newest, writing, written, upload)
            )
        except DocumentError as error:
            await self._keeper.refuse(interaction, text, error)
            return
        except LineError as error:
            phrases = await self._bot.localiser.phrases_for(interaction)
            problem = error.problem
            shown = in_short(problem.text, LONGEST_TITLE)
            said = phrases(
                f"questions.{problem.key}", line=problem.line, text=shown, most=problem.most
            )
            await give_back(interaction, text, said)
            return
        if writing.what != "edit" and draft.problems:
            # A twin that does not align, or questions of no passage, would be kept unread.
            await self._keeper.refuse(interaction, text, draft.problems[0])
            return
        only_adds = writing.what != "edit"
        await self._keeper.put(
            interaction, draft, writing.version, text, upload=upload, only_adds=only_adds
        )

    async def _questions(
        self, interaction: discord.Interaction[Any], version: DocumentVersion, text: str
    ) -> str:
        """The questions file that lines stand for.

        Raises:
            DocumentError: The document cannot be used.
            LineError: A line cannot be used.
        """
        files = {name: each for name, each in version.files.items() if name != QUESTIONS_FILE}
        draft = await self._keeper.checked(version.slug, files)
        spoken = (await self._bot.localiser.phrases_for(interaction)).language
        shared = self._bot.knowledge.shared.answerer
        return questions_file(
            draft.document, text, lambda question: shared.language_of(question, spoken)
        )

    async def question_lines(self, version: DocumentVersion) -> str:
        """What the window of a document's questions begins with.

        Raises:
            DocumentError: The document cannot be used.
        """
        return lines_of((await self._keeper.checked(version.slug, version.files)).document)


def _beside(
    document: Document, same: Document | None, known: Sequence[Document], phrases: Phrasebook
) -> str:
    """What is said of documents with the same words or the same title; blank where none has."""
    if same is not None:
        return phrases("knowledge.same_words", slug=same.slug)
    title = document.original.about.title
    named = next((each for each in known if each.original.about.title == title), None)
    return "" if named is None else phrases("knowledge.same_title", slug=named.slug)


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
