"""Which elements of a page are no part of what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.files.html.css import Sheet
from knowledge.files.html.related import related_parts
from knowledge.files.html.tree import Element, Page, local_target
from knowledge.reading import Furniture

_ROLES = {
    "search": Furniture.SEARCH,
    "banner": Furniture.HEADER,
    "contentinfo": Furniture.FOOTER,
    "complementary": Furniture.ASIDE,
    "doc-toc": Furniture.CONTENTS,
    "menu": Furniture.MENU,
    "menubar": Furniture.MENU,
    "toolbar": Furniture.MENU,
}
_TAGS = {
    "template": Furniture.HIDDEN,
    "noscript": Furniture.HIDDEN,
    "search": Furniture.SEARCH,
    **dict.fromkeys(("select", "textarea", "datalist", "progress", "meter"), Furniture.FORM),
    **dict.fromkeys(
        ("iframe", "object", "embed", "video", "audio", "canvas", "svg"), Furniture.EMBEDDED
    ),
    "math": Furniture.EQUATIONS,
}
_SECTIONS = {"main", "article", "section", "aside", "nav"}
"""Elements whose header, footer and remarks are their own, not the page's."""
_FIELD_TYPES = {"search", "text", ""}
_SEARCHED = {"q", "s", "search", "query", "recherche", "keys", "keyword", "keywords"}
_SHORT = 30
"""Words of a form that is for one thing."""
_LARGEST_PART = 0.5
"""A part of a page that its names alone make furniture has no more of the page's words."""


@dataclass(frozen=True, slots=True)
class _Named:
    """Furniture that is told by its ids and classes."""

    what: Furniture
    names: re.Pattern[str]
    holds: Callable[[Element], bool] = lambda _: True


def _linked(share: float) -> Callable[[Element], bool]:
    return lambda element: element.linked >= share * element.words


def _asks(element: Element) -> bool:
    return _CONSENT.search(element.text()) is not None


def _of_page(element: Element) -> bool:
    return not any(each.tag in _SECTIONS or each.get("role") == "main" for each in element.above())


_CONSENT = re.compile(
    r"accept|refus|reject|j.ai compris|got it|\bok\b|autoris|consent|param[ée]tr|settings|fermer|close|d.accord|agree",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    r"(?:[a-z]+-)?sr-only|(?:[a-z]+-)*visually-?hidden|visuallyhidden|screen-reader-text|screen-reader"
    r"|element-invisible|a11y-hidden|hidden-accessible|assistive-text|offscreen|mw-empty-elt|sitesub"
)
_WORD_CONTENTS = re.compile(r"msoto[cf]\w*|msotocheading|msotableoffigures")


def _word(names: str) -> re.Pattern[str]:
    """A name that is or has one of `names` as a word of it."""
    return re.compile(rf"(?:^|.*[-_])(?:{names})(?:[-_].*|$)")


_NAMED = (
    _Named(
        Furniture.EDIT_LINKS,
        re.compile(r"mw-editsection|post-edit-link|edit-link|headerlink|mw-cite-backlink"),
    ),
    _Named(
        Furniture.MENU,
        re.compile(
            r"mw-jump-link|jump-to-nav|.*skip-?(?:to-content|nav|links?)\b.*|catlinks|mw-navigation|.*navbox.*|printfooter|nav-?(?:header|footer)"
        ),
    ),
    _Named(Furniture.CONTENTS, _WORD_CONTENTS),
    _Named(
        Furniture.COOKIES,
        re.compile(
            r".*(?:cookie|consent|gdpr|rgpd|tarteaucitron|didomi|axeptio|onetrust|cmplz|klaro|orejime).*"
        ),
        _asks,
    ),
    _Named(
        Furniture.CONTENTS,
        _word("toc|sommaire|table-of-contents|tableofcontents|summary-links"),
        _linked(0.6),
    ),
    _Named(Furniture.MENU, _word("breadcrumbs?|ariane|filariane"), _linked(0.2)),
    _Named(
        Furniture.MENU,
        _word(
            "nav|navbar|navigation|menu|submenu|topbar|pagination|pager|share|sharing|social|partage|addtoany|tags?"
        ),
        _linked(0.6),
    ),
    _Named(
        Furniture.ASIDE,
        _word("related|relatedposts|similar|sidebar|widgets?|secondary"),
        _linked(0.5),
    ),
    _Named(
        Furniture.COMMENTS,
        re.compile(r"respond|comment-respond|comments-area|commentlist|comment-list|disqus_thread"),
    ),
    _Named(
        Furniture.FOOTER,
        re.compile(
            r"(?:(?:site|page|global|main|wrapper)[-_]?)?(?:footer|colophon|pied-?(?:de)?-?page)(?:[-_]?(?:wrapper|container|inner))?"
        ),
        _of_page,
    ),
    _Named(
        Furniture.HEADER,
        re.compile(
            r"(?:(?:site|page|global|main|top)[-_]?)?(?:header|masthead|banner|bandeau|entete)(?:[-_]?(?:wrapper|container|inner))?"
        ),
        lambda element: (
            _of_page(element) and (element.linked >= 0.4 * element.words or element.words < _SHORT)
        ),
    ),
)
_LINE_ABOVE = re.compile(
    r"(?:sommaire|table des mati[èe]res|contents?|table of contents|on this page|(?:sur|dans) cette page|summary)\s*:?",
    re.IGNORECASE,
)
_JUMP = re.compile(
    r"\W*(?:(?:retour |revenir )?(?:en )?haut(?: de (?:la )?page)?|retour au (?:sommaire|menu)|(?:back to )?top(?: of page)?|[↑⇧▲])\W*",
    re.IGNORECASE,
)
_SKIP = re.compile(
    r"(?:aller (?:au|à la|à)|passer au|acc[ée]der au|skip to|jump to|go to) .{3,40}", re.IGNORECASE
)
_EDIT = re.compile(
    r"\W*(?:modifier(?: le code)?|edit(?: source)?|modifier le wikicode)\W*", re.IGNORECASE
)
_LISTS = {"ul", "ol", "div", "p", "table", "dl", "section", "center", "blockquote"}


