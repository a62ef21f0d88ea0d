"""The digest of a week, for the moderators' channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.cogs.moderators.statistics.card import in_words
from bot.components.cards import COLOURS, Card
from bot.components.markup import in_short
from bot.guilds.gaps import GapGroup
from bot.guilds.reviewing import Due
from bot.locales import Phrasebook
from bot.storage import Pin, Statistics
from index import Index, Outcome

_SHOWN = 5
_LONGEST_QUESTION = 120


def digest_card(
    statistics: Statistics,
    groups: Sequence[GapGroup],
    pins: Sequence[Pin],
    index: Index,
    phrases: Phrasebook,
    *,
    due: Sequence[Due] = (),
) -> Card:
    """What was asked and is missing, which pins lost their passage, what is to be reviewed."""
    items: list[ui.Item[Any]] = [
        ui.TextDisplay(f"### {phrases('digest.title')}"),
        *in_words(statistics, index, phrases),
    ]
    if groups:
        lines = [
            f"- {in_short(each.first.text, _LONGEST_QUESTION)} · {each.count} ×"
            + _sought(each, phrases)
            for each in groups[:_SHOWN]
        ]
        items.append(ui.TextDisplay("\n".join([phrases("digest.missing"), *lines])))
    gone = [each for each in pins if index.passage(each.passage) is None]
    if gone:
        lines = [f"- {in_short(each.question, _LONGEST_QUESTION)}" for each in gone[:_SHOWN]]
        items.append(ui.TextDisplay("\n".join([phrases("digest.gone"), *lines])))
    if due:
        lines = [
            phrases(
                "digest.due_entry",
                title=in_short(each.document.original.about.title, _LONGEST_QUESTION),
                date=phrases.date(each.day),
                count=each.quoted,
            )
            for each in due[:_SHOWN]
        ]
        items.append(ui.TextDisplay("\n".join([phrases("digest.due", count=len(due)), *lines])))
    return Card(COLOURS[Outcome.ANSWER], *items)


def _sought(group: GapGroup, phrases: Phrasebook) -> str:
    if not group.sought:
        return ""
    words = in_short(group.sought[0], _LONGEST_QUESTION)
    return f" · {phrases('gaps.sought', words=words)}"
