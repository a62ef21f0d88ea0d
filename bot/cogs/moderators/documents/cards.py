"""What moderators see of their server's documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.answering.reading_report import left_out_line, said_line
from bot.components.buttons import KeptButton
from bot.components.cards import COLOURS, Card, quote_markdown, source_markdown
from bot.components.markup import escaped, in_short, on_one_line, shortened
from bot.components.paging import Page, separated
from bot.locales import Phrasebook
from bot.storage import DocumentState, DocumentVersion
from index import Located, Outcome
from knowledge import Document, Language
from knowledge.files import Upload

ENTRIES = 8
"""Documents on a page: each takes 4 of the 40 components that Discord allows."""
_LONGEST_TITLE = 150
_LONGEST_SAID = 400
MOST_PROBLEMS = 5
_MOST_KINDS = 8
_MOST_VERSIONS = 20
_ROOM = 1500
SLUG = r"(?P<slug>[a-z0-9-]{1,60})"


class RemoveDocument(KeptButton, template=rf"knowledge:remove:(?P<version>\d{{1,9}}):{SLUG}"):
    """Removes a document, after it was asked for."""

    @classmethod
    def of(cls, slug: str, version: int, phrases: Phrasebook) -> Self:
        """The button that confirms."""
        return cls(phrases("knowledge.remove_now"), f"knowledge:remove:{version}:{slug}")


class BringBack(KeptButton, template=rf"knowledge:back:{SLUG}"):
    """Undoes a removal."""

    @classmethod
    def of(cls, slug: str, phrases: Phrasebook) -> Self:
        """The button under what says that a document is removed."""
        return cls(phrases("knowledge.bring_back"), f"knowledge:back:{slug}")


class OpenDocument(KeptButton, template=rf"knowledge:open:{SLUG}"):
    """Shows a document with its files."""

    @classmethod
    def of(cls, slug: str, number: int, phrases: Phrasebook) -> Self:
        """The button beside the document with a number."""
        return cls(phrases("knowledge.open", number=number), f"knowledge:open:{slug}")


class DocumentsPage(KeptButton, template=r"knowledge:page:(?P<at>\d{1,6})"):
    """Goes to another page of the documents."""

    @classmethod
    def turning(cls, label: str, at: int) -> Self:
        """The button that goes to the page `at`, counted from 0."""
        return cls(label, f"knowledge:page:{at}")


def said_card(text: str, *items: ui.Item[Any]) -> Card:
    """The card that says that something was done."""
    row = [ui.ActionRow(*items)] if items else []
    return Card(COLOURS[Outcome.ANSWER], ui.TextDisplay(text), *row)


def returned_card(text: str, file: str) -> Card:
    """The card that gives a text back which could not be kept."""
    return Card(COLOURS[Outcome.CLOSEST], ui.TextDisplay(text), ui.File(f"attachment://{file}"))


def with_problems(text: str, problems: Sequence[str], phrases: Phrasebook) -> str:
    """What was done, and what was left out of it."""
    if not problems:
        return text
    listed = "\n".join(f"- {escaped(on_one_line(each))}" for each in problems[:MOST_PROBLEMS])
    return f"{text}\n\n{phrases('knowledge.left_out', count=len(problems))}\n{listed}"


def with_reading(text: str, upload: Upload, passages: int, phrases: Phrasebook) -> str:
    """What was done with a file, how much of it was read, and what was left out."""
    parts = [phrases("reading.loses_much"), text] if upload.loses_much else [text]
    parts.append(phrases("reading.read", words=upload.words, count=passages))
    if own := said_line(upload.said, phrases):
        parts.append(escaped(shortened(own, _LONGEST_SAID)))
    if upload.left_out:
        shown = upload.left_out[:_MOST_KINDS]
        listed = [
            escaped(shortened(left_out_line(each, phrases), _LONGEST_TITLE)) for each in shown
        ]
        lines = [phrases("reading.left_out"), *(f"- {each}" for each in listed)]
        if len(upload.left_out) > _MOST_KINDS:
            more = len(upload.left_out) - _MOST_KINDS
            lines.append(f"- {phrases('reading.more', count=more)}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def message_preview(document: Document, phrases: Phrasebook) -> str:
    """What of a message will be quoted, as Markdown: its first passage, and who wrote it."""
    quote = Located(document, document.passages[0]).quote(phrases.language)
    head = phrases("knowledge.message_asked", count=len(document.passages))
    return f"{head}\n{quote_markdown(quote, _ROOM)}\n{source_markdown(quote, phrases)}"


def documents_card(
    states: Sequence[DocumentState],
    documents: Mapping[str, Document],
    at: int,
    phrases: Phrasebook,
    *,
    turn: Callable[[str, int], ui.Item[Any]] = DocumentsPage.turning,
    none: str = "knowledge.none",
) -> Card:
    """Page `at` of a server's documents, counted from 0.

    Args:
        states: The documents.
        documents: Those of them that can be read, by their slugs.
        at: The page.
        phrases: For the rest.
        turn: Makes the button with a label that goes to a page.
        none: The phrase where there is no document.
    """
    if not states:
        return Card(COLOURS[Outcome.NONE], ui.TextDisplay(phrases(none)))
    page = Page.within(len(states), ENTRIES, at)
    head = f"**{phrases('knowledge.title', count=len(states))}**{page.note(phrases)}"
    sections = []
    for number, each in zip(page.numbers, states[page.entries], strict=True):
        document = documents.get(each.slug)
        named = each.slug if document is None else document.original.about.title
        count = 0 if document is None else len(document.passages)
        about = phrases(
            "knowledge.entry",
            slug=each.slug,
            version=each.version,
            date=phrases.date(each.changed.date()),
            count=count,
        )
        section: ui.Section[Any] = ui.Section(
            ui.TextDisplay(f"**{number}.** {in_short(named, _LONGEST_TITLE)}\n-# {about}"),
            accessory=OpenDocument.of(each.slug, number, phrases),
        )
        sections.append(section)
    return Card(
        COLOURS[Outcome.ANSWER],
        ui.TextDisplay(head),
        *separated(sections),
        *page.turning(phrases, turn),
    )


def document_card(
    version: DocumentVersion, document: Document | None, files: Sequence[str], phrases: Phrasebook
) -> Card:
    """A document as it is kept, with its files."""
    editions = () if document is None else tuple(document.editions)
    languages = [phrases(f"written_in.{each}") for each in Language if each in editions]
    text = phrases(
        "knowledge.shown",
        title=version.slug if document is None else escaped(document.original.about.title),
        version=version.number,
        date=phrases.date(version.at.date()),
        languages=", ".join(languages) or "–",
        count=0 if document is None else len(document.passages),
    )
    return files_card(text, files)


def files_card(text: str, files: Sequence[str]) -> Card:
    """The card that gives files."""
    shown: list[ui.Item[Any]] = [ui.File(f"attachment://{each}") for each in files]
    return Card(COLOURS[Outcome.ANSWER], ui.TextDisplay(text), *shown)


def history_card(slug: str, versions: Sequence[DocumentVersion], phrases: Phrasebook) -> Card:
    """The versions of a document, the newest first."""
    lines = [f"**{phrases('knowledge.versions_of', slug=slug)}**"]
    for each in versions[:_MOST_VERSIONS]:
        who = "–" if each.by is None else f"<@{each.by}>"
        when = discord.utils.format_dt(each.at, "f")
        lines.append(phrases("knowledge.version", number=each.number, when=when, who=who))
    lines.append(f"-# {phrases('knowledge.how_to_restore')}")
    return Card(COLOURS[Outcome.ANSWER], ui.TextDisplay("\n".join(lines)))
