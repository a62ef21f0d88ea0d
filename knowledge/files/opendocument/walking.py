"""From the text of an OpenDocument file to blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from knowledge.blocks.blocks import (
    Block,
    Heading,
    Item,
    ItemList,
    Note,
    Paragraph,
    Quotation,
    as_text,
)
from knowledge.blocks.reading import Furniture, word_count
from knowledge.blocks.richtext import BOLD, Piece, RichText, Style, link, note_sign, rich_text
from knowledge.files.account import Account
from knowledge.files.cells import lays_out, titled
from knowledge.files.opendocument.styles import LEVELS, Counter, Looks, Styles
from knowledge.files.packages import child
from knowledge.files.symbols import readable

_LONGEST_HEADING = 40
_MOST_REPEATED = 64
_CONTENTS = {
    *("text:table-of-content", "text:illustration-index", "text:table-index", "text:object-index"),
    *("text:alphabetical-index", "text:user-index"),
}
_SILENT = {
    *("text:tracked-changes", "text:sequence-decls", "text:variable-decls", "office:forms"),
    *("text:user-field-decls", "text:soft-page-break", "text:note-citation", "svg:title"),
    *("svg:desc", "text:index-title-template", "table:table-column", "table:table-columns"),
    *("text:number", "text:change", "text:change-start", "text:change-end"),
}
"""What has no text of its own, or one that is read elsewhere."""


@dataclass(slots=True)
class Shared:
    """What all parts of a file have together."""

    styles: Styles
    account: Account = field(default_factory=Account)
    written: list[Note] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    headings: Counter = field(default_factory=Counter)
    last: dict[str, Counter] = field(default_factory=dict)
    by_id: dict[str, Counter] = field(default_factory=dict)
    title: str = ""


@dataclass(frozen=True, slots=True)
class _List:
    """A list that is open."""

    style: str
    counter: Counter
    level: int


class Walker:
    """Reads the text, or a part of it that has paragraphs of its own."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._blocks: list[Block] = []
        self._boxes: list[Block] = []

    def walk(self, container: Iterable[Element]) -> list[Block]:
        """The blocks of all that stands in an element."""
        for each in container:
            self._block(each)
        return self._blocks

    def _block(self, element: Element) -> None:
        tag = element.tag
        if tag in ("text:p", "text:h"):
            self._paragraph(element, None, None)
        elif tag == "text:list":
            self._list(element, None)
        elif tag == "text:numbered-paragraph":
            self._numbered(element)
        elif tag in _CONTENTS:
            self._leave_out(Furniture.CONTENTS, element)
        elif tag == "table:table":
            self._table(element)
        elif tag == "text:section" and element.get("text:display") in ("none", "condition"):
            self._leave_out(Furniture.HIDDEN, element)
        elif tag in ("draw:frame", "draw:g", "draw:custom-shape") or tag.startswith("draw:"):
            self._drawn(element)
            self._put_boxes()
        elif tag not in _SILENT:
            for each in element:
                self._block(each)

    def _leave_out(self, what: Furniture, element: Element) -> None:
        paragraphs = (all_text(each) for each in element.iter() if each.tag in ("text:p", "text:h"))
        self._shared.account.text(what, "\n".join(paragraphs))

    def _put(self, block: Block) -> None:
        before = self._blocks[-1] if self._blocks else None
        if isinstance(block, ItemList) and isinstance(before, ItemList):
            self._blocks[-1] = ItemList(before.items + block.items)
        elif isinstance(block, Quotation) and isinstance(before, Quotation):
            self._blocks[-1] = Quotation(before.blocks + block.blocks)
        else:
            self._blocks.append(block)

    def _put_boxes(self) -> None:
        boxes, self._boxes = self._boxes, []
        for each in boxes:
            self._put(each)

    def _paragraph(self, element: Element, within: _List | None, start: int | None) -> None:
        """A paragraph; `within` is the list whose item it begins."""
        looks = self._shared.styles.looks("paragraph", element.get("text:style-name"))
        pieces = [*self._pieces(element, looks.marks, hidden=looks.hidden)]
        if not looks.hidden:
            level = self._level(element, looks)
            label = self._label(element, looks, level, within, start)
            self._put_paragraph(
                pieces, looks, level, label, None if within is None else within.level
            )
        self._put_boxes()

    def _label(
        self, element: Element, looks: Looks, level: int, within: _List | None, start: int | None
    ) -> str:
        label = ""
        if within is not None and within.style:
            label = self._shared.styles.label(within.style, within.counter, within.level, start)
        if level and element.get("text:is-list-header") != "true" and within is None:
            label = self._heading_label(element, looks, level)
        return label

    def _put_paragraph(
        self, pieces: list[Piece], looks: Looks, level: int, label: str, depth: int | None
    ) -> None:
        text = rich_text(pieces)
        if not text:
            return
        if level and word_count(text.text) <= _LONGEST_HEADING:
            plain = rich_text(each._replace(styles=each.styles - {BOLD}) for each in pieces)
            if "title" in looks.names and not self._shared.title:
                self._shared.title = " ".join(text.text.split())
            self._put(Heading(_labelled(label, plain), level))
        elif depth is not None and label and not level:
            self._put(ItemList((Item(label, text, depth),)))
        elif "quotations" in looks.names:
            self._put(Quotation((Paragraph(text),)))
        else:
            self._put(Paragraph(_labelled(label, text)))

    def _heading_label(self, element: Element, looks: Looks, level: int) -> str:
        if element.tag != "text:h":
            return ""
        own = looks.list_style
        counter = self._shared.last.setdefault(own, Counter()) if own else self._shared.headings
        restart = element.get("text:restart-numbering") == "true"
        start = _number(element.get("text:start-value")) if restart else None
        return self._shared.styles.label(own, counter, min(level, LEVELS) - 1, start)

    @staticmethod
    def _level(element: Element, looks: Looks) -> int:
        if element.tag == "text:h":
            return _number(element.get("text:outline-level")) or looks.level or 1
        return 1 if "title" in looks.names else 0

    def _list(self, element: Element, above: _List | None) -> None:
        """A list, with the lists in it."""
        shared = self._shared
        style = element.get("text:style-name") or (above.style if above else "")
        continued = element.get("text:continue-list")
        if above is not None:
            counter, level = above.counter, min(above.level + 1, LEVELS - 1)
            if style != above.style:
                counter = Counter()
        else:
            level = 0
            if continued in shared.by_id:
                counter = shared.by_id[continued or ""]
            elif element.get("text:continue-numbering") == "true" and style in shared.last:
                counter = shared.last[style]
            else:
                counter = Counter()
        shared.last[style] = counter
        name = element.get("xml:id")
        if name:
            shared.by_id[name] = counter
        opened = _List(style, counter, level)
        for each in element:
            if each.tag in ("text:list-item", "text:list-header"):
                self._item(each, opened)

    def _item(self, item: Element, opened: _List) -> None:
        first = item.tag == "text:list-item"
        start = _number(item.get("text:start-value"))
        for each in item:
            if each.tag == "text:list":
                self._list(each, opened)
            elif each.tag in ("text:p", "text:h") and first:
                own = self._shared.styles.looks("paragraph", each.get("text:style-name")).list_style
                style = opened.style or own
                self._paragraph(each, _List(style, opened.counter, opened.level), start)
                first = False
            elif each.tag == "text:p" and self._goes_on(each):
                continue
            else:
                self._block(each)

    def _goes_on(self, paragraph: Element) -> bool:
        """Add a further paragraph of an item to it."""
        before = self._blocks[-1] if self._blocks else None
        if not isinstance(before, ItemList):
            return False
        looks = self._shared.styles.looks("paragraph", paragraph.get("text:style-name"))
        pieces = [*self._pieces(paragraph, looks.marks, hidden=looks.hidden)]
        last = before.items[-1]
        text = rich_text([*last.text.pieces(), Piece("\n"), *pieces])
        self._blocks[-1] = ItemList((*before.items[:-1], Item(last.mark, text, last.depth)))
        self._put_boxes()
        return True

    def _numbered(self, element: Element) -> None:
        style = element.get("text:style-name", "")
        level = min((_number(element.get("text:level")) or 1), LEVELS) - 1
        counter = self._shared.by_id.setdefault(element.get("text:list-id") or style, Counter())
        for each in element:
            if each.tag in ("text:p", "text:h"):
                start = _number(element.get("text:start-value"))
                self._paragraph(each, _List(style, counter, level), start)

    def _pieces(
        self, element: Element, styles: frozenset[Style], *, hidden: bool
    ) -> Iterator[Piece]:
        """The text of a paragraph or a part of it; what is hidden is accounted for."""
        if element.text:
            yield from self._shown(element.text, styles, hidden=hidden)
        for each in element:
            yield from self._part(each, styles, hidden=hidden)
            if each.tail:
                yield from self._shown(each.tail, styles, hidden=hidden)

    def _shown(self, text: str, styles: frozenset[Style], *, hidden: bool) -> Iterator[Piece]:
        # A line that ends in the file ends for nobody else.
        said = readable(text.replace("\n", " "))
        if hidden:
            self._shared.account.text(Furniture.HIDDEN, said)
        else:
            yield Piece(said, styles)

    def _part(self, each: Element, styles: frozenset[Style], *, hidden: bool) -> Iterator[Piece]:
        tag = each.tag
        if tag == "text:span":
            looks = self._shared.styles.looks("text", each.get("text:style-name"))
            yield from self._pieces(each, styles | looks.marks, hidden=hidden or looks.hidden)
        elif tag == "text:a":
            address = link(each.get("xlink:href", ""))
            yield from self._pieces(each, styles | address, hidden=hidden)
        elif tag in ("text:s", "text:tab"):
            yield Piece(" ", styles)
        elif tag == "text:line-break":
            yield Piece("\n", styles)
        elif tag == "text:note":
            yield from self._note(each, hidden=hidden)
        elif tag in ("office:annotation", "loext:annotation"):
            self._leave_out(Furniture.COMMENTS, each)
        elif tag.startswith("draw:"):
            self._drawn(each)
        elif tag not in _SILENT:
            yield from self._special(each, styles, hidden=hidden)

    def _special(self, each: Element, styles: frozenset[Style], *, hidden: bool) -> Iterator[Piece]:
        if each.tag in ("text:hidden-text", "text:hidden-paragraph"):
            gone = each.get("text:is-hidden", "true") == "true"
            said = each.text or (each.get("text:string-value") if gone else "") or ""
            yield from self._shown(said, styles, hidden=hidden or gone)
        elif each.tag == "text:ruby":
            yield from self._ruby(each, styles, hidden=hidden)
        else:
            yield from self._pieces(each, styles, hidden=hidden)

    def _ruby(self, ruby: Element, styles: frozenset[Style], *, hidden: bool) -> Iterator[Piece]:
        for each in ruby:
            yield from self._pieces(each, styles, hidden=hidden or each.tag == "text:ruby-text")

    def _note(self, note: Element, *, hidden: bool) -> Iterator[Piece]:
        body = child(note, "text:note-body")
        if body is None:
            return
        if hidden:
            self._leave_out(Furniture.HIDDEN, body)
            return
        citation = child(note, "text:note-citation")
        said = "" if citation is None else "".join(citation.itertext()).strip()
        mark, number = said or "1", 1
        while mark in self._shared.marks:
            number += 1
            mark = str(number)
        self._shared.marks.add(mark)
        self._shared.written.append(Note(mark, as_text(Walker(self._shared).walk(body))))
        yield note_sign(mark)

    def _drawn(self, element: Element) -> None:
        """A picture, a text box, something of another program."""
        account = self._shared.account
        tag = element.tag
        if tag == "draw:image":
            account.thing(Furniture.PICTURES)
        elif tag in ("draw:object", "draw:object-ole", "draw:plugin", "draw:floating-frame"):
            formula = any(each.tag.startswith("math:") for each in element.iter())
            account.thing(Furniture.EQUATIONS if formula else Furniture.EMBEDDED)
        elif tag in ("text:p", "text:h", "text:list", "table:table"):
            self._boxes += Walker(self._shared).walk([element])
        elif tag == "draw:frame" and _is_object(element):
            # The picture beside an object is that of the object.
            for each in element:
                if each.tag != "draw:image":
                    self._drawn(each)
        elif tag not in _SILENT:
            for each in element:
                self._drawn(each)

    def _table(self, table: Element) -> None:
        rows: list[list[list[Block]]] = []
        marked = 0
        pending: dict[int, tuple[int, list[Block]]] = {}
        for row, is_title in _rows(table):
            if row.get("table:visibility") in ("collapse", "filter"):
                self._leave_out(Furniture.HIDDEN, row)
                continue
            marked += is_title and marked == len(rows)
            rows.append(self._row(row, pending))
        if lays_out(rows, marked=marked):
            seen: set[int] = set()
            for cell in (cell for each in rows for cell in each):
                if id(cell) not in seen:
                    seen.add(id(cell))
                    for block in cell:
                        self._put(block)
            return
        texts = [[as_text(cell) for cell in each] for each in rows]
        self._put(titled(texts, marked=marked, styled=True))

    def _row(self, row: Element, pending: dict[int, tuple[int, list[Block]]]) -> list[list[Block]]:
        cells: list[list[Block]] = []
        for each in row:
            if each.tag not in ("table:table-cell", "table:covered-table-cell"):
                continue
            at = len(cells)
            left, above = pending.pop(at, (0, []))
            if each.tag == "table:covered-table-cell":
                repeated = _number(each.get("table:number-columns-repeated")) or 1
                cells.append(above)
                if left > 1:
                    pending[at] = (left - 1, above)
                cells += [[] for _ in range(min(repeated, _MOST_REPEATED) - 1)]
                continue
            blocks = Walker(self._shared).walk(each)
            spanned = _number(each.get("table:number-rows-spanned")) or 1
            if spanned > 1:
                pending[at] = (spanned - 1, blocks)
            repeated = _number(each.get("table:number-columns-repeated")) or 1
            cells += [blocks for _ in range(min(repeated, _MOST_REPEATED))]
        return cells


def all_text(element: Element) -> str:
    """All text of an element, as far as it can be seen in one line."""
    parts: list[str] = [element.text or ""]
    for each in element:
        if each.tag in ("text:tab", "text:s", "text:line-break"):
            parts.append(" ")
        elif each.tag not in ("text:p", "text:h"):
            parts.append(all_text(each))
        parts.append(each.tail or "")
    return "".join(parts)


def _rows(table: Element) -> Iterator[tuple[Element, bool]]:
    """The rows of a table, each with whether it is one of titles."""
    for each in table:
        if each.tag == "table:table-row":
            yield each, False
        elif each.tag == "table:table-header-rows":
            yield from ((row, True) for row, _ in _rows(each))
        elif each.tag in ("table:table-rows", "table:table-row-group"):
            yield from _rows(each)


def _is_object(frame: Element) -> bool:
    return any(each.tag in ("draw:object", "draw:object-ole") for each in frame)


def _labelled(label: str, text: RichText) -> RichText:
    return rich_text([Piece(f"{label} "), *text.pieces()]) if label else text


def _number(said: str | None) -> int | None:
    return int(said) if said is not None and said.isdecimal() else None
