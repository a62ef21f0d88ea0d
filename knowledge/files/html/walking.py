"""From the tree of a page to the events that blocks are built of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from knowledge.blocks.blocks import Block
from knowledge.blocks.building import MARK, BlockBuilder
from knowledge.blocks.reading import Furniture, LeftOut, left_out
from knowledge.files.html.css import Sheet, is_bold, is_italic
from knowledge.files.html.furniture import Judge
from knowledge.files.html.notes import Notes
from knowledge.files.html.office import LIST_TYPES
from knowledge.files.html.tables import Tables
from knowledge.files.html.tree import BLOCKS, HEADINGS, UNREAD, Element, Page

_GATHERING = {"ul", "ol", "menu", "dir", "li", "blockquote", "dl", "dt", "dd", "details", "summary"}
_TITLES = {*HEADINGS, "th", "dt", "summary"}
"""Elements that browsers embolden; their being bold says nothing."""
_CODE = {"code", "kbd", "samp", "tt"}
_BUTTONS = {"submit", "button", "reset"}
_NOT_SEEN = {Furniture.HIDDEN, Furniture.COMMENTS}
_DEEPEST = 40
"""How deep lists, quotations and the like stand in each other; what is deeper is paragraphs."""
_RAISED = dict(zip("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ", strict=True))
_LOWERED = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))


@dataclass(frozen=True, slots=True)
class Walked:
    """What became of a page.

    Attributes:
        blocks: What it says; not in normal form, its notes where they stand.
        left_out: What was left out, in the order of the page.
    """

    blocks: list[Block]
    left_out: list[LeftOut]


class Walker:
    """Walks a page once, from its body on.

    Args:
        page: The page.
        sheet: Its styles.
        judge: Tells what is furniture.
        notes: Its notes.
    """

    def __init__(self, page: Page, sheet: Sheet, judge: Judge, notes: Notes) -> None:
        self._page = page
        self._sheet = sheet
        self._judge = judge
        self._notes = notes
        self._tables = Tables()
        self._builder = BlockBuilder()
        self._gone: list[LeftOut] = []
        self._coming: list[Element | str | Callable[[], None]] = []
        self._is_on = {"b": False, "i": False}
        self._titles = 0
        self._raw = 0
        self._last = ""
        self._gap = False
        self._prefix = ""
        self._numbers: dict[int, int] = {}
        self._headed = _with_ancestors(
            each for each in page.root.all() if each.tag in HEADINGS or each.tag == "details"
        )
        self._base = _base(page.root)

    def walk(self, body: Element, main: Element) -> Walked:
        """Read what stands in `main`, and account for the rest of `body`."""
        path = {id(each) for each in main.above()} if main is not body else set()
        title = self._title_outside(body, main)
        self._coming.append(body)
        while self._coming:
            each = self._coming.pop()
            if isinstance(each, str):
                self._text(each)
            elif not isinstance(each, Element):
                each()
            elif each.tag in UNREAD:
                continue
            elif id(each) in path:
                self._outer(each, main, path, title)
            else:
                self._element(each, title)
        return Walked(self._builder.finish(), self._gone)

    def _outer(
        self, element: Element, main: Element, path: set[int], title: Element | None
    ) -> None:
        """An element that the main part stands in: account for the rest of it."""
        for child in reversed(element.children):
            if isinstance(child, str):
                if child.strip():
                    self._gone.append(left_out(Furniture.OUTSIDE, child))
            elif child is main or id(child) in path or child.tag in UNREAD:
                self._coming.append(child)
            else:
                beside = Furniture.HEADER if child.tag == "header" else Furniture.OUTSIDE
                kind = self._judge.kind(child, self._sheet.style(child)) or beside
                self._coming.append(
                    lambda child=child, kind=kind: self._leave_out(  # type: ignore[misc]
                        child, kind, title
                    )
                )

    def _title_outside(self, body: Element, main: Element) -> Element | None:
        """The title of the page, where it stands beside its text."""
        if any(each.tag == "h1" for each in main.all()) and main is not body:
            return None
        for each in body.all():
            if self._judge.is_title(each):
                hidden = any(
                    self._sheet.hides(above, self._sheet.style(above))
                    for above in (each, *each.above())
                )
                return None if hidden else each
        return None

    def _leave_out(self, element: Element, what: Furniture, title: Element | None) -> None:
        text = element.text()
        if (
            title is not None
            and what is not Furniture.HIDDEN
            and any(each is title for each in element.all())
        ):
            self._element(title, None)
            text = text.replace(title.text().strip(), "", 1)
        if what is Furniture.FORM and element.tag == "input":
            text = element.get("value")
        if what in (Furniture.EMBEDDED, Furniture.EQUATIONS) or text.strip():
            self._gone.append(left_out(what, text))
        if what not in _NOT_SEEN:
            self._gap = True

    def _element(self, element: Element, title: Element | None) -> None:
        tag = element.tag
        style = self._sheet.style(element)
        if id(element) in self._notes.backlinks:
            return
        mark = self._notes.signs.get(id(element))
        kind = self._judge.kind(element, style) if mark is None else None
        if mark is not None:
            self._builder.note(mark)
        elif kind is not None:
            self._leave_out(element, kind, title)
        elif tag == "img":
            self._picture(element)
        elif tag == "input":
            self._field(element)
        elif tag == "br":
            self._builder.start("br")
            self._last = ""
        elif tag == "hr":
            self._builder.start("hr")
        elif tag in ("sup", "sub") and (sign := _raised(element)):
            self._text(sign)
        else:
            self._container(element, style)

    def _container(self, element: Element, style: Mapping[str, str]) -> None:
        if self._raw and element.tag in BLOCKS:
            self._builder.text("\n")
            self._coming.append("\n")
            self._coming += reversed(element.children)
            return
        tag, attributes = self._named(element, style)
        ends: list[Callable[[], None]] = []
        note = self._notes.notes.get(id(element))
        if note is not None:
            tag = "div" if tag in ("li", "dd", "dt") else tag
            ends.append(self._open("note", {MARK: note}))
        if tag == "table":
            ends.append(self._tables.leave)
        if tag in _TITLES or tag == "pre":
            ends.append(self._plainly(tag))
        block = tag in BLOCKS or style.get("display") in ("block", "list-item", "flex", "grid")
        if block or tag in _CODE or tag == "a":
            ends.append(self._open(tag if tag in BLOCKS or not block else "div", attributes))
        if tag in ("s", "del", "strike") or "line-through" in style.get("text-decoration", ""):
            ends.append(self._open("s", {}))
        ends += self._emphasis(tag, style)
        if tag == "q":
            french = self._page.root.get("lang").lower().startswith("fr")
            self._text("« " if french else "“")
            ends.append(lambda: self._text(" »" if french else "”"))
        self._coming += ends
        self._coming += reversed(self._tables.in_order(element))

    def _named(  # noqa: C901 - one case after another
        self, element: Element, style: Mapping[str, str]
    ) -> tuple[str, Mapping[str, str]]:
        """The name under which the builder shall know an element, and its attributes."""
        tag, attributes = element.tag, element.attributes
        if tag in ("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"):
            is_laid_out = id(element) in self._headed
            return self._tables.named(element, is_laid_out=is_laid_out), attributes
        if tag == "dir":
            tag = "ul"
        if tag == "ol" and ("reversed" in attributes or id(element) in self._headed):
            self._numbers |= _numbers(element)
        if tag == "figure" and "callout" in element.names:
            tag = "blockquote"
        if tag in ("ul", "ol", "menu") and id(element) in self._headed:
            return "div", attributes
        if tag == "li" and element.parent is not None and id(element.parent) in self._headed:
            number = self._numbers.get(id(element))
            self._prefix = "" if number is None else f"{number}. "
            return "div", attributes
        if tag == "ol":
            listed = style.get("list-style-type") or style.get("list-style", "")
            if (
                "none" in listed.split()
                and MARK not in attributes
                and "data-delimiter" not in attributes
            ):
                tag = "ul"
            elif kind := next(
                (LIST_TYPES[each] for each in listed.split() if each in LIST_TYPES), ""
            ):
                attributes = {**attributes, "type": attributes.get("type", kind)}
        if tag == "li" and element.parent is not None and "reversed" in element.parent.attributes:
            attributes = {"value": str(self._numbers.get(id(element), 1)), **attributes}
        if tag == "a":
            href = element.get("href").strip()
            href = "" if href.startswith("#") else href
            attributes = {"href": urljoin(self._base, href) if self._base and href else href}
        if tag in _GATHERING | {"table", "pre"} and self._builder.depth >= _DEEPEST:
            tag = "div"
        return tag, attributes

    def _open(self, tag: str, attributes: Mapping[str, str]) -> Callable[[], None]:
        if tag in BLOCKS:
            self._last = ""
        self._builder.start(tag, attributes)

        def end() -> None:
            if tag in BLOCKS:
                self._last = ""
            self._builder.end(tag)

        return end

    def _plainly(self, tag: str) -> Callable[[], None]:
        """Until it ends, nothing is bold, or, in `<pre>`, all white space counts."""
        raw = int(tag == "pre")
        undo = self._switch("b", to=False)
        self._titles += 1 - raw
        self._raw += raw

        def end() -> None:
            self._titles -= 1 - raw
            self._raw -= raw
            undo()

        return end

    def _emphasis(self, tag: str, style: Mapping[str, str]) -> Iterable[Callable[[], None]]:
        bold, italic = is_bold(style), is_italic(style)
        if bold is None and tag in ("b", "strong"):
            bold = True
        if italic is None and tag in ("i", "em", "cite", "dfn", "var"):
            italic = True
        if bold is not None and not self._titles:
            yield self._switch("b", to=bold)
        if italic is not None:
            yield self._switch("i", to=italic)

    def _switch(self, key: str, *, to: bool) -> Callable[[], None]:
        before = self._is_on[key]

        def turn(to: bool) -> None:  # noqa: FBT001 - on or off
            if self._is_on[key] != to:
                self._is_on[key] = to
                (self._builder.start if to else self._builder.end)(key)

        turn(to)
        return lambda: turn(before)

    def _text(self, text: str) -> None:
        if self._raw:
            self._builder.text(text)
            return
        if text.strip():
            if self._prefix:
                text, self._prefix = self._prefix + text.lstrip(), ""
            if self._gap and self._last.isalnum() and text[0].isalnum():
                text = f" {text}"
            self._gap = False
        self._builder.text(text)
        self._last = text[-1:]

    def _picture(self, element: Element) -> None:
        alt = " ".join(element.get("alt").split())
        if any("emoji" in each or "smiley" in each for each in element.names) and alt:
            self._text(alt)
        elif alt:
            drawn = any("math" in each or "tex" in each.split("-") for each in element.names)
            what = Furniture.EQUATIONS if drawn else Furniture.PICTURES
            self._gone.append(left_out(what, ""))
            self._gap = True

    def _field(self, element: Element) -> None:
        kind = element.get("type").lower()
        if kind == "checkbox" and any(each.tag == "li" for each in element.above()):
            if not any(each.tag == "form" for each in element.above()):
                self._builder.start("input", element.attributes)
        elif kind in _BUTTONS:
            self._leave_out(element, Furniture.FORM, None)


def _with_ancestors(elements: Iterable[Element]) -> set[int]:
    found: set[int] = set()
    for element in elements:
        for each in element.above():
            if id(each) in found:
                break
            found.add(id(each))
    return found


def _base(root: Element) -> str:
    for each in root.all():
        if each.tag == "base" or (each.tag == "link" and each.get("rel").lower() == "canonical"):
            href = each.get("href").strip()
            if href.lower().startswith(("http://", "https://")):
                return href
    return ""


def _raised(element: Element) -> str:
    """A number that stands higher or lower, in signs that do; blank where there are none."""
    if any(not isinstance(each, str) for each in element.children):
        return ""
    text = "".join(each for each in element.children if isinstance(each, str)).strip()
    signs = _RAISED if element.tag == "sup" else _LOWERED
    return (
        "".join(signs.get(each, " ") for each in text)
        if text and all(each in signs for each in text)
        else ""
    )


def _items(element: Element) -> list[Element]:
    return [each for each in element.children if isinstance(each, Element) and each.tag == "li"]


def _numbers(numbered: Element) -> dict[int, int]:
    """The numbers of the items of a list, by the items' `id()`."""
    items = _items(numbered)
    down = "reversed" in numbered.attributes
    start = numbered.get("start")
    first = int(start) if re.fullmatch(r"-?\d{1,9}", start) else len(items) if down else 1
    return {id(each): first - at if down else first + at for at, each in enumerate(items)}