class Judge:
    """Tells what of a page is furniture.

    Args:
        page: The page.
        sheet: Its styles.
        strict: Whether what only names and places suggest is furniture, too.
    """

    def __init__(self, page: Page, sheet: Sheet, *, strict: bool) -> None:
        self._page = page
        self._sheet = sheet
        self._strict = strict
        self._words = max(page.root.words, 1)
        self._related = related_parts(page) if strict else frozenset()
        self._titles = " ".join(
            " ".join(each.text().split()).casefold()
            for each in page.root.all()
            if each.tag == "title"
        )

    def kind(self, element: Element, style: Mapping[str, str]) -> Furniture | None:
        """What furniture an element is; None for one that is part of the text, or holds some."""
        tag, given = element.tag, element.attributes
        if self._sheet.hides(element, style) or (tag == "dialog" and "open" not in given):
            return Furniture.HIDDEN
        if tag in _TAGS:
            return _TAGS[tag]
        if tag == "button":
            return None if _unfolds(element) else Furniture.FORM
        if tag in ("html", "body", "main", "td", "tr", "tbody"):
            return None
        if tag == "form" and _searches(element):
            return Furniture.SEARCH
        if tag == "a":
            return _of_link(element)
        if tag == "sup" and "noprint" in element.names:
            # A call for a source, to those who write the page.
            return Furniture.EDIT_LINKS
        if given and (found := self._by_role(element) or self._by_style(element, style)):
            return found
        if not self._strict:
            return Furniture.MENU if tag == "nav" else None
        return self._by_place(element) or (self._by_name(element) if given else None)

    def is_title(self, element: Element) -> bool:
        """Whether a heading is what the page calls itself."""
        text = " ".join(element.text().split()).casefold()
        return element.tag == "h1" and bool(text) and text in self._titles

    def _by_role(self, element: Element) -> Furniture | None:
        role = element.get("role")
        if role == "navigation":
            return _of_navigation(element)
        on_a_click = element.get("id") in self._sheet.unfolded and element.words > _SHORT
        if role in ("dialog", "alertdialog"):
            if on_a_click:
                return None
            named = any("cookie" in each or "consent" in each for each in element.names)
            return Furniture.COOKIES if named else Furniture.HIDDEN
        if role in _ROLES and (
            self._strict or role not in ("banner", "complementary", "contentinfo")
        ):
            return _ROLES[role]
        if element.get("aria-hidden") == "true":
            modal = any("modal" in each or "popup" in each for each in element.names)
            if (modal and not on_a_click) or not element.words:
                return Furniture.HIDDEN
        return None

    def _by_style(self, element: Element, style: Mapping[str, str]) -> Furniture | None:
        if any(_UNSEEN.fullmatch(each) for each in element.names):
            return Furniture.HIDDEN
        if style.get("mso-element") in ("comment-list", "comment"):
            return Furniture.COMMENTS
        return None

    def _by_place(self, element: Element) -> Furniture | None:
        tag = element.tag
        if id(element) in self._related:
            return Furniture.ASIDE
        if tag == "nav":
            return _of_navigation(element)
        if tag == "footer" and _of_page(element):
            return Furniture.FOOTER
        if tag == "header" and _of_page(element) and not _is_title_block(element):
            return Furniture.HEADER
        if tag == "aside":
            if _of_page(element) or element.linked > 0.6 * element.words:
                return Furniture.ASIDE
        elif tag in _LISTS and self._is_contents(element):
            return Furniture.CONTENTS
        elif element.words <= 4 and _LINE_ABOVE.fullmatch(element.text().strip()):
            after = _next_element(element)
            if after is not None and self._is_contents(after):
                return Furniture.CONTENTS
        return None

    def _by_name(self, element: Element) -> Furniture | None:
        names = element.names
        if not names or element.tag in ("h1", "li", "th"):
            return None
        for each in _NAMED:
            if (
                any(each.names.fullmatch(name) for name in names)
                and element.words <= self._share(each.what)
                and each.holds(element)
                and not any(self.is_title(heading) for heading in element.all())
            ):
                return each.what
        return None

    def _share(self, what: Furniture) -> float:
        return self._words * (
            1 if what in (Furniture.CONTENTS, Furniture.COMMENTS) else _LARGEST_PART
        )

    def _is_contents(self, element: Element) -> bool:
        """Whether nearly all that it has are links to places of the page further down."""
        if element.links < 3 or element.local < 0.8 * element.words or not element.words:
            return False
        targets = [
            self._page.places.get(name)
            for each in element.all()
            if each.tag == "a" and (name := local_target(each))
        ]
        inside = {id(each) for each in element.all()}
        found = [each for each in targets if each is not None and id(each) not in inside]
        return len(found) >= 3 and not _notes_of(targets, element)


