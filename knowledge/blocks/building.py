"""From tags, as HTML names them, to blocks: what all readers of marked-up text drive.

A reader says which elements begin and end, and what text stands in them; it decides by itself
what is no part of the document and says nothing of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

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
    as_text,
)
from knowledge.blocks.numerals import numeral
from knowledge.blocks.richtext import (
    BOLD,
    CODE,
    ITALIC,
    STRIKE,
    Piece,
    RichText,
    Style,
    joined,
    link,
    note_sign,
    rich_text,
)

BULLET = "•"
UNTICKED, TICKED = "☐", "☑"
MARK = "data-mark"
"""The attribute of an `<li>` or a `<span>` that gives an item's mark as it is read."""
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_STYLES = {
    **dict.fromkeys(("b", "strong"), BOLD),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), ITALIC),
    **dict.fromkeys(("s", "del", "strike"), STRIKE),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), CODE),
}
_FRAMES = {
    *_HEADINGS,
    *("ul", "ol", "menu", "li", "table", "tr", "td", "th", "caption", "blockquote", "pre"),
    *("dl", "dt", "dd", "details", "summary", "note"),
}
"""Elements that gather what stands in them until they end."""
_PARTS = {
    *("p", "div", "section", "article", "main", "header", "footer", "aside", "address", "center"),
    *("nav", "form", "fieldset", "legend", "figure", "figcaption", "body", "html", "thead"),
    *("tbody", "tfoot", "hgroup", "option", "search", "dialog"),
}
"""Elements that begin and end a paragraph."""
_LISTS = ("ul", "ol", "menu")
_CLOSED_BY = {
    "li": (("li",), _LISTS),
    "dt": (("dt", "dd"), ("dl",)),
    "dd": (("dt", "dd"), ("dl",)),
    "tr": (("tr", "td", "th"), ("table",)),
    "td": (("td", "th"), ("tr", "table")),
    "th": (("td", "th"), ("tr", "table")),
}
"""What an element ends if it is open, and where to stop looking for that."""
_TERMS_OF = {"dt": ("dl",), "summary": ("details",), "caption": ("table",)}
"""What has to be open for a term to be one of something; elsewhere it is a paragraph."""
_BLANK = re.compile(r"[ \t\n\r\f]+")
_MOST_CELLS = 1000
"""How many rows or columns a cell may say that it goes over."""


@dataclass(slots=True)
class _Cell:
    text: RichText
    columns: int
    rows: int
    titles: bool


@dataclass(slots=True)
class _Frame:
    """An element that is open."""

    tag: str
    attributes: Mapping[str, str]
    blocks: list[Block] = field(default_factory=list)
    rows: list[list[_Cell]] = field(default_factory=list)
    terms: list[RichText] = field(default_factory=list)
    mark: str = ""
    count: int = 0
    torn: bool = False
    """Whether a cell of the table has titles, or a table: it lays a page out."""


