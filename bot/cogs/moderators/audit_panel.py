"""The panel that shows who changed what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.cogs.access import ModeratorButton, guild_of
from bot.cogs.moderators.settings.words import worded
from bot.components.answer_buttons import KeptButton
from bot.components.cards import COLOURS, Card, notice_card
from bot.components.markup import in_short
from bot.components.paging import Page
from bot.config import Config
from bot.locales import Phrasebook
from bot.storage import Action, AuditEntry, GuildSettings
from index import Index, Outcome
from knowledge import Document

if TYPE_CHECKING:
    from bot.client.client import CoalitionBot

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


class TurnAudit(ModeratorButton, template=r"audit:(?P<at>\d{1,6})"):
    """Goes to another page."""

    async def act(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Show it in place."""
        phrases = await bot.phrases_for(interaction)
        card = await audit_card(bot, guild_of(interaction), int(self.fields["at"]), phrases)
        await interaction.response.edit_message(view=card)


AUDIT_BUTTONS: tuple[type[KeptButton], ...] = (TurnAudit,)


async def audit_card(bot: CoalitionBot, guild: int, at: int, phrases: Phrasebook) -> Card:
    """Page `at`, counted from 0, of the changes in a server; the last if past it."""
    audit = bot.storage.guild(guild).audit
    count = await audit.count()
    if not count:
        return notice_card(phrases("audit.none"))
    page = Page.within(count, ENTRIES, at)
    entries = await audit.latest(ENTRIES, before=page.entries.start)

    words = _Words((await bot.known(guild)).answerer.index, bot.config, phrases)

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
        who = self.phrases("audit.forgotten") if entry.by is None else f"<@{entry.by}>"
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
                    worded(entry.subject, each, self.config, phrases) for each in (old, new)
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
