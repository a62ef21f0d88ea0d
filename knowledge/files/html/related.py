"""Parts of a page that lead to other pages: “read also”, “on the same subject”, “share”."""

from __future__ import annotations

import re

from knowledge.files.html.tree import HEADINGS, Element, Page

_TITLES = re.compile(
    r"(?:[àa] )?lire (?:aussi|également)|(?:à )?voir (?:aussi|également)|lire la suite"
    r"|à découvrir (?:aussi|également)"
    r"|(?:sur|dans) (?:le|la) m[êe]me (?:sujet|thème|rubrique|catégorie).*"
    r"|articles? (?:similaires?|li[ée]s?|connexes?|récents?|associés?|suggérés?)"
    r"|derni(?:ers|ères) (?:articles|actualités|nouvelles|news).*"
    r"|ces articles (?:peuvent|pourraient).*"
    r"|read (?:also|more|next)|see also|you (?:may|might) (?:also )?like.*"
    r"|related(?: (?:articles?|posts?|content|stories|pages|links))?"
    r"|more (?:from|on|in) .{2,40}|latest (?:posts?|news|articles).*"
    r"|partager(?: (?:cette page|cet article|sur.*))?|share(?: this.*| on.*)?",
    re.IGNORECASE,
)
_LONGEST = 10
_WHOLE = ("body", "main", "article", "html", "td", "form")
_LEAST_LINKED = 0.4


def related_parts(page: Page) -> frozenset[int]:
    """The elements, by `id()`, that a title says lead elsewhere, and whose words are links."""
    found: set[int] = set()
    for element in page.root.all():
        if element.tag in HEADINGS[1:] and 0 < element.words <= _LONGEST:
            text = " ".join(element.text().split()).strip(" .…:»›>")
            if _TITLES.fullmatch(text):
                found.update(map(id, _part(element)))
    return frozenset(found)


def _part(title: Element) -> list[Element]:
    """A title and what stands under it, if most of that is links."""
    at = title
    while at.parent is not None and at.parent.tag not in _WHOLE and _begins(at.parent, at):
        if any(each.tag == "h1" for each in at.parent.all()):
            break
        at = at.parent
    if at is not title:
        whole = [at]
        if _leads_away(whole):
            return whole
    parent = title.parent
    assert parent is not None  # noqa: S101
    among = [each for each in parent.children if isinstance(each, Element)]
    start = next(place for place, each in enumerate(among) if each is title)
    part = [title]
    for each in among[start + 1 :]:
        if each.tag <= title.tag and each.tag in HEADINGS:
            break
        part.append(each)
    return part if _leads_away(part) else []


def _leads_away(part: list[Element]) -> bool:
    words = sum(each.words for each in part)
    return words > 0 and sum(each.linked - each.local for each in part) >= _LEAST_LINKED * words


def _begins(parent: Element, child: Element) -> bool:
    """Whether an element is the first that has words in another."""
    for each in parent.children:
        if each is child:
            return True
        if each.strip() if isinstance(each, str) else each.words:
            return False
    return False
