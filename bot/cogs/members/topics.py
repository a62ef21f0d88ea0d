"""Going through what the bot knows: all topics, and a document from passage to passage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.answering.answers import Found
from bot.components.answer_buttons import KeptButton, WholePassage
from bot.components.cards import (
    COLOURS,
    ROOM,
    Card,
    is_cut,
    quote_markdown,
    source_markdown,
    turning_buttons,
)
from bot.components.markup import in_short
from bot.components.paging import Page
from bot.locales import Phrasebook
from index import Located, Outcome, Quote
from knowledge import Document, Language, Passage

if TYPE_CHECKING:
    from bot.client.client import CoalitionBot

ENTRIES = 7
"""Passages on a page of topics: each takes 3 of the 40 components that Discord allows."""
_LONGEST_LINE = 200


class TopicsPage(KeptButton, template=r"topics:(?P<at>\d{1,6}):(?P<language>fr|en)"):
    """Goes to another page of the topics."""

    @classmethod
    def turning(cls, label: str, at: int, language: Language) -> Self:
        """The button that goes to the page `at`, counted from 0."""
        return cls(label, f"topics:{at}:{language}")

    async def press(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Show the page in place."""
        documents = (await bot.known(interaction.guild_id)).answerer.index.documents
        phrases = bot.books[self.language]
        card = topics_card(documents, self.at, phrases)
        await interaction.response.edit_message(view=card)


class ReadPassage(
    KeptButton,
    template=r"read:(?P<how>open|turn):(?P<passage>[0-9a-f]{16}):(?P<language>fr|en)",
):
    """Opens a document at a passage; `open` in a new message, `turn` in its place."""

    @classmethod
    def opening(cls, passage: str, phrases: Phrasebook) -> Self:
        """The button beside a topic."""
        return cls(phrases("topics.open"), f"read:open:{passage}:{phrases.language}")

    @classmethod
    def turning(cls, label: str, passage: str, language: Language) -> Self:
        """The button that goes to another passage, or to the other language."""
        return cls(label, f"read:turn:{passage}:{language}")

    async def press(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Show the passage."""
        phrases = await bot.phrases_for(interaction)
        known = await bot.known(interaction.guild_id)
        found = known.answerer.index.passage(self.fields["passage"])
        card = None if found is None else reading_card(found, self.language, phrases)
        in_place = self.fields["how"] == "turn"
        await bot.responses.send(interaction, card, phrases, in_place=in_place)


READING_BUTTONS: tuple[type[KeptButton], ...] = (TopicsPage, ReadPassage)


def topics_card(documents: Sequence[Document], at: int, phrases: Phrasebook) -> Card:
    """Page `at`, counted from 0, of all that can be asked about; the last if past it."""
    every = [Located(document, passage) for document in documents for passage in document.passages]
    if not every:
        return Card(COLOURS[Outcome.NONE], ui.TextDisplay(phrases("topics.none")))
    page = Page.within(len(every), ENTRIES, at)
    items: list[ui.Item[Any]] = [
        ui.TextDisplay(f"**{phrases('topics.title')}**{page.note(phrases)}")
    ]
    document = None
    for each in every[page.entries]:
        quote = each.quote(phrases.language)
        if each.document is not document:
            document = each.document
            items += [ui.Separator(), ui.TextDisplay(f"**{_line(quote.title)}**")]
        items.append(
            ui.Section(
                ui.TextDisplay(_entry(each.passage, quote, phrases)),
                accessory=ReadPassage.opening(quote.passage_id, phrases),
            )
        )

    def button(label: str, to: int) -> ui.Item[Any]:
        return TopicsPage.turning(label, to, phrases.language)

    return Card(COLOURS[Outcome.ANSWER], *items, *page.turning(phrases, button))


def reading_card(located: Located, language: Language, phrases: Phrasebook) -> Card:
    """The card that shows a passage of a document that is read from one to the next."""
    found = Found.of(located, language)
    quote = found.quote
    head = f"-# {_line(quote.section)}" if quote.section else ""
    about = source_markdown(quote, phrases)
    room = ROOM - len(head) - len(about)

    def button(label: str, to: int) -> ui.Item[Any]:
        return ReadPassage.turning(label, located.document.passages[to].id, quote.language)

    row = turning_buttons(quote.number - 1, quote.of, phrases, button)
    if found.other is not None:
        written_in = phrases(f"written_in.{found.other.language}")
        label = phrases("card.other_language", language=written_in)
        row.append(ReadPassage.turning(label, quote.passage_id, found.other.language))
    if is_cut(quote, room):
        row.append(WholePassage.of(found, phrases))
    if found.link is not None:
        row.append(ui.Button(label=phrases("card.read"), url=found.link))
    return Card(
        COLOURS[Outcome.ANSWER],
        *([ui.TextDisplay(head)] if head else []),
        ui.TextDisplay(quote_markdown(quote, room)),
        ui.TextDisplay(about),
        *([ui.ActionRow(*row)] if row else []),
    )


def _entry(passage: Passage, quote: Quote, phrases: Phrasebook) -> str:
    """A curated question of a passage, or its first words; then where it stands."""
    questions = passage.questions.get(phrases.language, ())
    what = questions[0] if questions else quote.text
    where = phrases("source.position", number=quote.number, of=quote.of)
    section = f"{_line(quote.section)} · " if quote.section else ""
    return f"{_line(what)}\n-# {section}{where}"


def _line(text: str) -> str:
    return in_short(text, _LONGEST_LINE)
