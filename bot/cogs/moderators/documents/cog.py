"""What moderators do with what their server knows: add, change, remove and look at documents."""

from __future__ import annotations

from itertools import islice

import discord
from discord import app_commands
from discord.ext import commands

from bot.answering.suggestions import folded
from bot.client.client import CoalitionBot
from bot.client.translator import named_options, phrase
from bot.cogs.access import ModeratorCog, in_servers, is_moderator
from bot.cogs.moderators.documents.importing import Importer
from bot.cogs.moderators.documents.library import DocumentLibrary
from bot.cogs.moderators.documents.listing import Which
from bot.cogs.moderators.documents.reviewing import Reviewer
from bot.cogs.moderators.documents.tables import TableImporter
from bot.cogs.moderators.documents.window import Writing
from bot.cogs.moderators.documents.writing import Writer, edition_text
from bot.components.choices import MOST_CHOICES, choice
from bot.components.sending import reply_privately
from knowledge import DocumentError, Language
from knowledge.front_matter import Visibility
from knowledge.questions import QUESTIONS_FILE

_LANGUAGES = [
    app_commands.Choice(name=phrase("command.ask.french"), value=Language.FRENCH.value),
    app_commands.Choice(name=phrase("command.ask.english"), value=Language.ENGLISH.value),
]


