"""From blocks to Markdown that is read as the same blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.blocks.blocks import (
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
from knowledge.blocks.building import BULLET, MARK, TICKED, UNTICKED
from knowledge.blocks.richtext import RichText
from knowledge.markdown.inline import inline
from knowledge.markdown.reading import ITEM_MARK

_NUMBERED = re.compile(r"(\d{1,9})([.)])")


def written(blocks: Iterable[Block]) -> str:
    """Blocks in normal form as Markdown, without front matter."""
    every = tuple(blocks)
    notes = frozenset(each.mark for each in every if isinstance(each, Note))
    return "\n\n".join(filter(None, (_block(each, notes) for each in every)))


def _block(block: Block, notes: frozenset[str]) -> str:  # noqa: PLR0911 - one case a kind
    match block:
        case Heading(text, level):
            return f"{'#' * level} {_closed(inline(text, notes))}"
        case Paragraph(text):
            return inline(text, notes)
        case ItemList(items):
            return _list(items, notes)
        case Table(header, rows):
            return _table(header, rows, notes)
        case Quotation(inner):
            lines = _inner(inner, notes).split("\n")
            return "\n".join(f"> {line}" if line else ">" for line in lines)
        case Entry(term, inner):
            return f"{inline(term, notes)}\n\n:   {_indented(_inner(inner, notes), 4)}"
        case Code(code):
            return _fenced(code)
        case Note(mark, text):
            return f"[^{mark}]: {_indented(inline(text, notes), 4)}"
        case Divider():
            return "***"


def _inner(blocks: Sequence[Block], notes: frozenset[str]) -> str:
    return "\n\n".join(_block(each, notes) for each in blocks)


def _closed(heading: str) -> str:
    """A title whose last signs are not taken for those that close it."""
    return re.sub(r"(#+)$", r"\\\1", heading) if re.search(r"(?<![\\#])#+$", heading) else heading


def _list(items: Sequence[Item], notes: frozenset[str]) -> str:
    lines: list[str] = []
    widths: list[int] = []
    """How far the items are indented that the next may stand in."""
    plain: list[tuple[int, str] | None] = []
    """For each of them, its number and the sign behind it where Markdown counts it."""
    for item in items:
        before = plain[item.depth] if item.depth < len(plain) else None
        start, counted = _start(item, before)
        own = _indented(_item_text(item, notes), len(start))
        indent = sum(widths[: item.depth])
        lines.append(" " * indent + start + _indented(own, indent))
        # “- 3. ” is a list within an item.
        numbered = counted or _NUMBERED.fullmatch(item.mark)
        widths[item.depth :] = [len(start) if numbered else 2]
        plain[item.depth :] = [counted]
    return "\n".join(lines)


def _start(item: Item, before: tuple[int, str] | None) -> tuple[str, tuple[int, str] | None]:
    """What stands before an item's text, and its number where Markdown counts it."""
    if item.mark == BULLET:
        return "- ", None
    if item.mark in (UNTICKED, TICKED):
        return "- [ ] " if item.mark == UNTICKED else "- [x] ", None
    if numbered := _NUMBERED.fullmatch(item.mark):
        number, sign = int(numbered[1]), numbered[2]
        if str(number) == numbered[1]:
            if (before is None and number == 1) or before == (number - 1, sign):
                return f"{item.mark} ", (number, sign)
            return f"- {item.mark} ", None
    if (typed := ITEM_MARK.match(f"{item.mark} x")) and typed[1] == item.mark:
        return f"- {item.mark} ", None
    mark = item.mark.replace("&", "&amp;").replace('"', "&quot;")
    return f'- <span {MARK}="{mark}"></span> ', None


def _item_text(item: Item, notes: frozenset[str]) -> str:
    text = inline(item.text, notes)
    # What looks like the mark of an item, or a box to tick, and is none.
    if typed := ITEM_MARK.match(text):
        sign = max(typed[1].rfind("."), typed[1].rfind(")"))
        return f"{text[:sign]}\\{text[sign:]}"
    return text


def _table(
    header: Sequence[RichText], rows: Sequence[Sequence[RichText]], notes: frozenset[str]
) -> str:
    width = len(rows[0]) if rows else len(header)
    titles = header or [RichText()] * width
    lines = [_row(titles, notes), "|" + " --- |" * width]
    return "\n".join([*lines, *(_row(row, notes) for row in rows)])


def _row(cells: Sequence[RichText], notes: frozenset[str]) -> str:
    shown = (inline(each, notes, in_cell=True) for each in cells)
    return "| " + " | ".join(shown) + " |"


def _fenced(code: str) -> str:
    longest = max(map(len, re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{code}\n{fence}"


def _indented(text: str, by: int) -> str:
    """`text`, its lines after the first indented."""
    return re.sub(r"\n(?=[^\n])", "\n" + " " * by, text)
