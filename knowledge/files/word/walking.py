"""From the parts of a Word file to blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from knowledge.blocks.richtext import BOLD, Piece, RichText, note_sign, rich_text
from knowledge.files.account import Account
from knowledge.files.cells import lays_out, titled
from knowledge.files.packages import Package, Relation, child, texts, value
from knowledge.files.word.inline import Line, Lines, chosen
from knowledge.files.word.notes import Notes
from knowledge.files.word.numbering import Label, Numbering
from knowledge.files.word.styles import Style, Styles, is_on, outline_level

_CONTENTS_TITLE = re.compile(
    r"(?:table of contents|contents|table des mati[èe]res|sommaire|list of (?:figures|tables)"
    r"|(?:table|liste) des (?:illustrations|figures|tableaux)|index)\s*:?",
    re.IGNORECASE,
)
_GALLERIES = ("table of contents", "table of figures", "table of authorities")
_AROUND = ("w:ins", "w:moveTo", "w:customXml", "w:smartTag", "w:sdtContent")
_LONGEST_HEADING = 40
"""Words; what is longer is a text of the outline, and can be quoted."""


@dataclass(slots=True)
class Shared:
    """What all parts of a file have together."""

    package: Package
    styles: Styles
    numbering: Numbering
    notes: Notes
    account: Account = field(default_factory=Account)
    written: list[Note] = field(default_factory=list)
    title: str = ""


class Walker:
    """Reads one part of a file, or a text box in it."""

    def __init__(
        self, shared: Shared, relations: Mapping[str, Relation], lines: Lines | None = None
    ) -> None:
        self._shared = shared
        self._relations = relations
        # Fields that are open go on from cell to cell.
        self._lines = Lines(shared.styles, relations) if lines is None else lines
        self._blocks: list[Block] = []
        self._carried: list[Piece] = []
        self._was_contents = False

    def walk(self, container: Element) -> list[Block]:
        """The blocks of all that stands in an element."""
        self._within(container)
        if self._carried:
            self._put(Paragraph(rich_text(self._carried)))
        return self._blocks

    def _within(self, container: Iterable[Element], gone: Furniture | None = None) -> None:
        for each in container:
            tag = each.tag
            if tag == "w:p":
                self._paragraph(each, gone)
            elif tag == "w:tbl":
                self._table(each, gone)
            elif tag == "w:sdt":
                self._control(each, gone)
            elif tag in _AROUND:
                self._within(each, gone)
            elif tag in ("w:del", "w:moveFrom"):
                self._within(each, Furniture.DELETED)
            elif tag == "mc:AlternateContent":
                self._within(chosen(each), gone)
            elif tag in ("w:altChunk", "w:subDoc"):
                self._shared.account.thing(Furniture.EMBEDDED)
            elif tag in ("m:oMath", "m:oMathPara"):
                self._shared.account.text(Furniture.EQUATIONS, " ".join(texts(each, "m:t")))

    def _control(self, control: Element, gone: Furniture | None) -> None:
        gallery = value(control, "w:sdtPr", "w:docPartObj", "w:docPartGallery") or ""
        if gallery.lower() in _GALLERIES:
            gone = gone or Furniture.CONTENTS
        self._within(_content(control), gone)

    def _paragraph(self, paragraph: Element, gone: Furniture | None) -> None:
        properties = child(paragraph, "w:pPr")
        style = self._shared.styles.paragraph(value(properties, "w:pStyle"))
        if style.is_contents:
            gone = gone or Furniture.CONTENTS
        elif style.level is not None:
            # A field that nobody closed would take the whole text with it.
            self._lines.leave_contents()
        base = style.toggles.over(self._shared.styles.base)
        line = self._lines.line(paragraph, base, gone)
        contents = self._account(line)
        blocks = [*self._drawn(line.drawn, gone)]
        pieces = [*self._carried, *self._with_notes(line)]
        deleted = child(properties, "w:rPr", "w:del") is not None
        drop_cap = value(properties, "w:framePr", name="w:dropCap") in ("drop", "margin")
        if gone is None and (deleted or drop_cap):
            self._carried = pieces
        else:
            self._carried = []
            if gone is None and not (contents and not line.has_text):
                self._put_paragraph(properties, style, pieces, line)
        if contents:
            self._leave_out_contents_title()
        for each in blocks:
            self._put(each)

    def _put_paragraph(
        self, properties: Element | None, style: Style, pieces: list[Piece], line: Line
    ) -> None:
        text = rich_text(pieces)
        if not text and line.gone:
            # All of it is hidden or deleted, and its number with it.
            return
        label = self._shared.numbering.label(properties, style)
        if not text:
            return
        level = self._level(properties, style)
        if level is not None and word_count(text.text) <= _LONGEST_HEADING:
            plain = rich_text(each._replace(styles=each.styles - {BOLD}) for each in pieces)
            if style.is_title and not self._shared.title:
                self._shared.title = " ".join(text.text.split())
            self._put(Heading(_labelled(label, plain), level))
        elif label is not None and label.text and level is None:
            self._put(ItemList((Item(label.text, text, label.level),)))
        elif style.is_quotation:
            self._put(Quotation((Paragraph(_labelled(label, text)),)))
        else:
            self._put(Paragraph(_labelled(label, text)))

    @staticmethod
    def _level(properties: Element | None, style: Style) -> int | None:
        said = value(properties, "w:outlineLvl")
        if said is not None:
            return outline_level(said)
        return 1 if style.level is None and style.is_title else style.level

    def _put(self, block: Block) -> None:
        """Add a block; items and quotations that follow each other are one."""
        before = self._blocks[-1] if self._blocks else None
        if isinstance(block, ItemList) and isinstance(before, ItemList):
            self._blocks[-1] = ItemList(before.items + block.items)
        elif isinstance(block, Quotation) and isinstance(before, Quotation):
            self._blocks[-1] = Quotation(before.blocks + block.blocks)
        else:
            self._blocks.append(block)

    def _with_notes(self, line: Line) -> Iterator[Piece]:
        notes = dict[int, list[Element]]()
        for at, each in line.notes:
            notes.setdefault(at, []).append(each)
        for at in range(len(line.pieces) + 1):
            for each in notes.get(at, ()):
                yield from self._note(each, line, at)
            if at < len(line.pieces):
                yield line.pieces[at]

    def _note(self, reference: Element, line: Line, at: int) -> Iterator[Piece]:
        custom = ""
        if is_on(reference.get("w:customMarkFollows"), absent=False) and at < len(line.pieces):
            custom = line.pieces[at].text.strip()
            line.pieces[at] = Piece("")
        found = self._shared.notes.referred(reference, custom)
        if found is None:
            return
        walker = Walker(self._shared, found.relations)
        text = as_text(walker.walk(found.element))
        if custom and text.text.startswith(custom):
            text = rich_text(_without_start(text, len(custom)))
        self._shared.written.append(Note(found.mark, text))
        yield note_sign(found.mark)

    def _account(self, line: Line) -> bool:
        """Note what was left out; whether that is a line of a table of contents."""
        kinds: dict[Furniture, list[str]] = {}
        for what, text in line.gone:
            kinds.setdefault(what, []).append(text)
        for what, parts in kinds.items():
            text = "".join(parts)
            if what is Furniture.CONTENTS:
                self._shared.account.text(what, text, 0 if self._was_contents else 1)
            elif text.strip():
                self._shared.account.text(what, text)
            elif what in (Furniture.EQUATIONS, Furniture.EMBEDDED):
                self._shared.account.thing(what)
        for what, each in line.unseen:
            self._shared.account.text(what, self._shared.notes.text(each))
        contents = Furniture.CONTENTS in kinds
        if contents or line.has_text:
            self._was_contents = contents
        return contents

    def _leave_out_contents_title(self) -> None:
        """Leave out the line “Contents” above the first line of them."""
        last = self._blocks[-1] if self._blocks else None
        if isinstance(last, Heading | Paragraph) and _CONTENTS_TITLE.fullmatch(last.text.text):
            self._blocks.pop()
            self._shared.account.text(Furniture.CONTENTS, last.text.text, 0)

    def _drawn(self, drawn: Sequence[Element], gone: Furniture | None) -> Iterator[Block]:
        account = self._shared.account
        for each in drawn:
            for box in _topmost(each, "w:txbxContent"):
                if gone is None:
                    yield from Walker(self._shared, self._relations).walk(box)
                else:
                    account.text(gone, " ".join(texts(box, "w:t")))
            shown = " ".join(texts(each, "a:t"))
            parts = [
                self._relations[target].target
                for inner in each.iter()
                for target in (inner.get("r:id", ""), inner.get("r:dm", ""))
                if inner.tag in ("c:chart", "dgm:relIds") and target in self._relations
            ]
            for part in parts:
                root = self._shared.package.xml(part)
                words = () if root is None else texts(root, "a:t", "c:v")
                account.text(Furniture.EMBEDDED, " ".join(words))
            if shown:
                account.text(Furniture.EMBEDDED, shown)
            for inner in each.iter():
                if inner.tag == "v:textpath" and inner.get("string", "").strip():
                    yield Paragraph(rich_text([Piece(inner.get("string", ""))]))
                elif inner.tag == "o:OLEObject":
                    is_formula = inner.get("ProgID", "").startswith("Equation")
                    account.thing(Furniture.EQUATIONS if is_formula else Furniture.EMBEDDED)
                elif inner.tag.endswith("/picture}pic") or (
                    inner.tag == "v:imagedata" and each.tag == "w:pict"
                ):
                    account.thing(Furniture.PICTURES)

    def _table(self, table: Element, gone: Furniture | None) -> None:
        if gone is not None:
            self._shared.account.text(gone, " ".join(texts(table, "w:t", "w:delText")))
            return
        rows: list[list[list[Block]]] = []
        marked = 0
        for row in _flat(table, "w:tr"):
            if child(row, "w:trPr", "w:del") is not None:
                words = " ".join(texts(row, "w:t", "w:delText"))
                self._shared.account.text(Furniture.DELETED, words)
                continue
            header = child(row, "w:trPr", "w:tblHeader")
            if header is not None and is_on(header.get("w:val"), absent=True):
                marked += marked == len(rows)
            rows.append(self._row(row, rows[-1] if rows else []))
        looks = child(table, "w:tblPr", "w:tblLook")
        if lays_out(rows, marked=marked):
            seen: set[int] = set()
            for row_blocks in rows:
                for cell in row_blocks:
                    if id(cell) not in seen:
                        seen.add(id(cell))
                        for each in cell:
                            self._put(each)
            return
        made = titled(
            [[as_text(cell) for cell in row_blocks] for row_blocks in rows],
            marked=marked,
            styled=looks is not None and _first_row(looks),
        )
        self._put(made)

    def _row(self, row: Element, above: list[list[Block]]) -> list[list[Block]]:
        """The cells of a row; one that goes over several rows is the same list in each."""
        skipped = value(row, "w:trPr", "w:gridBefore") or "0"
        cells: list[list[Block]] = [
            [] for _ in range(min(int(skipped), 63) if skipped.isdecimal() else 0)
        ]
        for cell in _flat(row, "w:tc"):
            properties = child(cell, "w:tcPr")
            if child(properties, "w:cellDel") is not None:
                self._shared.account.text(
                    Furniture.DELETED, " ".join(texts(cell, "w:t", "w:delText"))
                )
                continue
            merged = child(properties, "w:vMerge")
            own = Walker(self._shared, self._relations, self._lines).walk(cell)
            goes_on = merged is not None and merged.get("w:val", "continue") == "continue"
            if goes_on and not own and len(cells) < len(above):
                own = above[len(cells)]
            cells.append(own)
            span = value(properties, "w:gridSpan") or "1"
            cells += [[] for _ in range(min(int(span), 63) - 1 if span.isdecimal() else 0)]
        return cells


def _labelled(label: Label | None, text: RichText) -> RichText:
    if label is None or not label.text:
        return text
    return rich_text([Piece(label.text + ("" if label.close else " ")), *text.pieces()])


def _without_start(text: RichText, count: int) -> Iterator[Piece]:
    for each in text.pieces():
        yield each._replace(text=each.text[count:])
        count = max(count - len(each.text), 0)


def _flat(container: Iterable[Element], name: str) -> Iterator[Element]:
    """The rows of a table, or the cells of a row, whatever stands around them."""
    for each in container:
        if each.tag == name:
            yield each
        elif each.tag == "w:sdt":
            yield from _flat(_content(each), name)
        elif each.tag in _AROUND:
            yield from _flat(each, name)


def _content(control: Element) -> Iterable[Element]:
    found = child(control, "w:sdtContent")
    return () if found is None else found


def _topmost(element: Element, name: str) -> Iterator[Element]:
    """The elements of a name that are in no other of it, of several forms one."""
    for each in element:
        if each.tag == name:
            yield each
        else:
            yield from _topmost(chosen(each) if each.tag == "mc:AlternateContent" else each, name)


def _first_row(looks: Element) -> bool:
    said = looks.get("w:firstRow")
    if said is not None:
        return is_on(said, absent=False)
    try:
        return bool(int(looks.get("w:val", "0"), 16) & 0x20)
    except ValueError:
        return False