class BlockBuilder:
    """Makes blocks, not yet in normal form, of elements and text in the order of reading."""

    def __init__(self) -> None:
        self._frames = [_Frame("", {})]
        self._pieces: list[Piece] = []
        self._styles: list[tuple[str, frozenset[Style]]] = []
        self._raw = 0

    @property
    def depth(self) -> int:
        """How many elements are open that gather what stands in them."""
        return len(self._frames) - 1

    def start(self, tag: str, attributes: Mapping[str, str] | None = None) -> None:
        """An element begins; `tag` in small letters."""
        given = attributes or {}
        if tag in _STYLES:
            self._styles.append((tag, frozenset((_STYLES[tag],))))
        elif tag == "a":
            self._styles.append((tag, link(given.get("href", ""))))
        elif tag == "br":
            self._line_end()
        elif tag == "hr":
            self._flush()
            self._top.blocks.append(Divider())
        elif tag == "input" and given.get("type", "").lower() == "checkbox":
            self.mark(TICKED if "checked" in given else UNTICKED)
        elif tag == "span" and MARK in given:
            self.mark(given[MARK])
        elif tag in _FRAMES:
            self._open(tag, given)
        elif tag in _PARTS:
            self._flush()

    def end(self, tag: str) -> None:
        """An element ends, and all that is open in it."""
        if tag in _STYLES or tag == "a":
            for at in range(len(self._styles) - 1, -1, -1):
                if self._styles[at][0] == tag:
                    del self._styles[at]
                    break
        elif tag in _FRAMES:
            at = next((at for at in range(self.depth, 0, -1) if self._frames[at].tag == tag), 0)
            while at and self.depth >= at:
                self._close()
        elif tag in _PARTS:
            self._flush()

    def text(self, text: str) -> None:
        """Text as HTML has it: white space is a blank, but in `<pre>`."""
        if not text:
            return
        shown = text if self._raw else _BLANK.sub(" ", text)
        self._pieces.append(Piece(shown, self._open_styles()))

    def note(self, mark: str) -> None:
        """Here stands the sign of a note."""
        self._pieces.append(note_sign(mark))

    def mark(self, mark: str) -> None:
        """The item that is open has this mark."""
        for frame in reversed(self._frames):
            if frame.tag == "li":
                frame.mark = mark
                break

    def begins(self, tag: str) -> bool:
        """Whether an element of this name is open and nothing stands in it so far."""
        top = self._top
        blank = not any(each.text.strip() for each in self._pieces)
        return top.tag == tag and blank and not top.blocks

    def add(self, block: Block) -> None:
        """A block as a whole."""
        self._flush()
        self._top.blocks.append(block)

    def take(self) -> list[Block]:
        """The blocks so far, where no element is open; the next are others."""
        self._flush()
        root = self._frames[0]
        blocks, root.blocks = root.blocks, []
        return blocks

    def finish(self) -> list[Block]:
        """The blocks, after whatever is open was ended."""
        while self.depth:
            self._close()
        self._styles.clear()
        return self.take()

    @property
    def _top(self) -> _Frame:
        return self._frames[-1]

    def _open_styles(self) -> frozenset[Style]:
        """The innermost style of each kind."""
        kinds = {each.kind: each for _, styles in self._styles for each in styles}
        return frozenset(kinds.values())

    def _line_end(self) -> None:
        blank_since = next(
            (each for each in reversed(self._pieces) if each.text.strip() or "\n" in each.text),
            None,
        )
        if not self._raw and blank_since is not None and blank_since.text == "\n":
            # Two in a row are a gap between paragraphs.
            self._flush()
        else:
            self._pieces.append(Piece("\n", self._open_styles()))

    def _flush(self) -> None:
        """End the paragraph; in what is shown as it is typed, the line."""
        if self._pieces and self._top.tag == "pre":
            if not self._pieces[-1].text.endswith("\n"):
                self._pieces.append(Piece("\n"))
        elif self._pieces:
            text = rich_text(self._pieces)
            self._pieces.clear()
            if text and self._top.tag in ("table", "tr"):
                self._top.terms.append(text)
            elif text:
                self._top.blocks.append(Paragraph(text))

    def _open(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._end_code()
        self._flush()
        ended, within = _CLOSED_BY.get(tag, ((), ()))
        at = self.depth
        while at and self._frames[at].tag not in within:
            if self._frames[at].tag in ended:
                while self.depth >= at:
                    self._close()
                at = self.depth
                if tag != "tr":
                    break
            else:
                at -= 1
        if tag == "pre":
            self._raw += 1
        self._frames.append(_Frame(tag, attributes))

    def _close(self) -> None:  # noqa: C901, PLR0912 - one case an element
        frame = self._top
        if frame.tag == "pre":
            self._raw -= 1
            self._end_code()
            self._frames.pop()
            self._top.blocks += frame.blocks
            return
        self._flush()
        self._frames.pop()
        outer = self._top
        match frame.tag:
            case "li":
                self._end_item(frame, outer)
            case "ul" | "ol" | "menu":
                outer.blocks += _runs(frame.blocks)
            case "td" | "th":
                self._end_cell(frame, outer)
            case "tr":
                self._end_row(frame, outer)
            case "table":
                outer.blocks += _of_table(frame)
            case "blockquote":
                outer.blocks.append(Quotation(tuple(frame.blocks)))
            case "dt" | "summary" | "caption" if outer.tag in _TERMS_OF[frame.tag]:
                outer.terms.append(as_text(frame.blocks))
            case "dd":
                _end_definition(frame, outer)
            case "dl" | "details":
                outer.blocks += _of_entries(frame)
            case "note":
                text = as_text(each for each in frame.blocks if not isinstance(each, Note))
                outer.blocks.append(Note(frame.attributes.get(MARK, "") or "*", text))
                outer.blocks += (each for each in frame.blocks if isinstance(each, Note))
            case heading if heading in _HEADINGS:
                outer.blocks.append(Heading(as_text(frame.blocks), _HEADINGS[heading]))
            case _:
                outer.blocks += frame.blocks

    def _end_code(self) -> None:
        """End what is shown as it is typed, if it is open."""
        if self._pieces and self._top.tag == "pre":
            code = "".join(each.text for each in self._pieces)
            self._pieces.clear()
            self._top.blocks.append(Code(code.replace("\r\n", "\n").replace("\r", "\n")))

    def _end_item(self, frame: _Frame, outer: _Frame) -> None:
        outer.count += 1
        mark = frame.mark or frame.attributes.get(MARK) or _mark(frame, outer)
        outer.blocks += _items(mark, frame.blocks)

    def _end_cell(self, frame: _Frame, outer: _Frame) -> None:
        for each in reversed(self._frames):
            if each.tag == "table":
                each.torn |= any(isinstance(block, Heading | Table) for block in frame.blocks)
                break
        if outer.tag != "tr":
            outer.blocks += frame.blocks
            return
        # A page that is laid out by a table needs them as they are.
        outer.blocks += frame.blocks
        outer.rows = outer.rows or [[]]
        outer.rows[0].append(
            _Cell(
                as_text(frame.blocks),
                _number(frame.attributes.get("colspan")),
                _number(frame.attributes.get("rowspan")),
                frame.tag == "th",
            )
        )

    def _end_row(self, frame: _Frame, outer: _Frame) -> None:
        outer.blocks += frame.blocks
        outer.rows += frame.rows
        outer.terms += frame.terms


def _number(given: str | None) -> int:
    try:
        return min(max(int(given or 1), 1), _MOST_CELLS)
    except ValueError:
        return 1


def _mark(item: _Frame, outer: _Frame) -> str:
    """The mark that a browser gives an item; counts it in its list."""
    if outer.tag != "ol":
        return BULLET
    if outer.count == 1 and re.fullmatch(r"-?\d{1,9}", outer.attributes.get("start", "")):
        outer.count = int(outer.attributes["start"])
    if re.fullmatch(r"-?\d{1,9}", item.attributes.get("value", "")):
        outer.count = int(item.attributes["value"])
    kind = item.attributes.get("type") or outer.attributes.get("type") or "1"
    return f"{numeral(outer.count, kind)}{outer.attributes.get('data-delimiter', '.')}"


def _items(mark: str, blocks: Sequence[Block]) -> list[Block]:
    """An item with the lists in it as one list, and the notes that stand in it."""
    items: list[Item] = []
    notes: list[Block] = []
    own: list[Block] = []

    def end_text() -> None:
        text = as_text(own)
        own.clear()
        if not text:
            return
        if items:
            last = items[-1]
            items[-1] = Item(last.mark, joined([last.text, text]), last.depth)
        else:
            items.append(Item(mark, text))

    for block in blocks:
        if isinstance(block, ItemList):
            end_text()
            deeper = 1 if items else 0
            items += (Item(each.mark, each.text, each.depth + deeper) for each in block.items)
        elif isinstance(block, Note):
            notes.append(block)
        else:
            own.append(block)
    end_text()
    return [ItemList(tuple(items)), *notes] if items else notes


def _runs(blocks: Iterable[Block]) -> list[Block]:
    """The items of a list together; what stands among them as items of its own."""
    found: list[Block] = []
    items: list[Item] = []
    for block in blocks:
        match block:
            case Paragraph(text):
                items.append(Item(BULLET, text))
            case ItemList(others):
                items += others
            case _:
                if items:
                    found.append(ItemList(tuple(items)))
                    items = []
                found.append(block)
    return [*found, ItemList(tuple(items))] if items else found


def _end_definition(frame: _Frame, outer: _Frame) -> None:
    last = outer.blocks[-1] if outer.blocks else None
    if outer.terms:
        term = joined(outer.terms, ", ")
        outer.terms = []
        outer.blocks.append(Entry(term, tuple(frame.blocks)))
    elif isinstance(last, Entry):
        outer.blocks[-1] = Entry(last.term, (*last.blocks, *frame.blocks))
    else:
        outer.blocks += frame.blocks


def _of_entries(frame: _Frame) -> list[Block]:
    term = joined(frame.terms, ", ")
    if frame.tag == "details":
        return [Entry(term, tuple(frame.blocks))]
    return [*frame.blocks, *([Paragraph(term)] if term else [])]


def _of_table(frame: _Frame) -> list[Block]:
    # A caption, and what stands between rows.
    around = [Paragraph(each) for each in frame.terms]
    if frame.torn or not frame.rows:
        return [*around, *frame.blocks]
    notes = [each for each in frame.blocks if isinstance(each, Note)]
    rows = [row for row in frame.rows if row]
    has_header = len(rows) > 1 and all(cell.titles for cell in rows[0])
    cells = _spread(rows)
    header, rest = (tuple(cells[0]), cells[1:]) if has_header else ((), cells)
    return [*around, Table(header, tuple(tuple(row) for row in rest)), *notes]


def _spread(rows: Sequence[Sequence[_Cell]]) -> list[list[RichText]]:
    """The rows with as many cells as they have columns."""
    found: list[list[RichText]] = []
    over: dict[int, tuple[int, RichText]] = {}
    """For each column, in how many further rows a cell above stands."""
    for row in rows:
        cells: list[RichText] = []
        coming = list(reversed(row))
        while coming or any(at >= len(cells) for at in over):
            at = len(cells)
            if at in over:
                left, text = over.pop(at)
                cells.append(text)
                if left > 1:
                    over[at] = (left - 1, text)
            elif coming:
                cell = coming.pop()
                for column in range(at, at + cell.columns):
                    if column in over:
                        break
                    shown = cell.text if column == at else RichText()
                    cells.append(shown)
                    if cell.rows > 1:
                        over[column] = (cell.rows - 1, shown)
            else:
                cells.append(RichText())
        found.append(cells)
    return found
