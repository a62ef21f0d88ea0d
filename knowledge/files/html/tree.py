"""The tree of a page, as browsers make it of its tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from knowledge.blocks.reading import word_count
from knowledge.files.kinds import FileError, FileProblem

MOST_NODES = 500_000
"""Elements and texts of a page; the longest of laws has a tenth."""
DEEPEST = 500
"""How deep elements stand in each other; browsers have such a limit, too."""
UNREAD = {"script", "style", "link", "meta", "base", "title", "head", "xml", "param", "source"}
"""Elements that browsers show nothing of."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = {
    *HEADINGS,
    *("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd"),
    *("details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer"),
    *("form", "frameset", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav"),
    *("ol", "option", "p", "pre", "search", "section", "summary", "table", "tbody", "td"),
    *("tfoot", "th", "thead", "tr", "ul"),
}
"""Elements that words do not run across."""
_SECTIONS = {"main", "article", "section", "aside", "nav"}
"""Elements whose header, footer and remarks are their own, not the page's."""
_NOSCRIPT = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|textarea|title|xmp)\b.*?(?:</\1|\Z)"
    r"|(<noscript\b[^>]*>)(.*?)(?:</noscript\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_TEMPLATE = re.compile(r"<(/?)template\b", re.IGNORECASE)
_EMPTY: Mapping[str, str] = {}


@dataclass(slots=True, eq=False)
class Element:
    """An element of a page.

    Attributes:
        tag: Its name, in small letters.
        attributes: Blank where a page gives no value.
        parent: What it stands in; None for the page.
        children: Elements and texts, in order.
        words: How many words it has, shown or not.
        linked: How many of them stand in links.
        local: How many of them stand in links to another place of the page.
        links: How many links it has.
    """

    tag: str
    attributes: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)
    words: int = 0
    linked: int = 0
    local: int = 0
    links: int = 0

    def get(self, name: str) -> str:
        """The value of an attribute; blank where it has none."""
        return self.attributes.get(name, "")

    @property
    def names(self) -> list[str]:
        """Its id and classes, in small letters."""
        if not self.attributes:
            return []
        return f"{self.get('id')} {self.get('class')}".lower().split()

    def above(self) -> Iterator[Element]:
        """What it stands in, from the nearest on."""
        at = self.parent
        while at is not None:
            yield at
            at = at.parent

    def all(self) -> Iterator[Element]:
        """It and the elements in it, in the order of the page."""
        coming: list[Element] = [self]
        while coming:
            element = coming.pop()
            yield element
            coming += (each for each in reversed(element.children) if isinstance(each, Element))

    def text(self) -> str:
        """Its words as they stand there, each block on a line of its own."""
        parts: list[str] = []
        coming: list[Element | str] = [self]
        while coming:
            each = coming.pop()
            if isinstance(each, str):
                parts.append(each)
            elif each.tag not in UNREAD or each is self:
                if each.tag in BLOCKS:
                    parts.append("\n")
                    coming.append("\n")
                coming += reversed(each.children)
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        root: The element `html`.
        places: The elements that links of the page can lead to, by their ids or names.
        unscripted: What stands in `<noscript>`, which is shown where scripts do not run.
    """

    root: Element
    places: Mapping[str, Element]
    unscripted: str


def parsed(markup: str) -> Page:
    """The tree of a page.

    Raises:
        FileError: It has too many elements, or takes too much memory.
    """
    if markup.count("<") > MOST_NODES:
        raise FileError(FileProblem.TOO_COSTLY)
    unscripted: list[str] = []

    def without(found: re.Match[str]) -> str:
        if found[2] is None:
            return found[0]
        unscripted.append(found[3])
        return ""

    if "<noscript" in markup.lower():
        markup = _NOSCRIPT.sub(without, markup)
    try:
        root = _tree(LexborHTMLParser(markup).root)
    except SelectolaxError as error:
        raise FileError(FileProblem.TOO_COSTLY) from error
    _count(root)
    places: dict[str, Element] = {}
    for element in root.all():
        if element.attributes:
            for name in (element.get("id"), element.get("name") if element.tag == "a" else ""):
                if name:
                    places.setdefault(name, element)
    words = " ".join(LexborHTMLParser(each).text(separator=" ") for each in unscripted)
    return Page(root, places, words)


def local_target(element: Element) -> str:
    """The name of the place in this page that a link leads to; blank where it leads elsewhere."""
    href = element.get("href").strip()
    return href[1:] if href.startswith("#") else ""


def is_of_page(element: Element) -> bool:
    """Whether it stands in no part of a page that may have a header and a footer of its own."""
    return not any(each.tag in _SECTIONS or each.get("role") == "main" for each in element.above())


def _tree(node: LexborNode | None) -> Element:  # noqa: C901
    root = Element("html")
    if node is None:
        return root
    root.attributes = _attributes(node)
    count = 0
    # The next node to read, what it stands in, and how deep.
    coming: list[tuple[LexborNode, Element, int]] = []
    if node.first_child is not None:
        coming.append((node.first_child, root, 1))
    while coming:
        node, parent, depth = coming.pop()
        after = node.next
        if after is not None:
            coming.append((after, parent, depth))
        count += 1
        if count > MOST_NODES:
            raise FileError(FileProblem.TOO_COSTLY)
        if node.is_text_node:
            text = node.text_content
            if text:
                parent.children.append(text if depth <= DEEPEST else f" {text} ")
        elif node.is_element_node:
            element = Element((node.tag or "").lower(), _attributes(node), parent)
            parent.children.append(element)
            if element.tag == "template":
                element.children.append(_words_of(_TEMPLATE.sub(r"<\1div", node.html or "")))
            elif node.first_child is not None:
                inner = element if depth < DEEPEST else parent
                coming.append((node.first_child, inner, depth + 1))
    return root


def _attributes(node: LexborNode) -> Mapping[str, str]:
    found = {name: value or "" for name, value in node.attributes.items()}
    return found or _EMPTY


def _words_of(markup: str) -> str:
    return LexborHTMLParser(markup).text(separator=" ") if markup.strip() else ""


def _count(root: Element) -> None:
    for element in reversed([*root.all()]):
        for each in element.children:
            if isinstance(each, str):
                element.words += word_count(each)
            elif each.tag not in UNREAD:
                element.words += each.words
                element.linked += each.linked
                element.local += each.local
                element.links += each.links
        if element.tag == "a" and element.get("href"):
            element.linked = element.words
            element.links += 1
            element.local = element.words if local_target(element) else 0
