"""Both languages say the same things, in correct typography and within Discord's limits."""

from __future__ import annotations

import datetime as dt
import re
import string

import pytest

from bot.locales import Phrasebooks
from knowledge import Language
from knowledge.blocks.reading import Furniture

BOOKS = Phrasebooks.read()
FRENCH = BOOKS[Language.FRENCH].phrases
ENGLISH = BOOKS[Language.ENGLISH].phrases
CODE = re.compile(r"`[^`]*`")
LONGEST = {"command.": 100, "card.other_language": 80, "card.read": 80}


def placeholders(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_both_languages_have_the_same_phrases() -> None:
    assert FRENCH.keys() == ENGLISH.keys()


@pytest.mark.parametrize("key", FRENCH)
def test_a_phrase_takes_the_same_values_in_both_languages(key: str) -> None:
    assert placeholders(FRENCH[key]) == placeholders(ENGLISH[key])


@pytest.mark.parametrize("key", FRENCH)
def test_french_typography(key: str) -> None:
    phrase = FRENCH[key]
    assert "'" not in CODE.sub("", phrase), "the apostrophe is ’"
    assert "..." not in phrase
    assert "(s)" not in phrase, "passages : 2, rather than 2 passage(s)"
    assert not re.search(r"[^\u00a0][;?!»%](?!\})", phrase), "a non-breaking space before ; ? ! » %"
    assert not re.search(r"[^\u00a0]:(?=\s|$)", phrase), "a non-breaking space before :"
    assert not re.search(r"«[^\u00a0]", phrase), "a non-breaking space after «"


@pytest.mark.parametrize("key", ENGLISH)
def test_english_typography(key: str) -> None:
    assert "'" not in CODE.sub("", ENGLISH[key]), "the apostrophe is ’"
    assert "(s)" not in ENGLISH[key], "passages: 2, rather than 2 passage(s)"
    assert not re.search(r"\s[;:?!]", ENGLISH[key])


@pytest.mark.parametrize("phrases", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_what_discord_limits_is_short_enough(phrases: dict[str, str]) -> None:
    for key, phrase in phrases.items():
        for prefix, longest in LONGEST.items():
            assert not key.startswith(prefix) or len(phrase) <= longest, key


def test_dates_read_as_they_are_written() -> None:
    french, english = BOOKS[Language.FRENCH], BOOKS[Language.ENGLISH]
    assert french.date(dt.date(2021, 4, 6)) == "6 avril 2021"
    assert french.date(dt.date(2021, 5, 1)) == "1er mai 2021"
    assert english.date(dt.date(2021, 4, 6)) == "April 6, 2021"
    assert english.date(dt.date(2021, 5, 1)) == "May 1, 2021"
    assert french.percent(0.834) == "83\u00a0%"
    assert english.percent(0.834) == "83%"


def test_all_that_can_be_left_out_has_a_name() -> None:
    prefix = "reading.furniture."
    named = {key.removeprefix(prefix) for key in ENGLISH if key.startswith(prefix)}
    assert named == {each.value for each in Furniture}
