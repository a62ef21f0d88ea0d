"""The documents that can be read, as a list that is searched, sorted and narrowed by a tag."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

from discord import ui

from bot.answering.catalogue import Catalogue, Entry, Order
from bot.answering.suggestions import folded
from bot.components.buttons import KeptButton
from bot.components.cards import COLOURS, Card
from bot.components.markup import in_short
from bot.components.paging import Page, separated
from bot.guilds.catalogue import Catalogued
from bot.locales import Phrasebook
from index import Outcome
from knowledge import Language

ENTRIES = 7
"""Documents on a page: each takes 4 of the 40 components that Discord allows."""
_LONGEST_TITLE = 150
_MOST_TAGS = 4
_TAG = r"(?P<tag>[^\n]{0,40})"


class ListDocuments(
    KeptButton,
    template=rf"documents:(?P<order>asked|newest):(?P<at>\d{{1,5}}):(?P<language>fr|en):{_TAG}",
):
    """Shows a page of the documents in an order."""

    @classmethod
    def of(cls, label: str, order: Order, at: int, language: Language, tag: str) -> Self:
        """The button that goes to the page `at`, counted from 0."""
        return cls(label, f"documents:{order}:{at}:{language}:{tag}")


class OpenDocument(
    KeptButton,
    template=r"document:(?P<how>open|turn):(?P<passage>[0-9a-f]{16}):(?P<at>\d{1,5})"
    r":(?P<language>fr|en)",
):
    """Opens a document as its headings; `open` in a new message, `turn` in its place."""

    @classmethod
    def of(cls, entry: Entry, number: int, phrases: Phrasebook) -> Self:
        """The button beside the document with a number."""
        label = phrases("topics.open_document", number=number)
        return cls(label, f"document:open:{entry.first}:0:{phrases.language}")

    @classmethod
    def turning(cls, label: str, passage: str, at: int, language: Language) -> Self:
        """The button to the page `at` of the headings of a passage's document."""
        return cls(label, f"document:turn:{passage}:{at}:{language}")


def documents_card(found: Catalogued, order: Order, at: int, tag: str, phrases: Phrasebook) -> Card:
    """Page `at`, counted from 0, of the documents.

    Args:
        found: What can be read.
        order: Which documents come first.
        at: The page; the last if past it.
        tag: A tag that they must have; blank for all.
        phrases: For the rest.
    """
    entries = found.catalogue.listed(order, found.quoted, tag)
    if not entries:
        key = "topics.no_tag" if tag else "topics.none"
        return Card(COLOURS[Outcome.NONE], ui.TextDisplay(phrases(key, tag=_line(tag))))
    page = Page.within(len(entries), ENTRIES, at)
    head = phrases("topics.tagged" if tag else "topics.title", tag=_line(tag))
    lines = [f"**{head}**{page.note(phrases)}"]
    tags = [f"{_line(each)} ({count})" for each, count in found.catalogue.tags[:_MOST_TAGS]]
    if tags and not tag:
        lines.append(f"-# {phrases('topics.tags', tags=' · '.join(tags))}")
    lines.append(f"-# {phrases('topics.how', count=len(entries))}")
    items: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    shown = zip(page.numbers, entries[page.entries], strict=True)
    items += separated(_section(number, *each, phrases) for number, each in shown)

    def turn(label: str, to: int) -> ui.Item[Any]:
        return ListDocuments.of(label, order, to, phrases.language, tag)

    other = Order.NEWEST if order is Order.ASKED else Order.ASKED
    label = phrases(f"topics.by_{other}")
    by = ListDocuments.of(label, other, 0, phrases.language, tag)
    return Card(COLOURS[Outcome.ANSWER], *items, *page.turning(phrases, turn), ui.ActionRow(by))


def found_card(entries: Sequence[Entry], typed: str, phrases: Phrasebook) -> Card:
    """The documents that are found for what somebody typed, at most a page."""
    if not entries:
        said = phrases("topics.not_found", typed=_line(typed))
        return Card(COLOURS[Outcome.NONE], ui.TextDisplay(said))
    head = phrases("topics.found", count=len(entries), typed=_line(typed))
    shown = enumerate(entries[:ENTRIES], 1)
    sections = separated(_section(number, each, 0, phrases) for number, each in shown)
    return Card(COLOURS[Outcome.ANSWER], ui.TextDisplay(f"**{head}**"), *sections)


def named_tag(catalogue: Catalogue, typed: str) -> str:
    """A tag as its documents write it, or as it was typed, without what a button cannot hold."""
    sought = folded(typed)
    known = next((each for each, _ in catalogue.tags if folded(each) == sought), typed)
    return re.sub(r"\s+", " ", known).strip()[:40]


def _section(number: int, entry: Entry, count: int, phrases: Phrasebook) -> ui.Section[Any]:
    """A document with its number, and the button that opens it."""
    text = f"**{number}.** {_entry(entry, count, phrases)}"
    return ui.Section(ui.TextDisplay(text), accessory=OpenDocument.of(entry, number, phrases))


def _entry(entry: Entry, count: int, phrases: Phrasebook) -> str:
    facts = [phrases("topics.passages", count=len(entry.document.passages))]
    if count:
        facts.append(phrases("topics.quoted", count=count))
    if entry.changed is not None:
        facts.append(phrases.date(entry.changed))
    facts += [_line(each) for each in entry.tags[:_MOST_TAGS]]
    return f"{in_short(entry.title(phrases.language), _LONGEST_TITLE)}\n-# {' · '.join(facts)}"


def _line(text: str) -> str:
    return in_short(text, _LONGEST_TITLE)
