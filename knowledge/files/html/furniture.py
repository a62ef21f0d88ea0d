"""Which elements of a page are no part of what it says."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.blocks.reading import Furniture
from knowledge.files.html.css import Sheet
from knowledge.files.html.linking import furniture_of_link, furniture_of_navigation, is_contents
from knowledge.files.html.named import furniture_named, is_unseen
from knowledge.files.html.related import related_parts
from knowledge.files.html.tree import HEADINGS, Element, Page, is_of_page

_ROLES = {
    "search": Furniture.SEARCH,
    "doc-toc": Furniture.CONTENTS,
    "menu": Furniture.MENU,
    "menubar": Furniture.MENU,
    "toolbar": Furniture.MENU,
}
_ROLES_OF_PAGE = {
    "banner": Furniture.HEADER,
    "contentinfo": Furniture.FOOTER,
    "complementary": Furniture.ASIDE,
}
_TAGS = {
    **dict.fromkeys(("template", "noscript"), Furniture.HIDDEN),
    "search": Furniture.SEARCH,
    **dict.fromkeys(("select", "textarea", "datalist", "progress", "meter"), Furniture.FORM),
    **dict.fromkeys(("iframe", "object", "embed", "video", "audio"), Furniture.EMBEDDED),
    **dict.fromkeys(("canvas", "svg"), Furniture.EMBEDDED),
    "math": Furniture.EQUATIONS,
}
_KEPT = {"html", "body", "main", "td", "tr", "tbody"}
_DIALOGS = {"dialog", "alertdialog"}
_FIELDS = {"search", "text", ""}
_SEARCHED = {"q", "s", "search", "query", "recherche", "keys", "keyword", "keywords"}
_CONTROLS = ("aria-controls", "data-bs-target", "data-target")
_FEW = 30
"""Words of what is for one thing: a form to search, a dialog that asks."""


class Judge:
    """Tells what of a page is furniture.

    Args:
        page: The page.
        sheet: Its styles.
        strict: Whether what only its name or place says is furniture is that, too.
    """

    def __init__(self, page: Page, sheet: Sheet, *, strict: bool) -> None:
        self._page = page
        self._sheet = sheet
        self._strict = strict
        self._kinds: dict[int, Furniture | None] = {}
        self._related = related_parts(page) if strict else frozenset()
        self._titles = " ".join(_folded(each) for each in page.root.all() if each.tag == "title")
        self._above_title = {
            id(above) for each in page.root.all() if self.is_title(each) for above in each.above()
        }

    def kind(self, element: Element, style: Mapping[str, str]) -> Furniture | None:
        """What furniture an element is; None for one that is part of the text, or holds some."""
        if id(element) not in self._kinds:
            self._kinds[id(element)] = self._found(element, style)
        return self._kinds[id(element)]

    def _found(self, element: Element, style: Mapping[str, str]) -> Furniture | None:
        tag = element.tag
        if self._sheet.hides(element, style) or (
            tag == "dialog" and "open" not in element.attributes
        ):
            return Furniture.HIDDEN
        if tag in _KEPT:
            return None
        if tag == "button":
            return None if _is_title_of_more(element) else Furniture.FORM
        if tag == "a":
            return furniture_of_link(element)
        found = _TAGS.get(tag) or self._by_role(element) or _by_use(element, style)
        if found is None and self._strict:
            found = self._by_place(element)
            if found is None and id(element) not in self._above_title:
                found = furniture_named(element, self._page.root.words)
        elif found is None and tag == "nav":
            found = Furniture.MENU
        return found

    def is_title(self, element: Element) -> bool:
        """Whether a heading is what the page calls itself."""
        text = _folded(element) if element.tag == "h1" else ""
        return bool(text) and text in self._titles

    def _by_role(self, element: Element) -> Furniture | None:
        role = element.get("role")
        opens = element.get("id") in self._sheet.unfolded and element.words > _FEW
        if role in _DIALOGS and not opens:
            asks = any("cookie" in each or "consent" in each for each in element.names)
            return Furniture.COOKIES if asks else Furniture.HIDDEN
        if element.get("aria-hidden") == "true" and not opens:
            named = any("modal" in each or "popup" in each for each in element.names)
            if named or not element.words:
                return Furniture.HIDDEN
        if role == "navigation":
            return furniture_of_navigation(element)
        return _ROLES.get(role) or (_ROLES_OF_PAGE.get(role) if self._strict else None)

    def _by_place(self, element: Element) -> Furniture | None:
        tag = element.tag
        found = None
        if id(element) in self._related:
            found = Furniture.ASIDE
        elif tag == "nav":
            found = furniture_of_navigation(element)
        elif tag == "footer" and is_of_page(element):
            found = Furniture.FOOTER
        elif tag == "header" and is_of_page(element) and not _has_title_alone(element):
            found = Furniture.HEADER
        elif tag == "aside" and (is_of_page(element) or element.linked > 0.6 * element.words):
            found = Furniture.ASIDE
        elif is_contents(element, self._page.places):
            found = Furniture.CONTENTS
        return found


def _by_use(element: Element, style: Mapping[str, str]) -> Furniture | None:
    """What an element is that says what it is for."""
    found = None
    if is_unseen(element):
        found = Furniture.HIDDEN
    elif element.tag == "form" and _searches(element):
        found = Furniture.SEARCH
    elif element.tag == "sup" and "noprint" in element.names:
        # A call for a source, to those who write the page.
        found = Furniture.EDIT_LINKS
    elif style.get("mso-element") in ("comment-list", "comment"):
        found = Furniture.COMMENTS
    return found


def _folded(element: Element) -> str:
    return " ".join(element.text().split()).casefold()


def _searches(form: Element) -> bool:
    return form.words <= _FEW and any(
        each.get("type").lower() == "search"
        or (each.get("type").lower() in _FIELDS and each.get("name").lower() in _SEARCHED)
        for each in form.all()
        if each.tag == "input"
    )


def _is_title_of_more(button: Element) -> bool:
    """Whether the words of a button are the title of what it unfolds."""
    above = {each.tag for each in button.above()}
    if not button.words:
        return False
    if above & {*HEADINGS, "dt", "summary"}:
        return True
    return any(each in button.attributes for each in _CONTROLS) and not above & {"nav", "header"}


def _has_title_alone(header: Element) -> bool:
    """Whether it has the title of a text, and who wrote it, rather than of a site."""
    inside = {each.tag for each in header.all()}
    return (
        bool(inside & {"h1", "h2"})
        and not inside & {"nav", "form", "ul", "ol", "button"}
        and header.linked <= 0.3 * header.words
    )
