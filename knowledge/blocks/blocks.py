"""The document model: a document is a sequence of blocks, whatever format it came in.

Every reader of a format makes blocks (`knowledge.blocks.reading` puts them into normal form),
`knowledge.markdown` writes them as Markdown and reads them back the same, and passages are
made from them.

* Heading: a title; all text up to the next of its level stands under it
* Paragraph
* ItemList of Items: a list, flat, each item with its depth and the mark that its reader sees
* Table: rows of cells
* Quotation: blocks without headings
* Entry: a term and what is said of it: a definition, a question that unfolds its answer
* Code: words that are shown as they are typed
* Note: a footnote, right behind the block that refers to it
* Divider: a line between what does not belong together
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from knowledge.blocks.richtext import Mark, Piece, RichText, in_bold, joined, rich_text

DEEPEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class Heading:
    """A title.

    Attributes:
        text: With its number, as it is read: “Article 1. Membres”.
        level: 1 to 6.
    """

    text: RichText
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a line feed in its text is a line that ends there for its reader."""

    text: RichText


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list.

    Attributes:
        mark: What its reader sees before it: “•”, “☐”, “☑”, “1.”, “a)”, “1.2”.
        text: Its text; its paragraphs are lines.
        depth: How many lists it stands in besides its own.
    """

    mark: str
    text: RichText
    depth: int = 0


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list, with the lists in it."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        header: The titles of its columns; empty where it has none.
        rows: Each with as many cells as there are columns. A cell that goes over several rows
            stands in each of them; one that goes over several columns, in the first.
    """

    header: tuple[RichText, ...]
    rows: tuple[tuple[RichText, ...], ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """What is set off as somebody else's words, or as a remark."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A term and what is said of it: `<dt>` and `<dd>`, `<summary>` and what it unfolds.

    Attributes:
        term: One line.
        blocks: Without headings.
    """

    term: RichText
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Words that are shown as they are typed, white space and all."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote.

    Attributes:
        mark: As its reader sees it, without brackets or full stop: “1”, “a”, “*”. No two notes
            of a document have the same; where a document counts anew, its reader counts on.
        text: Its text; its paragraphs are lines.
    """

    mark: str
    text: RichText


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between what does not belong together."""


Block: TypeAlias = (
    Heading | Paragraph | ItemList | Table | Quotation | Entry | Code | Note | Divider
)


def as_text(blocks: Iterable[Block]) -> RichText:
    """Blocks as the lines of one text, for a cell or an item, which has no blocks in it."""
    return joined(line for block in blocks for line in _lines(block))


def texts_in(blocks: Iterable[Block]) -> Iterator[str]:
    """All texts of blocks, mark by mark and cell by cell, in the order of reading."""
    for block in blocks:
        match block:
            case Heading(text) | Paragraph(text):
                yield text.text
            case ItemList(items):
                yield from (part for each in items for part in (each.mark, each.text.text))
            case Table(header, rows):
                yield from (cell.text for row in (header, *rows) for cell in row)
            case Quotation(inner):
                yield from texts_in(inner)
            case Entry(term, inner):
                yield term.text
                yield from texts_in(inner)
            case Code(code):
                yield code
            case Note(mark, text):
                yield from (mark, text.text)
            case Divider():
                pass


def marks_in(blocks: Iterable[Block]) -> Iterator[Mark]:
    """All marks of the texts of blocks."""
    for block in blocks:
        match block:
            case Heading(text) | Paragraph(text) | Note(_, text):
                yield from text.marks
            case ItemList(items):
                yield from (mark for each in items for mark in each.text.marks)
            case Table(header, rows):
                yield from (mark for row in (header, *rows) for cell in row for mark in cell.marks)
            case Quotation(inner):
                yield from marks_in(inner)
            case Entry(term, inner):
                yield from term.marks
                yield from marks_in(inner)
            case Code() | Divider():
                pass


def _lines(block: Block) -> Iterator[RichText]:
    match block:
        case Heading(text):
            yield in_bold(text)
        case Paragraph(text):
            yield text
        case ItemList(items):
            yield from (_after(f"{each.mark} ", each.text) for each in items)
        case Note(mark, text):
            yield _after(f"{mark} ", text)
        case Table(header, rows):
            yield from (joined(filter(None, row), " · ") for row in (header, *rows))
        case Quotation(inner):
            yield as_text(inner)
        case Entry(term, inner):
            yield from (in_bold(term), as_text(inner))
        case Code(code):
            yield rich_text([Piece(code)])
        case Divider():
            pass


def _after(start: str, text: RichText) -> RichText:
    return rich_text([Piece(start), *text.pieces()])
