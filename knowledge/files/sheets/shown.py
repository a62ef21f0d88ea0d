"""Numbers and dates as a spreadsheet shows them, by the format of their cells."""

from __future__ import annotations

import datetime as dt
import re

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None

_SECTIONS = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_BRACKETS = re.compile(r"\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?\]|\[[^\]]*\]")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
_DATE_PART = re.compile(
    r'"[^"]*"|\\.|yyyy|yy|y|mmmmm|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|AM/PM|A/P|\.0+|.',
    re.IGNORECASE | re.DOTALL,
)
_FIGURES = re.compile(r"[#0?][#0?,. ]*")
_LOCAL_DATES = ("mm-dd-yy", "m/d/yyyy", "m/d/yy")
"""Formats that each reader's own settings replace."""
_FRENCH = 0x0C
_DIGITS = 11
_WITH_ZERO = 3
"""Sections of a format that has one for zero: positive, negative, zero."""
_SHORT_YEAR, _PADDED, _SHORT_NAME = 2, 2, 3
"""Letters in a format: of “26”, of “01”, of “Mon”."""
_NOON = 12
_LARGEST_PLAIN = 1e11
_MONTHS = (
    "January February March April May June July August September October November December",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
)
_DAYS = (
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
)


def shown(value: Value, form: str) -> str:
    """A value as it is shown.

    Where the format leaves it to the reader's settings, which no file says, a date is written
    as 2026-12-01, and a decimal sign is a point.

    Args:
        value: What the cell has.
        form: Its number format, such as `0.00 %` or `dd/mm/yyyy`.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    french = any(
        found[2] and int(found[2], 16) & 0x3FF == _FRENCH for found in _BRACKETS.finditer(form)
    )
    if isinstance(value, dt.timedelta):
        return _duration(value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return _date(value, form, french=french)
    return _number(value, form, french=french)


def _number(value: float, form: str, *, french: bool) -> str:
    sections = _SECTIONS.split(form)
    section = sections[0]
    if value < 0 and len(sections) > 1:
        section, value = sections[1], -value
    elif value == 0 and len(sections) >= _WITH_ZERO:
        section = sections[2]
    section = _BRACKETS.sub(lambda found: f'"{found[1]}"' if found[1] else "", section)
    literals: list[str] = []

    def kept(found: re.Match[str]) -> str:
        literals.append(found[1] or found[2] or "")
        return f"\x00{len(literals) - 1}\x01"

    section = _LITERAL.sub(kept, section)
    figures = _FIGURES.search(section)
    if figures is None or section.strip().lower() in ("general", "@") or "E+" in section.upper():
        text = _general(value)
        if section.strip().lower() not in ("general", "@", "") and "E" not in section.upper():
            text = section if figures is None and "general" not in section.lower() else text
    else:
        text = section[: figures.start()] + _in_figures(value, section, figures[0].rstrip())
        text += section[figures.start() + len(figures[0].rstrip()) :]
    if french:
        text = text.replace(",", "\u202f").replace(".", ",")
    return re.sub(r"\x00(\d+)\x01", lambda found: literals[int(found[1])], text).strip()


def _in_figures(value: float, section: str, pattern: str) -> str:
    if "%" in section:
        value *= 100
    scaled = len(pattern) - len(pattern.rstrip(","))
    value /= 1000**scaled
    whole, _, decimals = pattern.rstrip(",").partition(".")
    most = sum(each in "#0?" for each in decimals)
    least = sum(each == "0" for each in decimals)
    grouped = "," in whole
    text = f"{value:,.{most}f}" if grouped else f"{value:.{most}f}"
    if most > least and "." in text:
        while most > least and text.endswith("0"):
            text, most = text[:-1], most - 1
        text = text.removesuffix(".")
    width = sum(each == "0" for each in whole)
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    before, point, after = digits.partition(".")
    return sign + before.rjust(width, "0") + point + after


def _general(value: float) -> str:
    if isinstance(value, int) or (value.is_integer() and abs(value) < _LARGEST_PLAIN):
        return str(int(value))
    return f"{value:.{_DIGITS - 1}g}"


def _date(value: dt.datetime | dt.date | dt.time, form: str, *, french: bool) -> str:
    pattern = _BRACKETS.sub("", _SECTIONS.split(form)[0])
    if pattern.lower() in _LOCAL_DATES or not re.search(r"[ymdhs]", pattern, re.IGNORECASE):
        day = value.date() if isinstance(value, dt.datetime) else value
        return day.isoformat()
    parts = _DATE_PART.findall(pattern)
    half = any(each.upper() in ("AM/PM", "A/P") for each in parts)
    units = [each.lower()[0] if each.isalpha() else "" for each in parts]
    told: list[str] = []
    for at, each in enumerate(parts):
        unit = units[at]
        if unit == "m" and _is_of_time(units, at):
            unit = "n"
        told.append(_date_part(value, each, unit, french=french, half=half))
    return "".join(told).strip()


def _is_of_time(units: list[str], at: int) -> bool:
    """Whether an “m” stands beside hours or seconds, so that it is minutes."""
    before = next((each for each in reversed(units[:at]) if each in tuple("ymdhs")), "")
    after = next((each for each in units[at + 1 :] if each in tuple("ymdhs")), "")
    return before == "h" or after == "s"


def _date_part(
    value: dt.datetime | dt.date | dt.time, part: str, unit: str, *, french: bool, half: bool
) -> str:
    if part.startswith('"'):
        return part[1:-1]
    if part.startswith("\\"):
        return part[1:]
    if part.upper() in ("AM/PM", "A/P"):
        return (
            ""
            if isinstance(value, dt.date) and not isinstance(value, dt.datetime)
            else ("AM" if _time(value).hour < _NOON else "PM")
        )
    width = len(part)
    if unit in ("h", "n", "s") and part.isalpha():
        time = _time(value)
        hour = (time.hour % 12 or 12) if half else time.hour
        number = {"h": hour, "n": time.minute, "s": time.second}[unit]
        return f"{number:02}" if width > 1 else str(number)
    if unit in ("y", "m", "d") and not isinstance(value, dt.time):
        return _day_part(value, unit, width, french=french)
    return "" if part.startswith(".0") or part in "_*" else part


def _day_part(value: dt.date, unit: str, width: int, *, french: bool) -> str:
    if unit == "y":
        return f"{value.year:04}" if width > _SHORT_YEAR else f"{value.year % 100:02}"
    number, names = (value.month, _MONTHS) if unit == "m" else (value.day, _DAYS)
    if width > _PADDED:
        at = value.month - 1 if unit == "m" else value.weekday()
        name = names[french].split()[at]
        return name if width > _SHORT_NAME else name[:_SHORT_NAME]
    return f"{number:02}" if width == _PADDED else str(number)


def _time(value: dt.datetime | dt.date | dt.time) -> dt.time:
    if isinstance(value, dt.datetime):
        return value.time()
    return value if isinstance(value, dt.time) else dt.time()


def _duration(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else ''}{hours}:{rest // 60:02}:{rest % 60:02}"