def _notes_of(targets: Sequence[Element | None], element: Element) -> bool:
    """Whether these are notes: each leads back to where it is referred to."""
    return bool(targets) and all(
        each is not None and any(above.tag == "sup" for above in (each, *each.above()))
        for each in targets
    )


def _next_element(element: Element) -> Element | None:
    if element.parent is None:
        return None
    among = [each for each in element.parent.children if isinstance(each, Element)]
    at = next(at for at, each in enumerate(among) if each is element)
    return among[at + 1] if at + 1 < len(among) else None


def _of_link(element: Element) -> Furniture | None:
    if element.words > 5 or (element.words and not element.get("href")):
        return None
    names = element.names
    if any(_UNSEEN.fullmatch(each) for each in names):
        return Furniture.HIDDEN
    if any(each in ("mw-jump-link", "skip-link", "skiplink", "skip-to-content") for each in names):
        return Furniture.MENU
    text = element.text()
    href = element.get("href")
    if href.startswith("#") and text.strip() and not element.words:
        # A sign beside a title, to copy its address.
        return Furniture.EDIT_LINKS
    if href.startswith("#") and (_JUMP.fullmatch(text) or _SKIP.fullmatch(text.strip())):
        return Furniture.MENU
    if "action=edit" in href and _EDIT.fullmatch(text):
        return Furniture.EDIT_LINKS
    return None


def _of_navigation(element: Element) -> Furniture | None:
    if element.words > _SHORT and element.linked < 0.25 * element.words:
        return None
    many = element.links >= 3 and element.local >= 0.6 * element.words
    named = any(re.fullmatch(r"toc|table.of.contents|sommaire", each) for each in element.names)
    return Furniture.CONTENTS if many or named else Furniture.MENU


def _searches(form: Element) -> bool:
    if form.words > _SHORT:
        return False
    for each in form.all():
        if each.tag == "input":
            kind = each.get("type").lower()
            if kind == "search" or (kind in _FIELD_TYPES and each.get("name").lower() in _SEARCHED):
                return True
    return False


def _unfolds(button: Element) -> bool:
    """Whether the words of a button are the title of what it unfolds."""
    if not button.words:
        return False
    if any(
        each.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary") for each in button.above()
    ):
        return True
    return any(
        each in button.attributes for each in ("aria-controls", "data-bs-target", "data-target")
    ) and not any(each.tag in ("nav", "header") for each in button.above())


def _is_title_block(header: Element) -> bool:
    """Whether it has the title of a text, and who wrote it, rather than of a site."""
    inside = {each.tag for each in header.all()}
    return (
        bool(inside & {"h1", "h2"})
        and not inside & {"nav", "form", "ul", "ol", "button"}
        and header.linked <= 0.3 * header.words
    )
