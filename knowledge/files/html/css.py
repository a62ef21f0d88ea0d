"""What the styles that stand in a page say: what is hidden, bold, italic, raised or struck."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.files.html.tree import Element, Page

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_NESTED = re.compile(r"@([\w-]+)([^{};]*)\{((?:[^{}]*\{[^{}]*\})*[^{}]*)\}")
_SIMPLE = re.compile(r"(?:([a-z][\w-]*|\*)?([.#])([\w-]+)|([a-z][\w-]*))", re.IGNORECASE)
_CLASS = re.compile(r"[.#][\w-]+")
_BEFORE = re.compile(r"\.([\w-]+)\s*>\s*li:before", re.IGNORECASE)
_HANDLED = re.compile(r"""["'#]([A-Za-z][\w-]*)["')\s;]""")
_LONGEST = 1_000_000
"""Characters of a style sheet that are read."""
_BOLDEST = 600
_ON_SCREEN = ("all", "screen")


@dataclass(slots=True)
class Sheet:
    """The styles of a page.

    Attributes:
        rules: Declarations, by the selectors that are the name of an element, a class or an id,
            or an element with one of the latter: "p", ".c1", "p.c1".
        unfolding: Classes and ids, with their sign, that some rule shows: what they hide is
            shown on a click.
        unfolded: Ids that something on the page unfolds.
        marks: What stands before the items of lists of a class.
    """

    rules: dict[str, dict[str, str]] = field(default_factory=dict)
    unfolding: set[str] = field(default_factory=set)
    unfolded: set[str] = field(default_factory=set)
    marks: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, page: Page) -> Sheet:
        """The styles that stand in a page."""
        sheet = cls()
        for element in page.root.all():
            if element.tag == "style" and _for_screens(element.get("media")):
                sheet._read("".join(each for each in element.children if isinstance(each, str)))
            elif element.attributes:
                sheet._see_control(element)
        return sheet

    def style(self, element: Element) -> Mapping[str, str]:
        """The declarations that hold for an element itself."""
        names = element.attributes
        keys = [element.tag]
        if names:
            keys += (
                f"{tag}.{each}"
                for each in names.get("class", "").split()
                for tag in ("", element.tag)
            )
            if "id" in names:
                keys += (f"#{names['id']}", f"{element.tag}#{names['id']}")
        found: dict[str, str] = {}
        for key in keys:
            found |= self.rules.get(key, {})
        if names and names.get("style"):
            found |= _declarations(names["style"])
        return found

    def hides(self, element: Element, style: Mapping[str, str]) -> bool:
        """Whether an element is not shown, neither at first nor on a click."""
        given = element.attributes
        if given.get("id") in self.unfolded or given.get("role") == "tabpanel":
            return False
        if "hidden" in given and given["hidden"].lower() != "until-found":
            return True
        if not style:
            return False
        if any(
            f"{sign}{name}" in self.unfolding
            for sign, key in ((".", "class"), ("#", "id"))
            for name in given.get(key, "").split()
        ):
            return False
        return (
            style.get("display") == "none"
            or style.get("visibility") in ("hidden", "collapse")
            or style.get("mso-hide") == "all"
            or (style.get("position") == "absolute" and "rect(" in style.get("clip", ""))
        )

    def _see_control(self, element: Element) -> None:
        given = element.attributes
        for key in ("aria-controls", "data-target", "data-bs-target"):
            self.unfolded.update(each.lstrip("#") for each in given.get(key, "").split())
        href = given.get("href", "")
        if href.startswith("#") and (
            "data-toggle" in given
            or "data-bs-toggle" in given
            or given.get("role") in ("tab", "button")
        ):
            self.unfolded.add(href[1:])
        for script in (given.get("onclick", ""), href if href.startswith("javascript:") else ""):
            self.unfolded.update(_HANDLED.findall(f"{script} "))

    def _read(self, text: str) -> None:
        text = _COMMENT.sub("", text[:_LONGEST])
        text = _NESTED.sub(
            lambda found: found[3] if found[1] == "media" and _for_screens(found[2]) else "", text
        )
        for selectors, body in _RULE.findall(text):
            declared = _declarations(body)
            shows = (
                declared.get("display", "none") != "none" or declared.get("visibility") == "visible"
            )
            for each in selectors.rpartition(";")[2].split(","):
                selector = each.strip()
                simple = _SIMPLE.fullmatch(selector)
                if simple:
                    self.rules.setdefault(selector.lstrip("*"), {}).update(declared)
                elif shows:
                    self.unfolding.update(_CLASS.findall(selector))
                if (before := _BEFORE.fullmatch(selector)) and "content" in declared:
                    self.marks[before[1]] = declared["content"]


def is_bold(style: Mapping[str, str]) -> bool | None:
    """Whether what has this style is bold; None where it does not say."""
    weight = style.get("font-weight", "")
    if weight.isdigit():
        return int(weight) >= _BOLDEST
    return {"bold": True, "bolder": True, "normal": False, "lighter": False}.get(weight)


def is_italic(style: Mapping[str, str]) -> bool | None:
    """Whether what has this style is italic; None where it does not say."""
    return {"italic": True, "oblique": True, "normal": False}.get(style.get("font-style", ""))


def _declarations(body: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in body.split(";"):
        name, colon, value = each.partition(":")
        if colon:
            value = value.strip()
            if "content" not in name:
                value = value.lower().removesuffix("!important").strip()
            found[name.strip().lower()] = value
    return found


def _for_screens(media: str) -> bool:
    return not media.strip() or any(each in media.lower().split() for each in _ON_SCREEN)
