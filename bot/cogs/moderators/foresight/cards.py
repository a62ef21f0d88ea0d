"""What moderators see of what would be answered differently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.answering.foresight import Changed, Difference, Foresight, Given
from bot.components.buttons import KeptButton
from bot.components.cards import COLOURS, ROOM, Card, quote_markdown, source_markdown
from bot.components.markup import in_short
from bot.components.paging import Page, separated
from bot.locales import Phrasebook
from index import Outcome

ENTRIES = 7
"""Questions on a page: each takes 4 of the 40 components that Discord allows."""
_LONGEST_QUESTION = 120
_LONGEST_PLACE = 60
_KEY = r"(?P<key>[\w-]{8})"


class SaveChange(KeptButton, template=rf"foresight:save:{_KEY}"):
    """Saves a change whose effects were shown."""

    @classmethod
    def of(cls, key: str, phrases: Phrasebook, label: str = "foresight.save") -> Self:
        """The button of the change `key`, with the phrase `label`."""
        return cls(phrases(label), f"foresight:save:{key}")


class CancelChange(KeptButton, template=rf"foresight:cancel:{_KEY}"):
    """Drops a change, whether its effects are known yet or not."""

    @classmethod
    def of(cls, key: str, phrases: Phrasebook) -> Self:
        """The button of the change `key`."""
        return cls(phrases("foresight.cancel"), f"foresight:cancel:{key}")


class OpenChanged(KeptButton, template=rf"foresight:open:{_KEY}:(?P<at>\d{{1,5}})"):
    """Shows what a question is given, and what it would be."""

    @classmethod
    def of(cls, key: str, at: int, phrases: Phrasebook) -> Self:
        """The button of the question of that number, counted from 0."""
        return cls(phrases("foresight.open", number=at + 1), f"foresight:open:{key}:{at}")


class TurnChanged(KeptButton, template=rf"foresight:page:{_KEY}:(?P<at>\d{{1,4}})"):
    """Goes to another page."""


def working_card(key: str, said: str, phrases: Phrasebook) -> Card:
    """The card that says how far it is."""
    row: ui.ActionRow[Any] = ui.ActionRow(CancelChange.of(key, phrases))
    return Card(COLOURS[Outcome.NONE], ui.TextDisplay(said), row)


def foresight_card(
    save: SaveChange,
    foresight: Foresight,
    at: int,
    phrases: Phrasebook,
    *,
    note: str = "",
    file: str | None = None,
) -> Card:
    """Page `at`, counted from 0, of the questions that would be answered differently.

    Args:
        save: Saves the change.
        foresight: What it would do.
        at: The page.
        phrases: For the rest.
        note: What is to be said first.
        file: The name of the file that has what was written, if something was.
    """
    changed, key = foresight.changed, str(save.fields["key"])
    # A list goes on until a blank line.
    lines = [note, ""] if note else []
    lines.append(f"**{summary(foresight, phrases)}**")
    counts = Counter(each.how for each in changed)
    if changed:
        facts = [
            phrases(f"foresight.{how}", count=counts[how]) for how in Difference if counts[how]
        ]
        lines.append(f"-# {' · '.join(facts)}")
    items: list[ui.Item[Any]] = []
    turning: Sequence[ui.ActionRow[Any]] = ()
    if changed:
        page = Page.within(len(changed), ENTRIES, at)
        lines[-1] += page.note(phrases)
        sections: list[ui.Item[Any]] = [
            ui.Section(
                ui.TextDisplay(f"**{number}.** {_entry(each, phrases)}"),
                accessory=OpenChanged.of(key, number - 1, phrases),
            )
            for number, each in zip(page.numbers, changed[page.entries], strict=True)
        ]
        items = separated(sections)

        def turn(label: str, to: int) -> ui.Item[Any]:
            return TurnChanged(label, f"foresight:page:{key}:{to}")

        turning = page.turning(phrases, turn)
    if file is not None:
        lines.append(f"-# {phrases('foresight.file')}")
    row: ui.ActionRow[Any] = ui.ActionRow(save, CancelChange.of(key, phrases))
    files: list[ui.Item[Any]] = [] if file is None else [ui.File(f"attachment://{file}")]
    return Card(
        COLOURS[Outcome.CLOSEST],
        ui.TextDisplay("\n".join(lines)),
        *items,
        *turning,
        *files,
        row,
    )


def summary(foresight: Foresight, phrases: Phrasebook) -> str:
    """How many questions would be answered differently, of how many."""
    count, asked = len(foresight.changed), foresight.asked
    key = "some" if count else "nothing"
    said = phrases(f"foresight.{key}", count=count, asked=asked)
    if foresight.left:
        said += " " + phrases("foresight.left", count=foresight.left)
    return said


def _entry(changed: Changed, phrases: Phrasebook) -> str:
    question = in_short(changed.question, _LONGEST_QUESTION)
    before, after = (_place(each, phrases) for each in (changed.before, changed.after))
    key = "reworded" if changed.how is Difference.REWORDED else "other"
    return phrases(f"foresight.entry_{key}", question=question, before=before, after=after)


def _place(given: Given, phrases: Phrasebook) -> str:
    """The section of a passage, or the title of its document; or that nothing fits."""
    if given.found is None:
        return phrases("foresight.silence")
    quote = given.found.quote
    place = in_short(quote.section or quote.title, _LONGEST_PLACE)
    return place if given.outcome is Outcome.ANSWER else phrases("foresight.closest", place=place)


def opened_card(changed: Changed, phrases: Phrasebook) -> Card:
    """The card that shows what a question is given, and what it would be."""
    items: list[ui.Item[Any]] = [
        ui.TextDisplay(f"**{in_short(changed.question, _LONGEST_QUESTION)}**")
    ]
    for name, given in (("before", changed.before), ("after", changed.after)):
        head = f"**{phrases(f'foresight.{name}')}**"
        if given.found is None:
            items.append(ui.TextDisplay(f"{head}\n{phrases('foresight.silence_long')}"))
            continue
        quote = given.found.quote
        about = source_markdown(quote, phrases)
        room = ROOM // 2 - len(about) - len(head) - _LONGEST_QUESTION
        items += [
            ui.Separator(),
            ui.TextDisplay(f"{head} {phrases(f'outcome.{given.outcome}')}"),
            ui.TextDisplay(quote_markdown(quote, room)),
            ui.TextDisplay(about),
        ]
    return Card(_colour(changed), *items)


def _colour(changed: Changed) -> discord.Colour:
    return COLOURS[changed.after.outcome]
