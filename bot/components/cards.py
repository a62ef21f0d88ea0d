"""What every card has in common: its container, its quote, its source."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import discord
from discord import ui

from bot.answering.typesetting import lead_lines, typeset
from bot.answering.wording import review_note, source_line, translation_note
from bot.components.excerpts import Excerpt, beginning, excerpt
from bot.components.markup import escaped, on_one_line, quoted
from bot.components.rendering import markdown_of
from bot.locales import Phrasebook
from index import Outcome, Quote
from knowledge import Span

ROOM = 3600
"""Characters of text in a card: Discord takes 4,000 in all of a message's components."""
LONGEST_ECHO = 300
_LEFT_OUT = r"\[…\]"
_SIGNS = 56
"""Characters for what says that something is left out."""
COLOURS = {
    Outcome.ANSWER: discord.Colour(0x2E7D5B),
    Outcome.CLOSEST: discord.Colour(0xC98A1B),
    Outcome.NONE: discord.Colour(0x80848E),
}


class Card(ui.LayoutView):
    """A message of the bot, one container that never expires."""

    def __init__(self, colour: discord.Colour, *items: ui.Item[Any]) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Container(*items, accent_colour=colour))
        # A private message's view would get a timer of its own; the buttons answer without.
        self.stop()


def notice_card(text: str) -> Card:
    """The card that says one thing; `text` is Markdown."""
    return Card(COLOURS[Outcome.NONE], ui.TextDisplay(text))


def turning_buttons(
    at: int, count: int, phrases: Phrasebook, button: Callable[[str, int], ui.Item[Any]]
) -> list[ui.Item[Any]]:
    """The buttons to the pages before and after page `at` of `count`, counted from 0.

    Args:
        at: The page that is shown.
        count: How many there are.
        phrases: For the labels.
        button: Makes the button with a label that goes to a page.
    """
    ways = (("card.previous", at - 1), ("card.next", at + 1))
    return [button(phrases(label), to) for label, to in ways if 0 <= to < count]


def source_markdown(quote: Quote, phrases: Phrasebook) -> str:
    """Where a quote comes from, in small print; that it is translated, or should be reviewed."""
    about = escaped(on_one_line(source_line(quote, phrases)))
    today = dt.datetime.now(dt.UTC).date()
    notes = translation_note(quote, phrases), review_note(quote, today, phrases)
    return "\n".join(f"-# {each}" for each in (about, *notes) if each is not None)


def quote_markdown(quote: Quote, room: int) -> str:
    """The quote as a block quotation of at most `room` characters, its telling sentence bold."""
    lead = _lead(quote, room // 3)
    room -= len(lead)
    shown = _shown(quote, room)
    markdown = _whole(quote, shown)
    if len(markdown) > room:
        # An address that leads far took the room of the words.
        quote = dataclasses.replace(quote, marks=(), units=())
        markdown = _whole(quote, _shown(quote, room))
    return lead + markdown


def _whole(quote: Quote, shown: Excerpt) -> str:
    start, end = shown.span
    said = markdown_of(typeset(quote, shown.span, shown.mark))
    # A list goes on only where its first sign is the first of a line.
    between = "\n" if said.lstrip().startswith("- ") else " "
    opening = _LEFT_OUT + between if start > 0 else ""
    closing = " " + _LEFT_OUT if end < len(quote.text) else ""
    return quoted(f"{opening}{said}{closing}")


def _lead(quote: Quote, room: int) -> str:
    """What introduces a later part of a list or a table, in at most `room` characters."""
    lines: list[str] = []
    for each in lead_lines(quote):
        line = quoted(f"*{escaped(each)}*") + "\n"
        if sum(map(len, lines)) + len(line) <= room:
            lines.append(line)
    return "".join(lines)


def is_cut(quote: Quote, room: int) -> bool:
    """Whether `quote_markdown` leaves some of the quote out."""
    room -= len(_lead(quote, room // 3))
    return _shown(quote, room).span.length < len(quote.text)


def _shown(quote: Quote, room: int) -> Excerpt:
    def cost(part: Span) -> int:
        return len(quoted(markdown_of(typeset(quote, part, quote.sentence)))) + _SIGNS

    return excerpt(quote, room, cost)


def page_markdown(quote: Quote, page: Span) -> str:
    """A part of a quote as a block quotation, no sentence of it marked."""
    return quoted(markdown_of(typeset(quote, page, None)))


def pages_of(quote: Quote, room: int) -> list[Span]:
    """A quote in parts that each take at most `room` characters as `page_markdown` gives them.

    They are cut at white space where there is any.
    """
    pages: list[Span] = []
    rest = Span(0, len(quote.text))
    while rest.length:
        page = beginning(quote.text, rest, room, lambda part: len(page_markdown(quote, part)))
        pages.append(page)
        rest = Span(page.end, len(quote.text))
    return pages
