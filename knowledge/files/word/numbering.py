"""The numbers and signs that Word shows before headings and items, which its files do not hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from knowledge.blocks.numerals import numeral
from knowledge.files.packages import child, value
from knowledge.files.symbols import bullet
from knowledge.files.word.styles import Style, Styles, is_on

LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_TYPES = {"upperRoman": "I", "lowerRoman": "i"}
_CIRCLED = (0x2460, 20)
_CHICAGO = ("*", "†", "‡", "§")
_MOST_LETTERS = 30


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    """The level, from 1, after which it starts anew; 0 for never; None for any above it."""
    legal: bool = False
    close: bool = False
    """Whether nothing stands between the number and the text."""
    style: str = ""


@dataclass(frozen=True, slots=True)
class _Numbers:
    """A list: what its levels look like, and whose counting it shares."""

    counting: str
    levels: tuple[_Level, ...]
    starts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Label:
    """What is shown before a paragraph.

    Attributes:
        text: A number or a sign; blank where nothing is shown.
        level: How deep it stands in its list, from 0.
        close: Whether nothing stands between it and the text.
    """

    text: str
    level: int
    close: bool = False


class Numbering:
    """Counts the paragraphs of a file."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._lists = _lists(root, styles)
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, properties: Element | None, style: Style) -> Label | None:
        """What is shown before the next paragraph, None where no list numbers it."""
        direct = child(properties, "w:numPr")
        list_id = value(direct, "w:numId")
        own = list_id is not None
        list_id = list_id if list_id is not None else style.numbered.list_id
        found = self._lists.get(list_id or "")
        if found is None:
            return None
        said = value(direct, "w:ilvl")
        level = int(said) if said is not None and said.isdecimal() else None
        if level is None and not own:
            level = next(
                (
                    at
                    for at, each in enumerate(found.levels)
                    if each.style in style.linked and each.style
                ),
                style.numbered.level,
            )
        return self._next(list_id or "", found, min(level or 0, LEVELS - 1))

    def _next(self, list_id: str, numbers: _Numbers, level: int) -> Label:
        counts = self._counts.setdefault(numbers.counting, [None] * LEVELS)
        looks = numbers.levels[level]
        before = counts[level]
        if level in numbers.starts and (list_id, level) not in self._begun:
            counts[level] = numbers.starts[level]
        else:
            counts[level] = looks.start if before is None else before + 1
        self._begun.add((list_id, level))
        for deeper in range(level + 1, LEVELS):
            restart = numbers.levels[deeper].restart
            if restart is None or level < restart:
                counts[deeper] = None
        if looks.form == "bullet":
            return Label(bullet(looks.text), level, looks.close)

        def shown(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            each = numbers.levels[at]
            count = counts[at]
            form = "decimal" if looks.legal and each.form != "bullet" else each.form
            return counted(each.start if count is None else count, form)

        text = "" if looks.form == "none" and not _PLACE.sub("", looks.text) else looks.text
        return Label(_PLACE.sub(shown, text).strip(), level, looks.close)


def counted(number: int, form: str) -> str:
    """A number as Word shows it in a form; in figures where the form is one of words."""
    other = _FORMS.get(form)
    if other is not None:
        return other(number)
    return numeral(number, _TYPES.get(form, "1"))


def _letters(number: int) -> str:
    """1 is a, 26 z, 27 aa, 28 bb."""
    if number < 1:
        return str(number)
    times, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * min(times + 1, _MOST_LETTERS)


def _circled(number: int) -> str:
    first, most = _CIRCLED
    return chr(first + number - 1) if 1 <= number <= most else str(number)


def _chicago(number: int) -> str:
    times, sign = divmod(max(number, 1) - 1, len(_CHICAGO))
    return _CHICAGO[sign] * min(times + 1, _MOST_LETTERS)


_FORMS: Mapping[str, Callable[[int], str]] = {
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "decimalZero": lambda number: f"{number:02}",
    "numberInDash": lambda number: f"- {number} -",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "chicago": _chicago,
    "none": lambda _number: "",
    "bullet": lambda _number: "",
}


def _lists(root: Element | None, styles: Styles) -> dict[str, _Numbers]:
    if root is None:
        return {}
    kinds = {each.get("w:abstractNumId", ""): each for each in root if each.tag == "w:abstractNum"}
    numbers = {each.get("w:numId", ""): each for each in root if each.tag == "w:num"}
    linked = styles.lists()
    found: dict[str, _Numbers] = {}
    for list_id, each in numbers.items():
        kind = value(each, "w:abstractNumId") or ""
        for _ in range(LEVELS):
            # A list may be that of a style, which may again be that of one.
            style = value(kinds.get(kind), "w:numStyleLink")
            other = numbers.get(linked.get(style or "", ""))
            if other is None:
                break
            kind = value(other, "w:abstractNumId") or ""
        if kind in kinds:
            found[list_id] = _list_of(each, kind, kinds[kind])
    return found


def _list_of(number: Element, kind: str, looks: Element) -> _Numbers:
    levels = [_Level(form="none") for _ in range(LEVELS)]
    starts: dict[int, int] = {}
    for each in looks:
        if each.tag == "w:lvl" and (at := _at(each)) is not None:
            levels[at] = _level(each)
    for each in number:
        at = _at(each) if each.tag == "w:lvlOverride" else None
        if at is None:
            continue
        other = child(each, "w:lvl")
        if other is not None:
            levels[at] = _level(other)
            starts.setdefault(at, levels[at].start)
        start = value(each, "w:startOverride")
        if start is not None:
            starts[at] = _number(start, 1)
            levels[at] = replace(levels[at], start=starts[at])
    return _Numbers(kind, tuple(levels), starts)


def _at(element: Element) -> int | None:
    at = _number(element.get("w:ilvl"), LEVELS)
    return at if 0 <= at < LEVELS else None


def _level(element: Element) -> _Level:
    restart = value(element, "w:lvlRestart")
    form = value(element, "w:numFmt") or value(
        element, "mc:AlternateContent", "mc:Fallback", "w:numFmt"
    )
    return _Level(
        _number(value(element, "w:start"), 0),
        form or "decimal",
        value(element, "w:lvlText") or "",
        None if restart is None else _number(restart, 0),
        is_on(value(element, "w:isLgl"), absent=child(element, "w:isLgl") is not None),
        value(element, "w:suff") == "nothing",
        value(element, "w:pStyle") or "",
    )


def _number(said: str | None, otherwise: int) -> int:
    try:
        return otherwise if said is None else int(said)
    except ValueError:
        return otherwise
