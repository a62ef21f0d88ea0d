"""The panel that shows who changed what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.buttons import KeptButton
from bot.cards import COLOURS, Card, notice_card
from bot.locale import Phrasebook
from bot.markup import in_short
from bot.moderators import ModeratorButton, guild_of
from bot.paging import Page
from bot.storage import Action, AuditEntry
from index import Outcome

if TYPE_CHECKING:
    from bot.client import CoalitionBot

ENTRIES = 8
_LONGEST_SUBJECT = 150
_LONGEST_VALUE = 80


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

    def button(label: str, to: int) -> ui.Item[Any]:
        return TurnAudit(label, f"audit:{to}")

    return Card(
        COLOURS[Outcome.ANSWER],
        ui.TextDisplay(f"### {phrases('audit.title')}{page.note(phrases)}"),
        ui.TextDisplay("\n".join(_described(each, phrases) for each in entries)),
        *page.turning(phrases, button),
    )


def _described(entry: AuditEntry, phrases: Phrasebook) -> str:
    # Discord shows a moment in the time zone of whoever reads it.
    moment = f"<t:{int(entry.at.timestamp())}:f>"
    who = phrases("audit.forgotten") if entry.by is None else f"<@{entry.by}>"
    subject = entry.subject
    if entry.action is Action.SETTING_CHANGED and f"settings.{subject}.name" in phrases.phrases:
        subject = phrases(f"settings.{subject}.name")
    what = phrases(f"audit.{entry.action}", subject=in_short(subject, _LONGEST_SUBJECT))
    change = phrases("audit.change", old=_value(entry.old, phrases), new=_value(entry.new, phrases))
    return f"- {what}\n-# {moment} · {who} · {change}"


def _value(value: Any, phrases: Phrasebook) -> str:  # noqa: ANN401 - as JSON has it
    if value is None or value == []:
        return phrases("audit.nothing")
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return in_short(written, _LONGEST_VALUE)