@in_servers
@app_commands.default_permissions(manage_messages=True)
class Documents(
    ModeratorCog,
    commands.GroupCog,
    group_name=phrase("command.knowledge.name"),
    group_description=phrase("command.knowledge.description"),
):
    """The server's own documents."""

    def __init__(  # noqa: PLR0917 - each does a part of it
        self,
        bot: CoalitionBot,
        library: DocumentLibrary,
        writer: Writer,
        importer: Importer,
        reviewer: Reviewer,
        tables: TableImporter,
    ) -> None:
        super().__init__(bot)
        self._tables = tables
        self._reviewer = reviewer
        self._library = library
        self._writer = writer
        self._importer = importer

    @app_commands.command(
        name=phrase("command.knowledge.add_name"), description=phrase("command.knowledge.add")
    )
    @app_commands.describe(
        file=phrase("command.knowledge.file"),
        title=phrase("command.knowledge.title"),
        language=phrase("command.knowledge.language"),
    )
    @named_options("file", "title", "language")
    @app_commands.choices(language=_LANGUAGES)
    async def add(
        self,
        interaction: discord.Interaction[CoalitionBot],
        file: discord.Attachment | None = None,
        title: app_commands.Range[str, 1, 200] | None = None,
        language: str | None = None,
    ) -> None:
        """Add a document from a file, or from what is written in a window."""
        chosen = None if language is None else Language(language)
        if file is None:
            await self._writer.open_window(interaction, Writing("add", language=chosen), "")
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        upload = await self._writer.read(interaction, file)
        if upload is not None:
            await self._writer.add(
                interaction,
                title or "",
                chosen,
                upload.markdown,
                upload=upload,
                name=file.filename,
            )

    @app_commands.command(
        name=phrase("command.knowledge.edit_name"), description=phrase("command.knowledge.edit")
    )
    @app_commands.describe(
        document=phrase("command.knowledge.document"),
        language=phrase("command.knowledge.edition"),
        file=phrase("command.knowledge.file"),
    )
    @named_options("document", "language", "file")
    @app_commands.choices(language=_LANGUAGES)
    async def edit(
        self,
        interaction: discord.Interaction[CoalitionBot],
        document: str,
        language: str | None = None,
        file: discord.Attachment | None = None,
    ) -> None:
        """Write an edition anew."""
        slug = await self._library.meant(interaction, document)
        version = None if slug is None else await self._library.newest(interaction, slug)
        if version is None:
            return
        chosen = None if language is None else Language(language)
        if chosen is None:
            preferred = (await self.bot.localiser.phrases_for(interaction)).language
            chosen = preferred if edition_text(version, preferred) else preferred.other
        if not edition_text(version, chosen):
            phrases = await self.bot.localiser.phrases_for(interaction)
            await reply_privately(interaction, phrases("knowledge.no_edition"))
            return
        await self._write(interaction, "edit", version.slug, chosen, file)

    @app_commands.command(
        name=phrase("command.knowledge.translate_name"),
        description=phrase("command.knowledge.translate"),
    )
    @app_commands.describe(
        document=phrase("command.knowledge.document"),
        language=phrase("command.knowledge.translation"),
        file=phrase("command.knowledge.file"),
    )
    @named_options("document", "language", "file")
    @app_commands.choices(language=_LANGUAGES)
    async def translate(
        self,
        interaction: discord.Interaction[CoalitionBot],
        document: str,
        language: str,
        file: discord.Attachment | None = None,
    ) -> None:
        """Write the same text in the other language."""
        await self._write(interaction, "translate", document, Language(language), file)

    @app_commands.command(
        name=phrase("command.knowledge.questions_name"),
        description=phrase("command.knowledge.questions"),
    )
    @app_commands.describe(document=phrase("command.knowledge.document"))
    @named_options("document")
    async def questions(
        self, interaction: discord.Interaction[CoalitionBot], document: str
    ) -> None:
        """Write the curated questions of a document."""
        await self._write(interaction, "questions", document, None, None)

    async def _write(
        self,
        interaction: discord.Interaction[CoalitionBot],
        what: str,
        document: str,
        language: Language | None,
        file: discord.Attachment | None,
    ) -> None:
        slug = await self._library.meant(interaction, document)
        version = None if slug is None else await self._library.newest(interaction, slug)
        if version is None:
            return
        writing = Writing(what, version.slug, version.number, language)
        if file is None:
            there = "" if language is None else edition_text(version, language)
            if language is None:
                try:
                    there = await self._writer.question_lines(version)
                except DocumentError:
                    # It is corrected first; what is there is shown as it is.
                    there = version.files.get(QUESTIONS_FILE, "")
            await self._writer.open_window(interaction, writing, there)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        upload = await self._writer.read(interaction, file)
        if upload is not None:
            await self._writer.change(interaction, writing, upload.markdown, upload)

    @app_commands.command(
        name=phrase("command.knowledge.answer_name"), description=phrase("command.knowledge.answer")
    )
    async def answer(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Write a question and its answer."""
        await self._writer.open_window(interaction, Writing("answer"), "")

    @app_commands.command(
        name=phrase("command.knowledge.remove_name"), description=phrase("command.knowledge.remove")
    )
    @app_commands.describe(document=phrase("command.knowledge.document"))
    @named_options("document")
    async def remove(self, interaction: discord.Interaction[CoalitionBot], document: str) -> None:
        """Remove a document, once that is confirmed."""
        slug = await self._library.meant(interaction, document)
        if slug is not None:
            await self._library.ask_to_remove(interaction, slug)

    @app_commands.command(
        name=phrase("command.knowledge.review_name"), description=phrase("command.knowledge.review")
    )
    @app_commands.describe(
        document=phrase("command.knowledge.document"), days=phrase("command.knowledge.days")
    )
    @named_options("document", "days")
    async def review(
        self,
        interaction: discord.Interaction[CoalitionBot],
        document: str,
        days: app_commands.Range[int, 0, 3650],
    ) -> None:
        """Note that a document holds, and when to look again."""
        slug = await self._library.meant(interaction, document)
        version = None if slug is None else await self._library.newest(interaction, slug)
        if version is not None:
            await self._reviewer.note(interaction, version, days)

    @app_commands.command(
        name=phrase("command.knowledge.audience_name"),
        description=phrase("command.knowledge.audience"),
    )
    @app_commands.describe(
        document=phrase("command.knowledge.document"),
        visible_to=phrase("command.knowledge.visible_to"),
    )
    @named_options("document", "visible_to")
    @app_commands.choices(
        visible_to=[
            app_commands.Choice(name=phrase(f"command.knowledge.{each}"), value=each.value)
            for each in Visibility
        ]
    )
    async def audience(
        self, interaction: discord.Interaction[CoalitionBot], document: str, visible_to: str
    ) -> None:
        """Say who is given quotes of a document."""
        slug = await self._library.meant(interaction, document)
        version = None if slug is None else await self._library.newest(interaction, slug)
        if version is not None:
            await self._reviewer.show_to(interaction, version, Visibility(visible_to))

    @app_commands.command(
        name=phrase("command.knowledge.list_name"), description=phrase("command.knowledge.list")
    )
    @app_commands.describe(
        which=phrase("command.knowledge.which"), tag=phrase("command.topics.tag")
    )
    @named_options("which", "tag")
    @app_commands.choices(
        which=[
            app_commands.Choice(name=phrase(f"command.knowledge.{each}"), value=each.value)
            for each in Which
            if each is not Which.ALL
        ]
    )
    async def see_all(
        self,
        interaction: discord.Interaction[CoalitionBot],
        which: str = Which.ALL.value,
        tag: app_commands.Range[str, 1, 40] = "",
    ) -> None:
        """Show the server's documents, all or some."""
        await self._library.show_all(interaction, Which(which), tag)

    @app_commands.command(
        name=phrase("command.knowledge.show_name"), description=phrase("command.knowledge.show")
    )
    @app_commands.describe(document=phrase("command.knowledge.document"))
    @named_options("document")
    async def show(self, interaction: discord.Interaction[CoalitionBot], document: str) -> None:
        """Show a document with its files."""
        slug = await self._library.meant(interaction, document)
        if slug is not None:
            await self._library.show(interaction, slug)

    @app_commands.command(
        name=phrase("command.knowledge.export_name"), description=phrase("command.knowledge.export")
    )
    async def export(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Give all documents in a zip."""
        await self._library.export(interaction)

    @app_commands.command(
        name=phrase("command.knowledge.import_name"), description=phrase("command.knowledge.import")
    )
    @app_commands.describe(file=phrase("command.knowledge.zip"))
    @named_options("file")
    async def bring_along(
        self, interaction: discord.Interaction[CoalitionBot], file: discord.Attachment
    ) -> None:
        """Add and change the documents of a zip, or add what a table has."""
        if file.filename.lower().endswith(".csv"):
            await self._tables.take(interaction, file)
            return
        await self._importer.take(interaction, file)

    @app_commands.command(
        name=phrase("command.knowledge.reload_name"), description=phrase("command.knowledge.reload")
    )
    async def reload(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Read all documents anew, and check what was computed from them."""
        await self._library.reload(interaction)

    @app_commands.command(
        name=phrase("command.knowledge.history_name"),
        description=phrase("command.knowledge.history"),
    )
    @app_commands.describe(document=phrase("command.knowledge.document"))
    @named_options("document")
    async def history(self, interaction: discord.Interaction[CoalitionBot], document: str) -> None:
        """Show the versions of a document."""
        slug = await self._library.meant(interaction, document, removed=True)
        if slug is not None:
            await self._library.show_history(interaction, slug)

    @app_commands.command(
        name=phrase("command.knowledge.restore_name"),
        description=phrase("command.knowledge.restore"),
    )
    @app_commands.describe(
        document=phrase("command.knowledge.any_document"),
        version=phrase("command.knowledge.version"),
    )
    @named_options("document", "version")
    async def restore(
        self,
        interaction: discord.Interaction[CoalitionBot],
        document: str,
        version: app_commands.Range[int, 1, 1_000_000] | None = None,
    ) -> None:
        """Bring a removed document back, or an earlier version of one."""
        slug = await self._library.meant(interaction, document, removed=True)
        if slug is None:
            return
        if version is None:
            await self._library.bring_back(interaction, slug)
        else:
            await self._library.restore(interaction, slug, version)

    @edit.autocomplete("document")
    @translate.autocomplete("document")
    @questions.autocomplete("document")
    @remove.autocomplete("document")
    @show.autocomplete("document")
    @review.autocomplete("document")
    @audience.autocomplete("document")
    @history.autocomplete("document")
    async def suggest(
        self, interaction: discord.Interaction[CoalitionBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the server's documents while a moderator types."""
        if not await is_moderator(interaction):
            return []
        return _choices(await self._library.named(interaction), typed)

    @restore.autocomplete("document")
    async def suggest_any(
        self, interaction: discord.Interaction[CoalitionBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer removed documents, then the others."""
        if not await is_moderator(interaction):
            return []
        removed = await self._library.named(interaction, removed=True)
        return _choices(removed | await self._library.named(interaction), typed)


def _choices(named: dict[str, str], typed: str) -> list[app_commands.Choice[str]]:
    sought = folded(typed)
    # One after the other: most titles need not be folded where many match.
    found = (
        choice(title, slug)
        for slug, title in named.items()
        if sought in slug or sought in folded(title)
    )
    return list(islice(found, MOST_CHOICES))
