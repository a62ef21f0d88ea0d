"""Which links of a page are signs of notes, and where the notes stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.files.html.tree import BLOCKS, Element, Page, local_target

_MARK = re.compile(r"[\[(]?\s*([\w*†‡§¶-]{1,8}(?: \d{1,3})?)\s*[\])]?[.:]?")
_REFERRING = {"doc-noteref", "noteref"}
_ITEMS = {"li", "dd", "aside", "div"}


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a page.

    Attributes:
        signs: The marks of notes, by the ids of the links (`id()`) that are their signs.
        notes: The marks of notes, by the ids of the elements that have their text.
        backlinks: The ids of links from notes to where they are referred to.
    """

    signs: Mapping[int, str] = field(default_factory=dict)
    notes: Mapping[int, str] = field(default_factory=dict)
    backlinks: frozenset[int] = frozenset()


def notes_of(page: Page) -> Notes:
    """Pairs of links that lead to each other, and what they say."""
    order = {id(each): at for at, each in enumerate(page.root.all())}
    links = [each for each in page.root.all() if each.tag == "a" and local_target(each)]
    pairs: list[tuple[Element, Element]] = []
    for each in links:
        target = page.places.get(local_target(each))
        text = " ".join(each.text().split())
        if target is None or order[id(target)] <= order[id(each)] or not _MARK.fullmatch(text):
            continue
        pairs.append((each, target))
    targets = {id(target) for _, target in pairs}
    signs: dict[int, str] = {}
    notes: dict[int, str] = {}
    backlinks: set[int] = set()
    marks: dict[int, str] = {}
    taken: set[str] = set()
    links_in: dict[int, list[Element]] = {}
    places: dict[int, dict[int, int]] = {}
    for sign, target in pairs:
        block = _block(target, sign, targets)
        if id(block) not in links_in:
            links_in[id(block)] = [each for each in block.all() if each.tag == "a"]
        back = [each for each in links_in[id(block)] if _leads_to(page, each, sign)]
        if not back and not _says_so(sign, target):
            continue
        backlinks.update(map(id, back))
        mark = marks.get(id(block))
        if mark is None:
            found = _MARK.fullmatch(" ".join(sign.text().split()))
            mark = _free(found[1] if found else "*", taken)
            taken.add(mark)
            marks[id(block)] = notes[id(block)] = mark
        signs[id(sign)] = mark
        _unbracket(sign, places)
        for each in back:
            _unbracket(each, places)
    return Notes(signs, notes, frozenset(backlinks))


def _unbracket(link: Element, places: dict[int, dict[int, int]]) -> None:
    """Take away the brackets around a link.

    Args:
        link: The link.
        places: Where children stand in elements, as far as it was asked for.
    """
    at = link
    while at.parent is not None and len(at.parent.children) == 1 and at.parent.tag not in BLOCKS:
        at = at.parent
    if at.parent is None:
        return
    among = at.parent.children
    if id(at.parent) not in places:
        places[id(at.parent)] = {id(each): place for place, each in enumerate(among)}
    place = places[id(at.parent)][id(at)]
    before = among[place - 1] if place else None
    after = among[place + 1] if place + 1 < len(among) else None
    if isinstance(before, str) and isinstance(after, str):
        opening, closing = before.rstrip()[-1:], after.lstrip()[:1]
        if f"{opening}{closing}" in ("[]", "()"):
            among[place - 1] = before.rstrip()[:-1]
            among[place + 1] = after.lstrip()[1:]


def _block(target: Element, sign: Element, targets: set[int]) -> Element:
    """What has the text of the note that a link leads to."""
    at = target
    while at.tag not in BLOCKS and at.parent is not None:
        at = at.parent
    outer = at.parent
    if at.tag == "p" and outer is not None and outer.tag in _ITEMS:
        inside = {id(each) for each in outer.all()}
        if id(sign) not in inside and len(inside & targets) == 1 and _first(outer) is at:
            return outer
    return at


def _first(element: Element) -> Element | None:
    return next((each for each in element.children if isinstance(each, Element)), None)


def _leads_to(page: Page, link: Element, sign: Element) -> bool:
    target = page.places.get(local_target(link))
    if target is None:
        return False
    if target is sign or any(
        above is target for above, _ in zip(sign.above(), range(3), strict=False)
    ):
        return True
    # An anchor beside the sign, or within it.
    return target.parent is sign.parent or any(each is sign for each in target.above())


def _says_so(sign: Element, target: Element) -> bool:
    kinds = {sign.get("role"), sign.get("epub:type"), *sign.names}
    return bool(kinds & _REFERRING) or target.get("role") in ("doc-footnote", "doc-endnote")


def _free(mark: str, taken: set[str]) -> str:
    if mark not in taken:
        return mark
    number = len(taken) + 1
    while str(number) in taken:
        number += 1
    return str(number)
