"""The normal form of blocks, so that a reader of a format may be careless."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from knowledge.blocks.blocks import (
    DEEPEST_HEADING,
    Block,
    Code,
    Divider,
    Entry,
    Heading,
    Item,
    ItemList,
    Note,
    Paragraph,
    Quotation,
    Table,
)
from knowledge.blocks.richtext import RichText, in_bold, on_one_line


def normal(blocks: Iterable[Block], *, whole: bool = True) -> tuple[Block, ...]:
    """The same blocks in normal form.

    What is empty is left out; lists that follow each other are one, with depths that rise by
    one; a quotation or an entry that has headings is taken apart, its term becoming a heading;
    rows have as many cells as there are columns, empty rows and columns are gone, and a table
    of one row or one column is paragraphs.

    Args:
        blocks: The blocks.
        whole: Whether they are a whole document, which neither begins nor ends with a divider.
    """
    found: list[Block] = []
    for block in _flattened(blocks):
        before = found[-1] if found else None
        if isinstance(block, ItemList) and isinstance(before, ItemList):
            found[-1] = ItemList(before.items + block.items)
        elif isinstance(block, Divider) and (isinstance(before, Divider) or (whole and not found)):
            continue
        else:
            found.append(block)
    while whole and found and isinstance(found[-1], Divider):
        found.pop()
    return tuple(
        ItemList(tuple(_rising(each.items))) if isinstance(each, ItemList) else each
        for each in found
    )


def _flattened(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks that have text, and dividers."""
    level = 1
    for block in blocks:
        match block:
            case Heading():
                level = min(max(block.level, 1), DEEPEST_HEADING)
                if block.text:
                    yield Heading(on_one_line(block.text), level)
            case Table():
                yield from _table(block)
            case Quotation():
                yield from _quotation(normal(block.blocks))
            case Entry():
                yield from _entry(on_one_line(block.term), normal(block.blocks), level)
            case _ if (kept := _with_text(block)) is not None:
                yield kept


def _with_text(block: Block) -> Block | None:
    """A block that has no other in it, if it has text, or is a divider."""
    match block:
        case ItemList(items):
            kept = tuple(each for each in items if each.text and each.mark)
            return ItemList(kept) if kept else None
        case Code(code):
            return Code(code.strip("\n")) if code.strip() else None
        case Paragraph(text) | Note(_, text):
            return block if text else None
        case _:
            return block


def _quotation(parts: tuple[Block, ...]) -> Iterator[Block]:
    if _has_headings(parts):
        yield from parts
    elif parts:
        yield Quotation(parts)


def _entry(term: RichText, parts: tuple[Block, ...], level: int) -> Iterator[Block]:
    if not term:
        yield from parts
    elif not parts:
        yield Paragraph(term)
    elif _has_headings(parts):
        yield Heading(term, min(level + 1, DEEPEST_HEADING))
        yield from parts
    else:
        yield Entry(term, parts)


def _has_headings(blocks: Iterable[Block]) -> bool:
    return any(isinstance(each, Heading) for each in blocks)


def _table(table: Table) -> Iterator[Block]:
    rows = [row for row in table.rows if any(row)]
    header = table.header if any(table.header) else ()
    width = max((len(row) for row in (header, *rows)), default=0)
    padded = [(*row, *[RichText()] * (width - len(row))) for row in (header, *rows)]
    kept = [at for at in range(width) if any(row[at] for row in padded)]
    titles, *cells = [tuple(row[at] for at in kept) for row in padded]
    if len(kept) > 1 and len(cells) > (0 if header else 1):
        yield Table(titles if header else (), tuple(cells))
    else:
        yield from (Paragraph(in_bold(title)) for title in titles if title)
        yield from (Paragraph(cell) for row in cells for cell in row if cell)


def _rising(items: Sequence[Item]) -> Iterator[Item]:
    above: list[int] = []
    for item in items:
        while above and above[-1] >= item.depth:
            above.pop()
        above.append(item.depth)
        yield Item(item.mark, item.text, len(above) - 1)
