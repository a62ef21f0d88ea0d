"""What moderators see of each other's changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands, ui

from bot.client.client import CoalitionBot
from bot.client.translator import phrase
from bot.cogs.access import ModeratorCog, for_moderators, guild_of, in_servers
from bot.cogs.moderators.settings.words import setting_in_words
from bot.components.buttons import KeptButton
from bot.components.cards import COLOURS, Card, notice_card
from bot.components.markup import in_short
from bot.components.paging import Page
from bot.components.sending import sent
from bot.config import Config
from bot.locales import Phrasebook
from bot.storage import Action, AuditEntry, GuildSettings
from index import Index, Outcome
from knowledge import Document

ENTRIES = 8
_LONGEST_SUBJECT = 150
_LONGEST_WORDS = 60
_DOCUMENTS = {
    Action.DOCUMENT_ADDED,
    Action.DOCUMENT_EDITED,
    Action.DOCUMENT_REMOVED,
    Action.DOCUMENT_BROUGHT_BACK,
    Action.DOCUMENT_RESTORED,
}


class TurnAudit(KeptButton, template=r"audit:(?P<at>\d{1,6})"):
    """Goes to another page."""


class Audit(ModeratorCog):
    """Who changed what."""

    def __init__(self, bot: CoalitionBot) -> None:
        super().__init__(bot)
        bot.presses.on(TurnAudit, for_moderators(self.turn_page))

    @app_commands.command(
        name=phrase("command.audit.name"), description=phrase("command.audit.description")
    )
    @app_commands.default_permissions(manage_messages=True)
    @in_servers
    async def audit(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Show the newest changes."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        card = await audit_card(self.bot, guild_of(interaction), 0, phrases)
        await sent(interaction, card, private=True)

    async def turn_page(self, button: TurnAudit, interaction: discord.Interaction[Any]) -> None:
        """Show another page in place."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        card = await audit_card(self.bot, guild_of(interaction), button.at, phrases)
        await interaction.response.edit_message(view=card)


async def audit_card(bot: CoalitionBot, guild: int, at: int, phrases: Phrasebook) -> Card:
    """Page `at`, counted from 0, of the changes in a server; the last if past it."""
    audit = bot.storage.guild(guild).audit
    count = await audit.count()
    if not count:
        return notice_card(phrases("audit.none"))
    page = Page.within(count, ENTRIES, at)
    entries = await audit.latest(ENTRIES, before=page.entries.start)

    words = _Words(await bot.answerer.whole_index(guild), bot.config, phrases)

    def button(label: str, to: int) -> ui.Item[Any]:
        return TurnAudit(label, f"audit:{to}")

    return Card(
        COLOURS[Outcome.ANSWER],
        ui.TextDisplay(f"### {phrases('audit.title')}{page.note(phrases)}"),
        ui.TextDisplay("\n".join(map(words.described, entries))),
        *page.turning(phrases, button),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """Says what was changed as a moderator knows it.

    Attributes:
        index: Has the documents.
        config: Has what the operator chose.
        phrases: For the words.
    """

    index: Index
    config: Config
    phrases: Phrasebook

    def described(self, entry: AuditEntry) -> str:
        """A change: what, when, who, and what there was before."""
        # Discord shows a moment in the time zone of whoever reads it.
        moment = f"<t:{int(entry.at.timestamp())}:f>"
        who = f"<@{entry.by}>"
        if entry.by is None:
            who = self.phrases("audit.forgotten")
            if entry.pseudonym is not None:
                who = self.phrases("audit.pseudonym", pseudonym=entry.pseudonym)
        subject = in_short(self._subject(entry), _LONGEST_SUBJECT)
        facts = [moment, who, *self._change(entry)]
        return f"- {self.phrases(f'audit.{entry.action}', subject=subject)}\n-# {' · '.join(facts)}"

    def _subject(self, entry: AuditEntry) -> str:
        if entry.action is Action.SETTING_CHANGED and entry.subject in GuildSettings.model_fields:
            return self.phrases(f"settings.{entry.subject}.name")
        if entry.action in _DOCUMENTS:
            # A shared document never has the name of one of the server's own.
            named = (each for each in self.index.documents if each.slug == entry.subject)
            document = next(named, None)
            return entry.subject if document is None else self._title(document)
        return entry.subject

    def _title(self, document: Document) -> str:
        return document.editions.get(self.phrases.language, document.original).about.title

    def _change(self, entry: AuditEntry) -> Iterator[str]:
        """What there was and what there is, if there is something to say."""
        phrases, old, new = self.phrases, entry.old, entry.new
        match entry.action:
            case Action.SETTING_CHANGED if entry.subject in GuildSettings.model_fields:
                before, after = (
                    setting_in_words(entry.subject, each, self.config, phrases)
                    for each in (old, new)
                )
                yield phrases("audit.change", old=before, new=after)
            case Action.PINNED | Action.UNPINNED:
                yield phrases("audit.change", old=self._passage(old), new=self._passage(new))
            case Action.GAP_SETTLED:
                yield phrases(f"audit.settled_{new['progress']}")
                yield phrases("gaps.asked", count=new["questions"])
            case Action.DOCUMENT_RESTORED if isinstance(new, dict):
                yield phrases("audit.version_restored", old=new["as"], new=new["version"])
            case Action.DOCUMENT_REMOVED:
                yield phrases("audit.version_removed", old=old)
            case action if action in _DOCUMENTS and old is None:
                yield phrases("audit.version", new=new)
            case action if action in _DOCUMENTS:
                yield phrases("audit.version_after", old=old, new=new)

    def _passage(self, identifier: str | None) -> str:
        """The first words of a passage, and the document that it stands in."""
        if identifier is None:
            return self.phrases("audit.nothing")
        found = self.index.passage(identifier)
        if found is None:
            return self.phrases("pins.gone")
        words = found.quote(self.phrases.language).text
        return self.phrases(
            "audit.passage",
            words=in_short(words, _LONGEST_WORDS),
            title=in_short(self._title(found.document), _LONGEST_WORDS),
        )
