"""Parts of a page that their ids and classes say are no part of the text.

The names are those of what most pages are made with: MediaWiki, WordPress, Drupal, SPIP, the
design system of the French state, Bootstrap, Word. A name alone is not believed: what it names
has to look the part, for “menu” may be a canteen's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from knowledge.blocks.reading import Furniture
from knowledge.files.html.tree import Element, is_of_page

_FEW = 30
"""Words of a header that has no more than a name."""
_CONSENT = re.compile(
    r"accept|refus|reject|j.ai compris|got it|\bok\b|autoris|consent|param[ée]tr|settings|fermer"
    r"|close|d.accord|agree",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    r"(?:[a-z]+-)?sr-only|(?:[a-z]+-)*visually-?hidden|screen-reader(?:-text)?|element-invisible"
    r"|a11y-hidden|hidden-accessible|assistive-text|offscreen|mw-empty-elt|sitesub"
)
_OF_SITE = (
    r"(?:(?:site|page|global|main|top|wrapper)[-_]?)?(?:{})(?:[-_]?(?:wrapper|container|inner))?"
)


def _linked(share: float) -> Callable[[Element], bool]:
    return lambda element: element.linked >= share * element.words


def _asks(element: Element) -> bool:
    return _CONSENT.search(element.text()) is not None


def _is_short_header(element: Element) -> bool:
    few = element.linked >= 0.4 * element.words or element.words < _FEW
    return few and is_of_page(element)


def _word(names: str) -> re.Pattern[str]:
    """A name that is or has one of `names` as a word of it."""
    return re.compile(rf"(?:^|.*[-_])(?:{names})(?:[-_].*|$)")


@dataclass(frozen=True, slots=True)
class _Named:
    """Furniture that is told by its ids and classes.

    Attributes:
        what: What it is.
        names: One of its ids and classes is like that.
        holds: What else is true of it.
        largest: What share of the page's words it has at most.
    """

    what: Furniture
    names: re.Pattern[str]
    holds: Callable[[Element], bool] = lambda _: True
    largest: float = 0.5


_NAMED = (
    _Named(
        Furniture.EDIT_LINKS,
        re.compile(r"mw-editsection|post-edit-link|edit-link|headerlink|mw-cite-backlink"),
    ),
    _Named(
        Furniture.MENU,
        re.compile(
            r"mw-jump-link|jump-to-nav|.*skip-?(?:to-content|nav|links?)\b.*|catlinks|.*navbox.*"
            r"|mw-navigation|printfooter|nav-?(?:header|footer)"
        ),
    ),
    _Named(
        Furniture.CONTENTS,
        re.compile(r"msoto[cf]\w*|msotocheading|msotableoffigures"),
        largest=1,
    ),
    _Named(
        Furniture.COOKIES,
        re.compile(
            r".*(?:cookie|consent|gdpr|rgpd|tarteaucitron|didomi|axeptio|onetrust|cmplz|klaro"
            r"|orejime).*"
        ),
        _asks,
    ),
    _Named(
        Furniture.CONTENTS,
        _word("toc|sommaire|table-of-contents|tableofcontents|summary-links"),
        _linked(0.6),
        largest=1,
    ),
    _Named(Furniture.MENU, _word("breadcrumbs?|ariane|filariane"), _linked(0.2)),
    _Named(
        Furniture.MENU,
        _word(
            "nav|navbar|navigation|menu|submenu|topbar|pagination|pager|share|sharing|social"
            "|partage|addtoany|tags?"
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
        largest=1,
    ),
    _Named(
        Furniture.FOOTER,
        re.compile(_OF_SITE.format("footer|colophon|pied-?(?:de)?-?page")),
        is_of_page,
    ),
    _Named(
        Furniture.HEADER,
        re.compile(_OF_SITE.format("header|masthead|banner|bandeau|entete")),
        _is_short_header,
    ),
)
_TEXT = {"h1", "li", "th"}
"""Elements that may be called anything."""


def is_unseen(element: Element) -> bool:
    """Whether it is there for those alone who have the page read to them."""
    return any(_UNSEEN.fullmatch(each) for each in element.names)


def furniture_named(element: Element, words: int) -> Furniture | None:
    """What furniture the names of an element say that it is.

    Args:
        element: The element.
        words: How many words its page has.
    """
    names = element.names
    if not names or element.tag in _TEXT:
        return None
    for each in _NAMED:
        if (
            element.words <= each.largest * words
            and any(map(each.names.fullmatch, names))
            and each.holds(element)
        ):
            return each.what
    return None
