"""Lists as word processors save them: paragraphs with typed marks, lists beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.blocks.building import MARK
from knowledge.files.html.css import Sheet
from knowledge.files.html.tree import Element

_TYPED = re.compile(
    r"\s*([·•▪◦●○■□–—§Øüvo\uf000-\uf0ff*-]|\(?[0-9A-Za-z]{1,5}[.)]|\d+(?:\.\d+)+[.)]?)[\s\u00a0]{2,}"
)
_SIGNS = re.compile(r"[·•▪◦●○■□§Øüvo\uf000-\uf0ff]")
_LEVEL = re.compile(r"level(\d)")
_POINTS = re.compile(r"(-?[\d.]+)(pt|cm|in|px|mm)")
_IN_POINTS = {"pt": 1.0, "cm": 28.35, "in": 72.0, "px": 0.75, "mm": 2.835}
_INDENT = 36.0
_KIX = re.compile(r"(lst-kix_[\w-]+?)-(\d)")
_COUNTED = re.compile(r"counter\([\w-]+(?:,\s*([\w-]+))?\)\s*\"([^\"]*)\"")
LIST_TYPES = {
    "decimal": "1",
    "lower-latin": "a",
    "lower-alpha": "a",
    "upper-latin": "A",
    "upper-alpha": "A",
    "lower-roman": "i",
    "upper-roman": "I",
}


def mend_lists(root: Element, sheet: Sheet) -> None:
    """Make lists in lists of what Word and Google Docs save in their place, within the tree."""
    for parent in [*root.all()]:
        children = parent.children
        if any(isinstance(each, Element) and _level(each, sheet) is not None for each in children):
            parent.children = [*_nested(children, parent, sheet)]


def _nested(
    children: Iterable[Element | str], parent: Element, sheet: Sheet
) -> Iterable[Element | str]:
    found: list[Element | str] = []
    open_lists: list[tuple[int, Element]] = []
    for each in children:
        level = _level(each, sheet) if isinstance(each, Element) else None
        if level is None or not isinstance(each, Element):
            if not isinstance(each, str) or each.strip():
                open_lists = []
            found.append(each)
            continue
        items = [_item_of(each)] if each.tag == "p" else each.children
        while open_lists and open_lists[-1][0] > level:
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < level or each.tag != "p":
            if open_lists and open_lists[-1][0] == level:
                open_lists.pop()
            made = Element("ul") if each.tag == "p" else each
            items = items if each.tag == "p" else []
            above = open_lists[-1][1] if open_lists else None
            last = _last_item(above) if above is not None else None
            made.parent = last or parent
            (last.children if last is not None else found).append(made)
            open_lists.append((level, made))
        target = open_lists[-1][1]
        for item in items:
            if isinstance(item, Element):
                item.parent = target
            target.children.append(item)
    return found


def _level(element: Element, sheet: Sheet) -> int | None:  # noqa: PLR0911
    """How deep an item or list stands that a word processor saved; None for all else."""
    if element.tag == "p" and element.attributes:
        if not any(
            each.startswith("msolist") for each in element.names
        ) and "mso-list" not in element.get("style"):
            return None
        typed = _TYPED.match(_raw(element))
        if typed is None:
            return None
        style = sheet.style(element)
        found = _LEVEL.search(style.get("mso-list", ""))
        if found:
            return int(found[1]) - 1
        points = _POINTS.match(style.get("margin-left", ""))
        return round(float(points[1]) * _IN_POINTS[points[2]] / _INDENT) if points else 0
    if element.tag in ("ul", "ol") and element.attributes:
        kix = _KIX.search(element.get("class"))
        if kix is None:
            return None
        _give_type(element, sheet, kix[0])
        return int(kix[2])
    return None


def _give_type(element: Element, sheet: Sheet, name: str) -> None:
    counted = _COUNTED.search(sheet.marks.get(name, ""))
    if counted and element.tag == "ol" and "data-delimiter" not in element.attributes:
        kind = LIST_TYPES.get(counted[1] or "decimal", "1")
        element.attributes = {
            **element.attributes,
            "type": kind,
            "data-delimiter": counted[2].strip(),
        }


def _item_of(paragraph: Element) -> Element:
    typed = _TYPED.match(_raw(paragraph))
    mark = typed[1] if typed else "•"
    item = Element("li", {MARK: "•" if _SIGNS.fullmatch(mark) else mark}, paragraph.parent)
    item.children = paragraph.children
    item.words, item.linked = paragraph.words, paragraph.linked
    for each in item.children:
        if isinstance(each, Element):
            each.parent = item
    if typed:
        _without(item, typed.end())
    return item


def _without(element: Element, count: int) -> int:
    """Take the first `count` characters out of an element; returns how many are left to take."""
    for at, each in enumerate(element.children):
        if not count:
            break
        if isinstance(each, str):
            element.children[at] = each[count:]
            count = max(count - len(each), 0)
        else:
            count = _without(each, count)
    return count


def _raw(element: Element) -> str:
    """All its text in a row, without any sign of where blocks end."""
    parts: list[str] = []
    coming: list[Element | str] = [element]
    while coming:
        each = coming.pop()
        if isinstance(each, str):
            parts.append(each)
        else:
            coming += reversed(each.children)
    return "".join(parts)


def _last_item(above: Element) -> Element | None:
    return next(
        (
            each
            for each in reversed(above.children)
            if isinstance(each, Element) and each.tag == "li"
        ),
        None,
    )
