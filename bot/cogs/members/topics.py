"""Going through what the bot knows: all topics, and a document from passage to passage."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any, Self

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.answering.answers import Found
from bot.answering.suggestions import folded
from bot.client.client import CoalitionBot
from bot.client.translator import named_options, phrase
from bot.components.answer_buttons import WholePassage
from bot.components.buttons import KeptButton
from bot.components.cards import (
    COLOURS,
    ROOM,
    Card,
    is_cut,
    quote_markdown,
    source_markdown,
    turning_buttons,
)
from bot.components.channels import with_channels
from bot.components.choices import LONGEST_CHOICE, MOST_CHOICES, choice, meant
from bot.components.markup import in_short, on_one_line
from bot.components.menus import LONGEST_OPTION, MOST_OPTIONS, Menu
from bot.components.paging import Page
from bot.components.sending import reply_privately, send_in_place
from bot.locales import Phrasebook
from index import Located, Outcome, Quote
from knowledge import Document, Language, Passage

ENTRIES = 7
"""Passages on a page of topics: each takes 3 of the 40 components that Discord allows."""
_LONGEST_LINE = 200


class TopicsPage(KeptButton, template=r"topics:(?P<at>\d{1,6}):(?P<language>fr|en)"):
    """Goes to another page of the topics."""

    @classmethod
    def turning(cls, label: str, at: int, language: Language) -> Self:
        """The button that goes to the page `at`, counted from 0."""
        return cls(label, f"topics:{at}:{language}")


class ReadPassage(
    KeptButton,
    template=r"read:(?P<how>open|turn):(?P<passage>[0-9a-f]{16}):(?P<language>fr|en)",
):
    """Opens a document at a passage; `open` in a new message, `turn` in its place."""

    @classmethod
    def opening(cls, passage: str, number: int, phrases: Phrasebook) -> Self:
        """The button beside the topic with a number."""
        label = phrases("topics.open", number=number)
        return cls(label, f"read:open:{passage}:{phrases.language}")

    @classmethod
    def turning(cls, label: str, passage: str, language: Language) -> Self:
        """The button that goes to another passage, or to the other language."""
        return cls(label, f"read:turn:{passage}:{language}")


class Topics(commands.Cog):
    """Going through what the bot knows."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot
        bot.presses.on(TopicsPage, self.turn_page)
        bot.presses.on(ReadPassage, self.open_passage)

    @app_commands.command(
        name=phrase("command.topics.name"), description=phrase("command.topics.description")
    )
    async def topics(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Show what can be asked about, from the first page."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        index = await self.bot.answerer.index(interaction.guild_id)
        card = topics_card(index.documents, 0, phrases)
        await interaction.response.send_message(view=card, ephemeral=True)

    async def turn_page(self, button: TopicsPage, interaction: discord.Interaction[Any]) -> None:
        """Show another page of the topics in place."""
        documents = (await self.bot.answerer.index(interaction.guild_id)).documents
        book = self.bot.localiser.books[button.language]
        phrases = await self.bot.localiser.calling(book, interaction.guild_id)
        card = topics_card(documents, button.at, phrases)
        await interaction.response.edit_message(view=card)

    async def open_passage(
        self, button: ReadPassage, interaction: discord.Interaction[Any]
    ) -> None:
        """Show a passage of a document."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        index = await self.bot.answerer.index(interaction.guild_id)
        found = index.passage(button.fields["passage"])
        card = (
            None
            if found is None
            else with_channels(reading_card(found, button.language, phrases), interaction.guild)
        )
        await send_in_place(interaction, card, phrases, in_place=button.in_place)

    @app_commands.command(
        name=phrase("command.read.name"), description=phrase("command.read.description")
    )
    @app_commands.describe(document=phrase("command.read.document"))
    @named_options("document")
    async def read(self, interaction: discord.Interaction[CoalitionBot], document: str) -> None:
        """Open a document at its first passage."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        chosen = await self._meant(interaction, document)
        if chosen is None:
            await reply_privately(interaction, phrases("problem.no_document"))
            return
        first = Located(chosen, chosen.passages[0])
        card = with_channels(reading_card(first, phrases.language, phrases), interaction.guild)
        await interaction.response.send_message(view=card, ephemeral=True)

    @read.autocomplete("document")
    async def suggest(
        self, interaction: discord.Interaction[CoalitionBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer documents while a member types."""
        language = (await self.bot.localiser.phrases_for(interaction)).language
        return [
            choice(_title(each, language), each.slug[:LONGEST_CHOICE])
            for each in await self._matching(interaction, typed, MOST_CHOICES)
        ]

    async def _meant(
        self, interaction: discord.Interaction[CoalitionBot], typed: str
    ) -> Document | None:
        """The document of a name, else the first whose title contains it; None where none does."""
        documents = (await self.bot.answerer.index(interaction.guild_id)).documents
        named = {each.slug[:LONGEST_CHOICE]: each for each in documents}
        titles = {
            slug: [edition.about.title for edition in each.editions.values()]
            for slug, each in named.items()
        }
        for slug in meant(typed, titles):
            return named[slug]
        return next(iter(await self._matching(interaction, typed, 1)), None)

    async def _matching(
        self, interaction: discord.Interaction[CoalitionBot], typed: str, most: int
    ) -> list[Document]:
        """Documents that are named so, else those whose title contains it in any language."""
        documents = (await self.bot.answerer.index(interaction.guild_id)).documents
        named = [each for each in documents if each.slug[:LONGEST_CHOICE] == typed]
        sought = folded(typed)
        # One after the other: most titles need not be folded where many match.
        titled = (
            each
            for each in documents
            if any(sought in folded(edition.about.title) for edition in each.editions.values())
        )
        return list(islice(named or titled, most))


def _title(document: Document, language: Language) -> str:
    return document.editions.get(language, document.original).about.title


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
    for number, each in zip(page.numbers, every[page.entries], strict=True):
        quote = each.quote(phrases.language)
        if each.document is not document:
            document = each.document
            items += [ui.Separator(), ui.TextDisplay(f"**{_line(quote.title)}**")]
        items.append(
            ui.Section(
                ui.TextDisplay(f"**{number}.** {_entry(each.passage, quote, phrases)}"),
                accessory=ReadPassage.opening(quote.passage_id, number, phrases),
            )
        )

    def button(label: str, to: int) -> ui.Item[Any]:
        return TopicsPage.turning(label, to, phrases.language)

    return Card(COLOURS[Outcome.ANSWER], *items, *page.turning(phrases, button))


def reading_card(located: Located, language: Language, phrases: Phrasebook) -> Card:
    """The card that shows a passage of a document that is read from one to the next."""
    found = Found.of(located, language)
    quote = found.quote
    about = source_markdown(quote, phrases)
    room = ROOM - len(about)

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
        ui.TextDisplay(quote_markdown(quote, room)),
        ui.TextDisplay(about),
        *([ui.ActionRow(*row)] if row else []),
        *_leaping(located, quote, phrases),
    )


def _leaping(located: Located, quote: Quote, phrases: Phrasebook) -> list[ui.Item[Any]]:
    """The menu that leads to another passage of the same document, of those around it."""
    passages = located.document.passages
    last = min(max(quote.number + MOST_OPTIONS // 2 + 1, MOST_OPTIONS + 1), len(passages))
    around = passages[max(0, last - MOST_OPTIONS - 1) : last]
    leaps = [
        ReadPassage.turning(
            f"{each.number}. {on_one_line(_beginning(located.document, each, quote.language))}",
            each.id,
            quote.language,
        )
        for each in around
        if each.number != quote.number
    ]
    return [ui.ActionRow(Menu.of("read", phrases("topics.leap"), leaps))] if leaps else []


def _beginning(document: Document, passage: Passage, language: Language) -> str:
    """The first words of a passage, in a language that it has."""
    written = language if language in passage.texts else document.original.about.language
    return passage.texts[written].span.of(document.editions[written].text)[:LONGEST_OPTION]


def _entry(passage: Passage, quote: Quote, phrases: Phrasebook) -> str:
    """A curated question of a passage, or its first words; then where it stands."""
    questions = passage.questions.get(phrases.language, ())
    what = questions[0] if questions else quote.text
    where = phrases("source.position", number=quote.number, of=quote.of)
    section = f"{_line(quote.section)} · " if quote.section else ""
    return f"{_line(what)}\n-# {section}{where}"


def _line(text: str) -> str:
    return in_short(text, _LONGEST_LINE)
