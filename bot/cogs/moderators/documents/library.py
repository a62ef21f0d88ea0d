"""A server's own documents, as its moderators remove, restore and look at them."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import discord

from bot.client.client import CoalitionBot
from bot.cogs.access import for_moderators, guild_of
from bot.cogs.moderators.documents.cards import (
    BringBack,
    DocumentsPage,
    OpenDocument,
    RemoveDocument,
    document_card,
    documents_card,
    files_card,
    history_card,
    said_card,
)
from bot.cogs.moderators.documents.changing import Changing
from bot.cogs.moderators.documents.listing import ListedPage, Which, chosen
from bot.cogs.moderators.foresight.asking_first import AskingFirst, Change, DocumentPlan
from bot.components.cards import Card, notice_card
from bot.components.choices import meant
from bot.components.markup import escaped, shortened
from bot.components.sending import LARGEST_SENT, reply_privately, sent
from bot.storage import ConflictError, DocumentChanges, DocumentVersion
from knowledge import Document

_LONGEST_NAMES = 400


class DocumentLibrary:
    """Changes and shows documents, and says what was done when questions find it."""

    def __init__(self, bot: CoalitionBot, changing: Changing, first: AskingFirst) -> None:
        self.bot = bot
        self._first = first
        self._changing = changing
        bot.presses.on(RemoveDocument, for_moderators(self.remove))
        bot.presses.on(BringBack, for_moderators(self.bring_back_removed))
        bot.presses.on(OpenDocument, for_moderators(self.open))
        bot.presses.on(DocumentsPage, for_moderators(self.turn_page))
        bot.presses.on(ListedPage, for_moderators(self.turn_listed))

    async def reload(self, interaction: discord.Interaction[Any]) -> None:
        """Read everything anew, and say what there is once questions find it."""
        await self._changing.think(interaction)
        phrases = await self.bot.localiser.phrases_for(interaction)
        async with self._changing.telling(interaction) as progress:
            done = await self.bot.knowledge.reload(guild_of(interaction), progress)
        if not done.documents and not done.unreadable:
            await sent(interaction, notice_card(phrases("knowledge.none")), private=True)
            return
        lines = [
            phrases("knowledge.reloaded", documents=done.documents, passages=done.passages),
            phrases(
                "knowledge.rebuilt" if done.rebuilt else "knowledge.intact", count=done.rebuilt
            ),
        ]
        if done.unreadable:
            names = shortened(", ".join(done.unreadable), _LONGEST_NAMES)
            lines.append(phrases("knowledge.unreadable", names=names))
        await sent(interaction, said_card("\n".join(lines)), private=True)

    # ------------------------------------------------------------ changing

    async def ask_to_remove(self, interaction: discord.Interaction[Any], slug: str) -> None:
        """Say what a document answers, and ask once more before it is removed."""
        await self._changing.think(interaction)
        version = await self.newest(interaction, slug)
        if version is None:
            return
        phrases = await self.bot.localiser.phrases_for(interaction)
        said = phrases("knowledge.remove_asked", title=await self._title(interaction, slug))
        number = version.number

        async def ask(interaction: discord.Interaction[Any]) -> None:
            card = said_card(said, RemoveDocument.of(slug, number, phrases))
            await sent(interaction, card, private=True)

        async def remove(interaction: discord.Interaction[Any]) -> None:
            await self._remove(interaction, slug, number)

        change = Change(
            DocumentPlan(removed=[slug]), remove, note=said, label="knowledge.remove_now", ask=ask
        )
        await self._first.take(interaction, change)

    async def remove(self, button: RemoveDocument, interaction: discord.Interaction[Any]) -> None:
        """Remove a document, as long as it is still the version that was asked about."""
        await self._remove(interaction, button.fields["slug"], int(button.fields["version"]))

    async def _remove(
        self, interaction: discord.Interaction[Any], slug: str, expected: int
    ) -> None:
        await self._changing.think(interaction)
        phrases = await self.bot.localiser.phrases_for(interaction)
        title = await self._title(interaction, slug)
        by = interaction.user.id

        async def remove(documents: DocumentChanges) -> None:
            await documents.remove(slug, by=by, expected=expected)

        try:
            await self._changing.in_force(interaction, remove)
        except ConflictError as error:
            await self._say_changed(interaction, error)
            return
        said = phrases("knowledge.removed", title=title)
        await sent(interaction, said_card(said, BringBack.of(slug, phrases)), private=True)

    async def bring_back_removed(
        self, button: BringBack, interaction: discord.Interaction[Any]
    ) -> None:
        """Undo the removal that was just told."""
        await self.bring_back(interaction, button.fields["slug"])

    async def bring_back(self, interaction: discord.Interaction[Any], slug: str) -> None:
        """Undo a removal."""
        await self._changing.think(interaction)
        phrases = await self.bot.localiser.phrases_for(interaction)
        by = interaction.user.id

        async def bring_back(documents: DocumentChanges) -> bool:
            return await documents.bring_back(slug, by=by) is not None

        done = await self._changing.in_force(interaction, bring_back)
        key = "knowledge.brought_back" if done else "knowledge.nothing_to_bring_back"
        await sent(interaction, said_card(phrases(key, slug=slug)), private=True)

    async def restore(self, interaction: discord.Interaction[Any], slug: str, number: int) -> None:
        """Make an earlier version the newest again."""
        await self._changing.think(interaction)
        newest = await self.newest(interaction, slug)
        if newest is None:
            return
        phrases = await self.bot.localiser.phrases_for(interaction)
        by, expected = interaction.user.id, newest.number

        async def restore(documents: DocumentChanges) -> DocumentVersion | None:
            return await documents.restore(slug, number, by=by, expected=expected)

        try:
            version = await self._changing.in_force(interaction, restore)
        except ConflictError as error:
            await self._say_changed(interaction, error)
            return
        if version is None:
            card = notice_card(phrases("knowledge.no_version", slug=slug, number=number))
        else:
            said = phrases("knowledge.restored", slug=slug, number=number, version=version.number)
            card = said_card(said)
        await sent(interaction, card, private=True)

    async def _say_changed(
        self, interaction: discord.Interaction[Any], error: ConflictError
    ) -> None:
        phrases = await self.bot.localiser.phrases_for(interaction)
        key = "knowledge.changed_since" if error.found else "knowledge.removed_since"
        said = phrases(key, slug=error.slug, found=error.found)
        await sent(interaction, notice_card(said), private=True)

    # ------------------------------------------------------------- showing

    async def turn_page(self, button: DocumentsPage, interaction: discord.Interaction[Any]) -> None:
        """Show a page of the documents in place of another."""
        await interaction.response.edit_message(view=await self._page(interaction, button.at))

    async def show_all(
        self, interaction: discord.Interaction[Any], which: Which = Which.ALL, tag: str = ""
    ) -> None:
        """Show documents from the first page."""
        await sent(interaction, await self._listed(interaction, 0, which, tag), private=True)

    async def turn_listed(self, button: ListedPage, interaction: discord.Interaction[Any]) -> None:
        """Show another page of the documents that were chosen."""
        which, tag = Which(button.fields["which"]), button.fields["tag"]
        card = await self._listed(interaction, button.at, which, tag)
        await interaction.response.edit_message(view=card)

    async def _listed(
        self, interaction: discord.Interaction[Any], at: int, which: Which, tag: str
    ) -> Card:
        if which is Which.ALL and not tag:
            return await self._page(interaction, at)
        phrases = await self.bot.localiser.phrases_for(interaction)
        states = await self._changing.documents(interaction).every()
        own = await self._own(interaction)
        quoted = (await self.bot.catalogues.of(guild_of(interaction))).quoted
        today = dt.datetime.now(dt.UTC).date()
        found = chosen(states, own, quoted, which=which, tag=tag, today=today)
        none = "knowledge.none_such" if states else "knowledge.none"

        def turn(label: str, to: int) -> discord.ui.Item[Any]:
            return ListedPage.turning(label, to, which, tag)

        return documents_card(found, own, at, phrases, turn=turn, none=none)

    async def _page(self, interaction: discord.Interaction[Any], at: int) -> Card:
        phrases = await self.bot.localiser.phrases_for(interaction)
        states = await self._changing.documents(interaction).every()
        return documents_card(states, await self._own(interaction), at, phrases)

    async def open(self, button: OpenDocument, interaction: discord.Interaction[Any]) -> None:
        """Show the document of a list with its files."""
        await self.show(interaction, button.fields["slug"])

    async def show(self, interaction: discord.Interaction[Any], slug: str) -> None:
        """Show a document with its files."""
        version = await self.newest(interaction, slug)
        if version is None:
            return
        phrases = await self.bot.localiser.phrases_for(interaction)
        document = (await self._own(interaction)).get(slug)
        files = [
            discord.File(io.BytesIO(text.encode()), filename=name)
            for name, text in sorted(version.files.items())
        ]
        card = document_card(version, document, [each.filename for each in files], phrases)
        await interaction.response.send_message(view=card, files=files, ephemeral=True)

    async def show_history(self, interaction: discord.Interaction[Any], slug: str) -> None:
        """Show the versions of a document."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        versions = await self._changing.documents(interaction).history(slug)
        if versions:
            await sent(interaction, history_card(slug, versions, phrases), private=True)
        else:
            await reply_privately(interaction, phrases("knowledge.unknown"))

    async def export(self, interaction: discord.Interaction[Any]) -> None:
        """Give all documents in a zip, one folder each, as the folder of articles has them."""
        await self._changing.think(interaction)
        phrases = await self.bot.localiser.phrases_for(interaction)
        documents = self._changing.documents(interaction)
        versions = await documents.newest_of(await documents.slugs())
        packed = await asyncio.to_thread(_packed, versions)
        if not versions:
            card = notice_card(phrases("knowledge.none"))
        elif len(packed) > LARGEST_SENT:
            card = notice_card(phrases("knowledge.too_large_to_send"))
        else:
            file = discord.File(io.BytesIO(packed), filename="knowledge.zip")
            card = files_card(phrases("knowledge.exported", count=len(versions)), [file.filename])
            await interaction.edit_original_response(view=card, attachments=[file])
            return
        await sent(interaction, card, private=True)

    async def newest(
        self, interaction: discord.Interaction[Any], slug: str
    ) -> DocumentVersion | None:
        """The newest version of a document; None where there is none, which is said."""
        version = await self._changing.documents(interaction).newest(slug)
        if version is None:
            phrases = await self.bot.localiser.phrases_for(interaction)
            await sent(interaction, notice_card(phrases("knowledge.unknown")), private=True)
        return version

    async def meant(
        self, interaction: discord.Interaction[Any], typed: str, *, removed: bool = False
    ) -> str | None:
        """The slug of the document that a moderator names, by slug or title; else as typed.

        Args:
            interaction: What the moderator does.
            typed: What was chosen from the list, or typed without it.
            removed: Whether removed documents count too.

        Returns:
            None where several go by that name, which the moderator is told.
        """
        named = {each: [title] for each, title in (await self.named(interaction)).items()}
        for slug, document in (await self._own(interaction)).items():
            if slug in named:
                named[slug] += [each.about.title for each in document.editions.values()]
        if removed:
            for slug in await self.named(interaction, removed=True):
                named.setdefault(slug, [])
        found = meant(typed, named)
        if len(found) <= 1:
            return found[0] if found else typed
        phrases = await self.bot.localiser.phrases_for(interaction)
        names = shortened(", ".join(f"`{each}`" for each in found), _LONGEST_NAMES)
        said = phrases("knowledge.ambiguous", names=names)
        await sent(interaction, notice_card(said), private=True)
        return None

    async def named(
        self, interaction: discord.Interaction[Any], *, removed: bool = False
    ) -> dict[str, str]:
        """The titles of the server's documents by their slugs.

        Args:
            interaction: What the moderator does.
            removed: Whether those count that can be brought back, in place of the others.
        """
        documents = self._changing.documents(interaction)
        if removed:
            slugs = tuple(each.slug for each in await documents.removed())
        else:
            slugs = await documents.slugs()
        own = await self._own(interaction)
        return {each: own[each].original.about.title if each in own else each for each in slugs}

    async def _title(self, interaction: discord.Interaction[Any], slug: str) -> str:
        document = (await self._own(interaction)).get(slug)
        return escaped(slug if document is None else document.original.about.title)

    async def _own(self, interaction: discord.Interaction[Any]) -> dict[str, Document]:
        """The server's documents as questions find them."""
        every = (await self.bot.answerer.whole_index(interaction.guild_id)).documents
        shared = self.bot.knowledge.index.documents
        return {each.slug: each for each in every[len(shared) :]}


def _packed(versions: Sequence[DocumentVersion]) -> bytes:
    """The files of documents in a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for version in versions:
            for name, text in sorted(version.files.items()):
                file.writestr(f"{version.slug}/{name}", text)
    return packed.getvalue()
