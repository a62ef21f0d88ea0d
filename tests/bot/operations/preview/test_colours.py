"""Every colour of the page is told from what lies behind it, in both themes (WCAG 2.2, AA)."""

from __future__ import annotations

import re

import pytest

from bot.operations.preview.page import assets

NAMED = re.compile(r"--([\w-]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\);")
CSS = assets()["page.css"].body.decode()
THEMES = {
    theme: {name: both[at] for name, *both in NAMED.findall(CSS)}
    for at, theme in enumerate(("light", "dark"))
}
TEXT, GRAPHIC = 4.5, 3.0
"""The least contrast of text, and of what is no text but must be seen (1.4.3, 1.4.11)."""
PAIRS = {
    ("text", "page"): TEXT,
    ("text", "surface"): TEXT,
    ("text", "chat"): TEXT,
    ("text", "card"): TEXT,
    ("subtle", "page"): TEXT,
    ("subtle", "surface"): TEXT,
    ("subtle", "chat"): TEXT,
    ("subtle", "card"): TEXT,
    ("link", "page"): TEXT,
    ("link", "chat"): TEXT,
    ("link", "card"): TEXT,
    ("on-main", "main"): TEXT,
    ("on-button", "button"): TEXT,
    ("field-line", "surface"): GRAPHIC,
    ("focus", "page"): GRAPHIC,
    ("focus", "surface"): GRAPHIC,
    ("focus", "chat"): GRAPHIC,
    ("focus", "card"): GRAPHIC,
    ("suffices", "page"): GRAPHIC,
    ("fails", "page"): GRAPHIC,
    ("text", "suffices"): 1.5,
}


def luminance(colour: str) -> float:
    """The relative luminance of a colour, as WCAG defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("000000", "ffffff") == pytest.approx(21)
    assert contrast("777777", "ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
def test_what_is_written_can_be_read(theme: str, pair: tuple[str, str]) -> None:
    one, other = (THEMES[theme][each] for each in pair)
    assert contrast(one, other) >= PAIRS[pair]


def test_every_text_colour_of_the_page_was_computed() -> None:
    used = set(re.findall(r"(?<![-\w])color: var\(--([\w-]+)\)", CSS))
    assert used <= {colour for colour, _ in PAIRS}
    without_name = set(re.findall(r"(?<![-\w])color: (?!var|inherit|HighlightText)([^;]+);", CSS))
    assert without_name == {"#ffffff"}, "that of the badge alone"
    assert contrast("ffffff", "4752c4") >= TEXT
