"""Going through what the bot knows: all topics, and a document from passage to passage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, Self

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.answering.answers import Found
from bot.answering.catalogue import Catalogue, Order, Place
from bot.answering.suggestions import folded
from bot.client.client import CoalitionBot
from bot.client.translator import named_options, phrase
from bot.cogs.members.documents import (
    ListDocuments,
    OpenDocument,
    documents_card,
    found_card,
    named_tag,
)
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
from bot.components.markup import in_short, on_one_line, shortened
from bot.components.menus import LONGEST_OPTION, MOST_OPTIONS, Menu
from bot.components.paging import Page
from bot.components.sending import reply_privately, send_in_place
from bot.locales import Phrasebook
from index import Located, Outcome, Quote
from knowledge import Document, Language, Passage

ENTRIES = 7
"""Passages on a page of topics: each takes 3 of the 40 components that Discord allows."""
FOUND = 40
"""Places that are looked through for documents, where no title has what is sought."""
_LONGEST_LINE = 200
_LONGEST_HEADING = 55


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
        bot.presses.on(ListDocuments, self.list_documents)
        bot.presses.on(OpenDocument, self.open_document)

    @app_commands.command(
        name=phrase("command.topics.name"), description=phrase("command.topics.description")
    )
    @app_commands.describe(search=phrase("command.topics.search"), tag=phrase("command.topics.tag"))
    @named_options("search", "tag")
    async def topics(
        self,
        interaction: discord.Interaction[CoalitionBot],
        search: app_commands.Range[str, 1, 100] | None = None,
        tag: app_commands.Range[str, 1, 40] | None = None,
    ) -> None:
        """Show the documents, those that are sought, or the headings of the only one."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        found = await self.bot.catalogues.of(self.bot.home(interaction.guild_id))
        if tag is not None:
            named = named_tag(found.catalogue, tag)
            card = documents_card(found, Order.ASKED, 0, named, phrases)
        elif search is None and len(found.catalogue.entries) > 1:
            card = documents_card(found, Order.ASKED, 0, "", phrases)
        else:
            card = self._sought(found.catalogue, search or "", phrases)
        await interaction.response.send_message(view=card, ephemeral=True)

    @staticmethod
    def _sought(catalogue: Catalogue, typed: str, phrases: Phrasebook) -> Card:
        """The headings of the document that is sought, or a choice where there are several."""
        chosen = catalogue.holding(typed) or catalogue.of(typed)
        found = [chosen] if chosen is not None else catalogue.documents(typed)
        if not found and typed:
            found = list(dict.fromkeys(each.entry for each in catalogue.found(typed, FOUND)))
        if typed and len(found) != 1:
            return found_card(found, typed, phrases)
        return topics_card([each.document for each in found], 0, phrases)

    @topics.autocomplete("search")
    async def suggest_documents(
        self, interaction: discord.Interaction[CoalitionBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer documents while a member types."""
        language = (await self.bot.localiser.phrases_for(interaction)).language
        found = await self.bot.catalogues.of(self.bot.home(interaction.guild_id))
        catalogue = found.catalogue
        if not typed.strip():
            entries = [each for each, _ in catalogue.listed(Order.ASKED, found.quoted)]
        else:
            places = catalogue.found(typed, MOST_CHOICES)
            entries = list(dict.fromkeys(each.entry for each in places))
        return [choice(each.title(language), each.first) for each in entries[:MOST_CHOICES]]

    @topics.autocomplete("tag")
    async def suggest_tags(
        self, interaction: discord.Interaction[CoalitionBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer tags while a member types."""
        found = await self.bot.catalogues.of(self.bot.home(interaction.guild_id))
        sought = folded(typed)
        tags = (tag for tag, _ in found.catalogue.tags if sought in folded(tag))
        return [choice(each, each) for each in islice(tags, MOST_CHOICES)]

    async def list_documents(
        self, button: ListDocuments, interaction: discord.Interaction[Any]
    ) -> None:
        """Show another page of the documents, or another order, in place."""
        phrases = self.bot.localiser.books[button.language]
        found = await self.bot.catalogues.of(self.bot.home(interaction.guild_id))
        order, tag = Order(button.fields["order"]), button.fields["tag"]
        card = documents_card(found, order, button.at, tag, phrases)
        await interaction.response.edit_message(view=card)

    async def open_document(
        self, button: OpenDocument, interaction: discord.Interaction[Any]
    ) -> None:
        """Show the headings of a document."""
        phrases = self.bot.localiser.books[button.language]
        index = await self.bot.answerer.index(interaction.guild_id)
        found = index.passage(button.fields["passage"])
        card = None if found is None else headings_card(found.document, button.at, phrases)
        await send_in_place(interaction, card, phrases, in_place=button.in_place)

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
        first = chosen
        card = with_channels(reading_card(first, phrases.language, phrases), interaction.guild)
        await interaction.response.send_message(view=card, ephemeral=True)

    @read.autocomplete("document")
    async def suggest(
        self, interaction: discord.Interaction[CoalitionBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer documents while a member types."""
        language = (await self.bot.localiser.phrases_for(interaction)).language
        found = await self.bot.catalogues.of(self.bot.home(interaction.guild_id))
        if not typed.strip():
            listed = found.catalogue.listed(Order.ASKED, found.quoted)[:MOST_CHOICES]
            places = [Place(each) for each, _ in listed]
        else:
            places = found.catalogue.found(typed, MOST_CHOICES)
        return [_offered(each, language) for each in places]

    async def _meant(
        self, interaction: discord.Interaction[CoalitionBot], typed: str
    ) -> Located | None:
        """The place that somebody chose, or the first that is found for what was typed."""
        index = await self.bot.answerer.index(interaction.guild_id)
        if (passage := index.passage(typed)) is not None:
            return passage
        documents = index.documents
        named = {each.slug[:LONGEST_CHOICE]: each for each in documents}
        titles = {
            slug: [edition.about.title for edition in each.editions.values()]
            for slug, each in named.items()
        }
        for slug in meant(typed, titles):
            return Located(named[slug], named[slug].passages[0])
        found = await self.bot.catalogues.of(self.bot.home(interaction.guild_id))
        for each in found.catalogue.found(typed, 1):
            document = each.entry.document
            return Located(document, each.passage or document.passages[0])
        return None


def topics_card(
    documents: Sequence[Document],
    at: int,
    phrases: Phrasebook,
    turn: Callable[[str, int], ui.Item[Any]] | None = None,
) -> Card:
    """Page `at`, counted from 0, of what can be asked about in documents; the last if past it.

    Args:
        documents: The documents.
        at: The page.
        phrases: For the rest.
        turn: Makes the button with a label that goes to a page; None goes through all there is.
    """
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

    return Card(COLOURS[Outcome.ANSWER], *items, *page.turning(phrases, turn or button))


def headings_card(document: Document, at: int, phrases: Phrasebook) -> Card:
    """Page `at`, counted from 0, of the headings of one document among several."""

    def turn(label: str, to: int) -> ui.Item[Any]:
        return OpenDocument.turning(label, document.passages[0].id, to, phrases.language)

    return topics_card([document], at, phrases, turn)


def _offered(place: Place, language: Language) -> app_commands.Choice[str]:
    """A place as it is offered: a document by its title, a passage by its heading as well."""
    title = place.entry.title(language)
    if place.passage is None:
        return choice(title, place.entry.document.slug[:LONGEST_CHOICE])
    heading = place.heading or _first_words(place)
    return choice(
        f"{shortened(on_one_line(heading), _LONGEST_HEADING)} · {title}", place.passage.id
    )


def _first_words(place: Place) -> str:
    assert place.passage is not None  # noqa: S101 - a whole document is named by its title
    return Located(place.entry.document, place.passage).quote(Language.FRENCH).text


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
