"""The styles of a Word file, each with what it takes from those that it is based on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree.ElementTree import Element

from knowledge.files.packages import child, value

_OFF = ("0", "false", "off", "none")
_HEADING = re.compile(r"(?:heading|titre|title)\s?([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(
    r"(?:toc\s?\d|toc heading|contents heading|table of figures|table of authorities|toa heading"
    r"|index\s?\d|index heading|contents \d)",
    re.IGNORECASE,
)
_TITLE = re.compile(r"title|titre", re.IGNORECASE)
_QUOTATION = re.compile(r"(?:intense )?quote|quotations?|citation", re.IGNORECASE)
_BODY_LEVEL = 9


class Numbered(NamedTuple):
    """Which list numbers a paragraph; None where that is not said."""

    list_id: str | None
    level: int | None


_UNSAID = Numbered(None, None)


class Toggles(NamedTuple):
    """What is said of the letters of a text; None where nothing is."""

    bold: bool | None = None
    italic: bool | None = None
    strike: bool | None = None
    hidden: bool | None = None

    def over(self, other: Toggles) -> Toggles:
        """These, and those of `other` of which nothing is said."""
        return Toggles(*(b if a is None else a for a, b in zip(self, other, strict=True)))

    def within(self, other: Toggles) -> Toggles:
        """Those of a style for letters in a paragraph's style: twice bold is not bold."""
        return Toggles(
            *(a if b is None else (a or False) ^ b for a, b in zip(self, other, strict=True))
        )


_PLAIN = Toggles()


@dataclass(frozen=True, slots=True)
class Style:
    """A style, and all that it is based on.

    Attributes:
        names: Its name and those of the styles that it is based on, in small letters.
        level: Of a heading, from 1; None for all else.
        numbered: The list that numbers its paragraphs.
        linked: The ids of these styles, from its own on, by which a list may name a level.
        toggles: What it says of letters.
    """

    names: tuple[str, ...] = ()
    level: int | None = None
    numbered: Numbered = _UNSAID
    linked: tuple[str, ...] = ()
    toggles: Toggles = _PLAIN

    @property
    def is_contents(self) -> bool:
        """Whether its paragraphs are lines of a table of contents, of figures, of an index."""
        return any(_CONTENTS.fullmatch(each) for each in self.names)

    @property
    def is_title(self) -> bool:
        """Whether it is for the title of the whole document."""
        return any(_TITLE.fullmatch(each) for each in self.names)

    @property
    def is_quotation(self) -> bool:
        """Whether it is for the words of others."""
        return any(_QUOTATION.fullmatch(each) for each in self.names)


class Styles:
    """All styles of a file."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._defaults: dict[str, str] = {}
        for each in () if root is None else root:
            if each.tag == "w:style":
                name = each.get("w:styleId", "")
                self._elements[name] = each
                if is_on(each.get("w:default"), absent=False):
                    self._defaults.setdefault(each.get("w:type", ""), name)
        default = child(root, "w:docDefaults", "w:rPrDefault", "w:rPr")
        self._base = toggles(default)
        self._known: dict[str, Style] = {}

    def paragraph(self, name: str | None) -> Style:
        """The style of a paragraph."""
        return self._style(name or self._defaults.get("paragraph", ""))

    def letters(self, name: str) -> Toggles:
        """What a style for letters says."""
        return self._style(name).toggles

    @property
    def base(self) -> Toggles:
        """What holds where no style says anything."""
        return self._base

    def lists(self) -> Mapping[str, str]:
        """The lists that styles for lists are made of, by the styles."""
        return {
            name: list_id
            for name, each in self._elements.items()
            if (list_id := value(each, "w:pPr", "w:numPr", "w:numId")) is not None
        }

    def _style(self, name: str) -> Style:
        if name not in self._known:
            self._known[name] = self._resolved(name)
        return self._known[name]

    def _resolved(self, name: str) -> Style:
        chain = [*self._chain(name)]
        if not chain:
            return Style((name.lower(),), _level_of_name(name), linked=(name,))
        names = tuple((value(each, "w:name") or "").lower() for each in chain)
        level: int | None = None
        for each, called in zip(chain, names, strict=True):
            said = value(each, "w:pPr", "w:outlineLvl")
            level = outline_level(said) if said is not None else _level_of_name(called)
            if said is not None or level is not None:
                break
        numbered = _UNSAID
        found = Toggles()
        for each in chain:
            here = numbered_by(child(each, "w:pPr"))
            numbered = Numbered(
                here.list_id if numbered.list_id is None else numbered.list_id,
                here.level if numbered.level is None else numbered.level,
            )
            found = found.over(toggles(child(each, "w:rPr")))
        ids = tuple(each.get("w:styleId", "") for each in chain)
        return Style(names, level, numbered, ids, found)

    def _chain(self, name: str) -> Iterator[Element]:
        seen: set[str] = set()
        while name in self._elements and name not in seen:
            seen.add(name)
            yield self._elements[name]
            name = value(self._elements[name], "w:basedOn") or ""


def is_on(said: str | None, *, absent: bool) -> bool:
    """Whether a property that is on or off is on."""
    return absent if said is None else said.lower() not in _OFF


def toggles(properties: Element | None) -> Toggles:
    """What the properties of letters say."""
    said: dict[str, bool] = {}
    for each in () if properties is None else properties:
        said[each.tag] = is_on(each.get("w:val"), absent=True)
    strike = said.get("w:strike")
    return Toggles(
        said.get("w:b"),
        said.get("w:i"),
        said.get("w:dstrike") if strike is None else strike,
        said.get("w:vanish"),
    )


def numbered_by(properties: Element | None) -> Numbered:
    """The list that the properties of a paragraph name."""
    given = child(properties, "w:numPr")
    level = value(given, "w:ilvl")
    return Numbered(
        value(given, "w:numId"), int(level) if level is not None and level.isdecimal() else None
    )


def outline_level(said: str) -> int | None:
    """The level of a heading, from 1; None for the text below."""
    level = int(said) if said.isdecimal() else _BODY_LEVEL
    return level + 1 if level < _BODY_LEVEL else None


def _level_of_name(name: str) -> int | None:
    found = _HEADING.fullmatch(name)
    return int(found[1]) if found else None
