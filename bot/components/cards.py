"""What every card has in common: its container, its quote, its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import discord
from discord import ui

from bot.answering.wording import source_line, translation_note
from bot.components.excerpts import Excerpt, beginning, excerpt
from bot.components.markup import escaped, on_one_line, quoted
from bot.locales import Phrasebook
from index import Outcome, Quote
from knowledge import Span

ROOM = 3600
"""Characters of text in a card: Discord takes 4,000 in all of a message's components."""
LONGEST_ECHO = 300
_LEFT_OUT = r"\[…\]"
_SIGNS = 60
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
    """Where a quote comes from, and that it is translated where it is, in small print."""
    about = f"-# {escaped(on_one_line(source_line(quote, phrases)))}"
    note = translation_note(quote, phrases)
    return about if note is None else f"{about}\n-# {note}"


def quote_markdown(quote: Quote, room: int) -> str:
    """The quote as a block quotation of at most `room` characters, its telling sentence bold."""
    shown = _shown(quote, room)
    start, end = shown.span
    mark = shown.mark or Span(end, end)
    before, marked, after = (
        quote.text[start : mark.start],
        mark.of(quote.text),
        quote.text[mark.end : end],
    )
    bold = "\n".join(
        f"**{line}**" if line.strip() else line for line in escaped(marked).split("\n")
    )
    opening = _LEFT_OUT + " " if start > 0 else ""
    closing = " " + _LEFT_OUT if end < len(quote.text) else ""
    return quoted(f"{opening}{escaped(before)}{bold if marked else ''}{escaped(after)}{closing}")


def is_cut(quote: Quote, room: int) -> bool:
    """Whether `quote_markdown` leaves some of the quote out."""
    return _shown(quote, room).span.length < len(quote.text)


def _shown(quote: Quote, room: int) -> Excerpt:
    return excerpt(quote, room, cost=lambda text: len(quoted(escaped(text))) + _SIGNS)


def pages_of(text: str, room: int) -> list[Span]:
    """A text in parts that each take at most `room` characters when quoted.

    They are cut at white space where there is any.
    """
    pages: list[Span] = []
    rest = Span(0, len(text))
    while rest.length:
        page = beginning(text, rest, room, lambda part: len(quoted(escaped(part))))
        pages.append(page)
        rest = Span(page.end, len(text))
    return pages
