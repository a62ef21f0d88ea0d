"""The styles of an OpenDocument file, and the numbers that its lists show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from knowledge.blocks.numerals import numeral
from knowledge.blocks.richtext import BOLD, ITALIC, STRIKE, Style
from knowledge.files.packages import child
from knowledge.files.symbols import bullet

LEVELS = 10
_PLACE = re.compile(r"%(\d{1,2})%")
_BOLD_WEIGHT = 600


@dataclass(frozen=True, slots=True)
class Looks:
    """What a style, and all that it is based on, says of a text.

    Attributes:
        names: Their names as people see them, in small letters.
        marks: How letters are set off.
        hidden: Whether the text is not shown.
        list_style: The list that numbers its paragraphs; blank for none.
        level: Of a heading, from 1; 0 for all else.
    """

    names: tuple[str, ...] = ()
    marks: frozenset[Style] = frozenset()
    hidden: bool = False
    list_style: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class _Level:
    form: str = ""
    bullet: str = ""
    prefix: str = ""
    suffix: str = ""
    shown: int = 1
    start: int = 1
    pattern: str = ""


@dataclass(slots=True)
class Counter:
    """How far a list has counted, level by level."""

    counts: list[int | None] = field(default_factory=lambda: [None] * LEVELS)


class Styles:
    """All styles of a file."""

    def __init__(self, *roots: Element | None) -> None:
        self._elements: dict[tuple[str, str], Element] = {}
        self._lists: dict[str, dict[int, _Level]] = {}
        self._known: dict[tuple[str, str], Looks] = {}
        for root in roots:
            for each in () if root is None else root.iter():
                if each.tag == "style:style":
                    family, name = each.get("style:family", ""), each.get("style:name", "")
                    self._elements[family, name] = each
                elif each.tag == "text:list-style":
                    self._lists[each.get("style:name", "")] = _levels(each)
                elif each.tag == "text:outline-style":
                    self._lists[""] = _levels(each)

    def looks(self, family: str, name: str | None) -> Looks:
        """What a style of a family (“paragraph”, “text”) says."""
        key = (family, name or "")
        if key not in self._known:
            self._known[key] = self._resolved(*key)
        return self._known[key]

    def label(self, list_style: str, counter: Counter, level: int, start: int | None) -> str:
        """Count one on, and give what is shown before the item; blank where nothing is.

        Args:
            list_style: The name of the list; blank for that of headings.
            counter: How far it has counted.
            level: From 0.
            start: The number that the item itself asks for.
        """
        levels = self._lists.get(list_style, {})
        looks = levels.get(level)
        if looks is None:
            return ""
        before = counter.counts[level]
        count = looks.start if before is None else before + 1
        counter.counts[level] = count if start is None else start
        counter.counts[level + 1 :] = [None] * (LEVELS - level - 1)
        if looks.bullet:
            return bullet(looks.bullet)

        def number(at: int) -> str:
            each = levels.get(at, _Level())
            shown = counter.counts[at]
            return _counted(each.start if shown is None else shown, each.form)

        if looks.pattern:
            return _PLACE.sub(
                lambda place: number(min(int(place[1]) or 1, LEVELS) - 1), looks.pattern
            ).strip()
        if not looks.form:
            return (looks.prefix + looks.suffix).strip()
        first = max(level - looks.shown + 1, 0)
        parts = [
            number(at) for at in range(first, level + 1) if at == level or _has_form(levels, at)
        ]
        return (looks.prefix + ".".join(parts) + looks.suffix).strip()

    def _resolved(self, family: str, name: str) -> Looks:
        chain = [*self._chain(family, name)]
        names: list[str] = []
        said: dict[str, str] = {}
        for each in chain:
            shown = each.get("style:display-name") or each.get("style:name") or ""
            names.append(shown.replace("_20_", " ").lower())
            for one in (each, child(each, "style:text-properties")):
                for key, value in () if one is None else one.attrib.items():
                    said.setdefault(key, value)
        weight = said.get("fo:font-weight", "")
        bold = weight == "bold" or (weight.isdecimal() and int(weight) >= _BOLD_WEIGHT)
        strike = said.get("style:text-line-through-style", "none") != "none"
        italic = said.get("fo:font-style") in ("italic", "oblique")
        marks = ((BOLD, bold), (ITALIC, italic), (STRIKE, strike))
        level = said.get("style:default-outline-level", "")
        return Looks(
            tuple(names),
            frozenset(each for each, on in marks if on),
            said.get("text:display") == "none",
            said.get("style:list-style-name", ""),
            int(level) if level.isdecimal() else 0,
        )

    def _chain(self, family: str, name: str) -> Iterator[Element]:
        seen: set[str] = set()
        while (family, name) in self._elements and name not in seen:
            seen.add(name)
            element = self._elements[family, name]
            yield element
            name = element.get("style:parent-style-name", "")


def _levels(element: Element) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for each in element:
        level = each.get("text:level", "")
        if not level.isdecimal() or not 1 <= int(level) <= LEVELS:
            continue
        start, shown = each.get("text:start-value", "1"), each.get("text:display-levels", "1")
        is_bullet = each.tag != "text:outline-level-style" and not each.tag.endswith("-number")
        found[int(level) - 1] = _Level(
            each.get("style:num-format", ""),
            each.get("text:bullet-char", "•") if is_bullet else "",
            each.get("style:num-prefix", ""),
            each.get("style:num-suffix", ""),
            int(shown) if shown.isdecimal() else 1,
            int(start) if start.isdecimal() else 1,
            "" if is_bullet else each.get("loext:num-list-format", ""),
        )
    return found


def _has_form(levels: dict[int, _Level], at: int) -> bool:
    return bool(levels.get(at, _Level()).form)


def _counted(number: int, form: str) -> str:
    return numeral(number, form) if form else ""
