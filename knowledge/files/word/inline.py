"""The text of a Word file's paragraphs: runs, fields, and what of them nobody sees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from knowledge.blocks.reading import Furniture
from knowledge.blocks.richtext import BOLD, ITALIC, STRIKE, Piece, Style, link
from knowledge.files.packages import Relation, child, texts, value
from knowledge.files.symbols import readable, symbol
from knowledge.files.word.styles import Styles, Toggles, is_on, toggles

CONTENTS = ("TOC", "INDEX", "TOA")
_ADDRESS = re.compile(r'\s*HYPERLINK\s+"([^"]*)"', re.IGNORECASE)
_KEPT = (
    "w:ins",
    "w:moveTo",
    "w:smartTag",
    "w:customXml",
    "w:bdo",
    "w:dir",
    "w:rubyBase",
    "w:sdtContent",
)
_SIGNS = {
    "w:tab": "\t",
    "w:ptab": "\t",
    "w:br": "\n",
    "w:cr": "\n",
    "w:noBreakHyphen": "-",
    "w:softHyphen": "",
}
_FORMULA = {
    *("m:oMathPara", "m:oMath", "m:r", "m:t", "m:rPr", "m:sty", "m:scr", "m:nor", "m:lit"),
    *("m:ctrlPr", "m:oMathParaPr", "m:jc", "m:aln", "m:brk"),
}
"""What a formula has that is one row of signs."""


@dataclass(slots=True)
class Field:
    """A field that is open."""

    instruction: str = ""
    in_result: bool = False

    @property
    def is_contents(self) -> bool:
        """Whether its result is a table of contents or the like."""
        return self.instruction.upper().split()[:1] in [[each] for each in CONTENTS]

    @property
    def address(self) -> frozenset[Style]:
        """The link that its result is."""
        found = _ADDRESS.match(self.instruction)
        return link(found[1]) if found else frozenset()


@dataclass(slots=True)
class Line:
    """What stands in a paragraph.

    Attributes:
        pieces: Its text.
        gone: What of it was left out.
        notes: The references to notes in it, and the number of the piece before which each stands.
        unseen: References to notes in what was left out, each with why that was.
        drawn: Pictures, text boxes and the like.
    """

    pieces: list[Piece] = field(default_factory=list)
    gone: list[tuple[Furniture, str]] = field(default_factory=list)
    notes: list[tuple[int, Element]] = field(default_factory=list)
    unseen: list[tuple[Furniture, Element]] = field(default_factory=list)
    drawn: list[Element] = field(default_factory=list)

    @property
    def has_text(self) -> bool:
        """Whether anything in it is seen."""
        return any(each.text.strip() for each in self.pieces)


class Lines:
    """Reads the paragraphs of one part of a file, in order."""

    def __init__(self, styles: Styles, relations: Mapping[str, Relation]) -> None:
        self._styles = styles
        self._relations = relations
        self._fields: list[Field] = []
        self._gone: list[Furniture] = []
        self._links: list[frozenset[Style]] = []
        self._base = Toggles()
        self._line = Line()

    @property
    def in_contents(self) -> bool:
        """Whether a table of contents is open."""
        return any(each.is_contents and each.in_result for each in self._fields)

    def leave_contents(self) -> None:
        """Close tables of contents that are open: the text begins."""
        self._fields = [each for each in self._fields if not each.is_contents]

    def line(self, paragraph: Element, base: Toggles, gone: Furniture | None) -> Line:
        """What stands in a paragraph.

        Args:
            paragraph: A `w:p`.
            base: How its style sets letters.
            gone: Why all of it is to be left out, if it is.
        """
        self._line = line = Line()
        self._base = base
        self._gone = [gone] if gone else []
        self._within(paragraph)
        return line

    def _within(self, element: Element) -> None:
        for each in element:
            self._part(each)

    def _part(self, each: Element) -> None:
        tag = each.tag
        if tag == "w:r":
            self._run(each)
        elif tag in _KEPT:
            self._within(each)
        elif tag in ("w:del", "w:moveFrom"):
            self._leaving_out(Furniture.DELETED, each)
        elif tag == "w:hyperlink":
            relation = self._relations.get(each.get("r:id", ""))
            target = relation.target if relation is not None and relation.outside else ""
            self._links.append(link(target))
            self._within(each)
            self._links.pop()
        elif tag == "w:fldSimple":
            self._fields.append(Field(each.get("w:instr", ""), in_result=True))
            self._within(each)
            self._fields.pop()
        elif tag == "w:sdt":
            self._control(each)
        elif tag in ("m:oMath", "m:oMathPara"):
            self._formula(each)
        elif tag == "mc:AlternateContent":
            self._within(chosen(each))

    def _control(self, control: Element) -> None:
        content = child(control, "w:sdtContent")
        if content is None:
            return
        asks = child(control, "w:sdtPr", "w:showingPlcHdr")
        if asks is not None and is_on(asks.get("w:val"), absent=True):
            self._leaving_out(Furniture.FORM, content)
        else:
            self._within(content)

    def _leaving_out(self, what: Furniture, element: Element) -> None:
        self._gone.append(what)
        self._within(element)
        self._gone.pop()

    def _run(self, run: Element) -> None:
        properties = child(run, "w:rPr")
        base = self._base
        style = value(properties, "w:rStyle")
        if style is not None:
            base = self._styles.letters(style).within(base)
        looks = toggles(properties).over(base)
        font = value(properties, "w:rFonts", name="w:ascii") or ""
        styles = frozenset(
            each
            for each, on in ((BOLD, looks.bold), (ITALIC, looks.italic), (STRIKE, looks.strike))
            if on
        )
        if looks.hidden:
            self._gone.append(Furniture.HIDDEN)
        for each in run:
            self._in_run(each, styles, font)
        if looks.hidden:
            self._gone.pop()

    def _in_run(self, each: Element, styles: frozenset[Style], font: str) -> None:
        tag = each.tag
        if tag == "w:t":
            self._add(readable((each.text or "").replace("\n", " "), font), styles)
        elif tag in _SIGNS:
            self._add(_SIGNS[tag], styles)
        elif tag == "w:delText":
            self._line.gone.append((Furniture.DELETED, each.text or ""))
        elif tag in ("w:footnoteReference", "w:endnoteReference"):
            why = self._why_gone()
            if why is None:
                self._line.notes.append((len(self._line.pieces), each))
            else:
                self._line.unseen.append((why, each))
        elif tag in ("w:drawing", "w:pict", "w:object"):
            self._line.drawn.append(each)
        elif tag == "mc:AlternateContent":
            for inner in chosen(each):
                self._in_run(inner, styles, font)
        else:
            self._special(each, styles)

    def _special(self, each: Element, styles: frozenset[Style]) -> None:
        tag = each.tag
        if tag == "w:sym":
            self._symbol(each, styles)
        elif tag == "w:fldChar":
            self._field(each.get("w:fldCharType", ""))
        elif tag == "w:instrText":
            if self._fields and not self._fields[-1].in_result:
                self._fields[-1].instruction += each.text or ""
        elif tag == "w:ruby":
            self._ruby(each)

    def _add(self, text: str, styles: frozenset[Style]) -> None:
        why = self._why_gone()
        if why is None and any(not each.in_result for each in self._fields):
            why = Furniture.HIDDEN
        if why is not None:
            self._line.gone.append((why, text))
            return
        address = next((each for each in reversed(self._links) if each), frozenset())
        address = address or next(
            (each.address for each in reversed(self._fields) if each.address), frozenset()
        )
        self._line.pieces.append(Piece(text, styles | address))

    def _why_gone(self) -> Furniture | None:
        if self._gone:
            return self._gone[-1]
        return Furniture.CONTENTS if self.in_contents else None

    def _symbol(self, element: Element, styles: frozenset[Style]) -> None:
        try:
            code = int(element.get("w:char", ""), 16)
        except ValueError:
            return
        shown = symbol(code, element.get("w:font", ""))
        if shown:
            self._add(shown, styles)
        else:
            self._line.gone.append((Furniture.EMBEDDED, ""))

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].in_result = True
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            if ended.instruction.split()[:1] == ["EQ"] and not ended.in_result:
                self._line.gone.append((Furniture.EQUATIONS, ""))

    def _ruby(self, ruby: Element) -> None:
        for each in ruby:
            if each.tag == "w:rubyBase":
                self._within(each)
            elif each.tag == "w:rt":
                self._leaving_out(Furniture.HIDDEN, each)

    def _formula(self, formula: Element) -> None:
        shown = " ".join(texts(formula, "m:t"))
        if all(each.tag in _FORMULA or not each.tag.startswith("m:") for each in formula.iter()):
            self._add("".join(texts(formula, "m:t")), frozenset())
        else:
            self._line.gone.append((Furniture.EQUATIONS, shown))


def chosen(alternatives: Element) -> Element:
    """The one of several forms of the same thing that is read: the first that has text."""
    every = [each for each in alternatives if each.tag in ("mc:Choice", "mc:Fallback")]
    with_text = (each for each in every if next(texts(each, "w:t", "a:t"), None) is not None)
    return next(with_text, every[0] if every else alternatives)
