"""The messages that the bot sends on Discord, composed of components."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.answers import Answer, Found
from bot.buttons import OtherLanguage
from bot.excerpts import excerpt
from bot.locale import Phrasebook
from bot.markup import escaped, on_one_line, quoted, shortened
from bot.words import none_reason, source_line, translation_note
from index import Outcome, Quote
from knowledge import Span

ROOM = 3600
"""Characters of text in a card: Discord takes 4,000 in all of a message's components."""
LONGEST_ECHO = 300
_LEFT_OUT = r"\[…\]"
_SIGNS = 60
_COLOURS = {
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


def answer_card(answer: Answer, phrases: Phrasebook) -> Card:
    """The card that answers a question; `phrases` are for what surrounds the quote."""
    if answer.result.small_talk is not None:
        return notice_card(none_reason(answer, phrases))
    question = escaped(shortened(on_one_line(answer.question), LONGEST_ECHO))
    head = f"**{question}**\n-# {phrases(f'outcome.{answer.outcome}')}"
    colour = _COLOURS[answer.outcome]
    if not answer.found:
        return Card(colour, ui.TextDisplay(f"{head}\n{none_reason(answer, phrases)}"))
    return Card(colour, ui.TextDisplay(head), *_passage(answer.found[0], phrases, len(head)))


def passage_card(found: Found, phrases: Phrasebook) -> Card:
    """The card that shows a passage by itself."""
    return Card(_COLOURS[Outcome.ANSWER], *_passage(found, phrases, 0))


def notice_card(text: str) -> Card:
    """The card that says one thing; `text` is Markdown."""
    return Card(_COLOURS[Outcome.NONE], ui.TextDisplay(text))


def _passage(found: Found, phrases: Phrasebook, spent: int) -> list[ui.Item[Any]]:
    quote = found.quote
    about = f"-# {escaped(on_one_line(source_line(quote, phrases)))}"
    if note := translation_note(quote, phrases):
        about += f"\n-# {note}"
    buttons: list[ui.Item[Any]] = []
    if found.link is not None:
        buttons.append(ui.Button(label=phrases("card.read"), url=found.link))
    if found.other is not None:
        buttons.append(OtherLanguage.of(quote.passage_id, found.other, phrases))
    items: list[ui.Item[Any]] = [
        ui.TextDisplay(quote_markdown(quote, ROOM - spent - len(about))),
        ui.TextDisplay(about),
    ]
    return [*items, ui.ActionRow(*buttons)] if buttons else items


def quote_markdown(quote: Quote, room: int) -> str:
    """The quote as a block quotation of at most `room` characters, its telling sentence bold."""
    shown = excerpt(quote, room, cost=lambda text: len(quoted(escaped(text))) + _SIGNS)
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
