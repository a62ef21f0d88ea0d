"""Links, and parts of a page that are made of links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from knowledge.blocks.reading import Furniture
from knowledge.files.html.named import is_unseen
from knowledge.files.html.tree import Element, local_target

_JUMP = re.compile(
    r"\W*(?:(?:retour |revenir )?(?:en )?haut(?: de (?:la )?page)?|retour au (?:sommaire|menu)"
    r"|(?:back to )?top(?: of page)?)\W*"
    r"|\s*(?:aller (?:au|à la|à)|passer au|acc[ée]der au|skip to|jump to|go to) .{3,40}",
    re.IGNORECASE,
)
_EDIT = re.compile(
    r"\W*(?:modifier(?: le code)?|edit(?: source)?|modifier le wikicode)\W*", re.IGNORECASE
)
_CONTENTS_TITLE = re.compile(
    r"(?:sommaire|table des mati[èe]res|contents?|table of contents|on this page"
    r"|(?:sur|dans) cette page|summary)\s*:?",
    re.IGNORECASE,
)
_CONTENTS_NAME = re.compile(r"toc|table.of.contents|sommaire")
_LISTS = {"ul", "ol", "div", "p", "table", "dl", "section", "center", "blockquote"}
_FEWEST = 3
"""Links of a table of contents."""
_MOST_OF_LINK = 5
"""Words of a link that is about the page rather than of its text."""
_PROSE = 30
"""Words of a navigation that may be called one by mistake."""


def furniture_of_link(link: Element) -> Furniture | None:
    """What a link is that is no part of the text; None for all others."""
    href = link.get("href")
    if link.words > _MOST_OF_LINK or not href:
        return None
    if is_unseen(link):
        return Furniture.HIDDEN
    text = link.text()
    if href.startswith("#"):
        if text.strip() and not link.words:
            # A sign beside a title, to copy its address.
            return Furniture.EDIT_LINKS
        if _JUMP.fullmatch(text):
            return Furniture.MENU
    return Furniture.EDIT_LINKS if "action=edit" in href and _EDIT.fullmatch(text) else None


def furniture_of_navigation(element: Element) -> Furniture | None:
    """What a part is that says it is for finding one's way; None where it is text all the same."""
    if element.words > _PROSE and element.linked < 0.25 * element.words:
        return None
    many = element.links >= _FEWEST and element.local >= 0.6 * element.words
    if many or any(map(_CONTENTS_NAME.fullmatch, element.names)):
        return Furniture.CONTENTS
    return Furniture.MENU


def is_contents(element: Element, places: Mapping[str, Element]) -> bool:
    """Whether it is a table of contents, or the title of one."""
    if element.tag in _LISTS and _leads_on(element, places):
        return True
    # A title has its contents beside it. Most elements have no such thing there.
    if element.parent is None or element.parent.links < _FEWEST or not element.parent.local:
        return False
    if not 0 < element.words <= _MOST_OF_LINK:
        return False
    if not _CONTENTS_TITLE.fullmatch(element.text().strip()):
        return False
    after = _next(element)
    return after is not None and _leads_on(after, places)


def _leads_on(element: Element, places: Mapping[str, Element]) -> bool:
    """Whether nearly all that it has are links to other places of the page."""
    if element.links < _FEWEST or not 0 < 0.8 * element.words <= element.local:
        return False
    targets = [
        places[name]
        for each in element.all()
        if each.tag == "a" and (name := local_target(each)) in places
    ]
    inside = {id(each) for each in element.all()}
    elsewhere = [each for each in targets if id(each) not in inside]
    return len(elsewhere) >= _FEWEST and not _are_signs(targets)


def _are_signs(targets: Iterable[Element]) -> bool:
    """Whether these are places in a text that refer to notes."""
    return all(any(above.tag == "sup" for above in (each, *each.above())) for each in targets)


def _next(element: Element) -> Element | None:
    if element.parent is None:
        return None
    among = [each for each in element.parent.children if isinstance(each, Element)]
    at = next(at for at, each in enumerate(among) if each is element)
    return among[at + 1] if at + 1 < len(among) else None
