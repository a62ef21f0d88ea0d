"""The words that people read, in their language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from knowledge import Language

_PARTS = ("", "operators.")
"""What is read on Discord, and what in a terminal."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times as fast, where libyaml is there."""


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All phrases of one language.

    Attributes:
        language: The language.
        phrases: From dotted keys, such as `card.source`, to phrases with `{placeholders}`.
        called: What the documents are called, a key below `called`.
    """

    language: Language
    phrases: Mapping[str, str]
    called: str = "articles"

    def __call__(self, key: str, **values: object) -> str:
        """The phrase `key`, with its placeholders filled.

        Raises:
            KeyError: There is no such phrase, or a placeholder was not given.
        """
        phrase = self.phrases[key]
        return phrase.format(**{**self._documents, **values}) if "{" in phrase else phrase

    @property
    def _documents(self) -> dict[str, str]:
        """What stands for the documents in phrases."""
        forms = ("documents", "the_documents", "read_document")
        return {each: self.phrases[f"called.{self.called}.{each}"] for each in forms}

    def calling(self, documents: str) -> Phrasebook:
        """The same, with another word for the documents, a key below `called`."""
        return replace(self, called=documents)

    def date(self, day: dt.date) -> str:
        """A date in words: “6 avril 2021”, “April 6, 2021”."""
        number = self("date.first") if day.day == 1 else str(day.day)
        return self("date.form", day=number, month=self(f"date.month_{day.month}"), year=day.year)

    def decimal(self, number: float, places: int = 2) -> str:
        """A number with its decimals: “3,14”, “3.14”."""
        return f"{number:.{places}f}".replace(".", self("decimal_mark"))

    def percent(self, share: float) -> str:
        """A share of one in words: “83 %”, “83%”."""
        return self("percent", number=round(100 * share))


class Phrasebooks:
    """The phrases of every language."""

    def __init__(self, books: Mapping[Language, Phrasebook]) -> None:
        self._books = dict(books)

    @classmethod
    def read(cls) -> Phrasebooks:
        """Read the files of `bot/locales`."""
        return cls({language: phrasebook(language) for language in Language})

    def __getitem__(self, language: Language) -> Phrasebook:
        """The phrases of `language`."""
        return self._books[language]


@cache
def phrasebook(language: Language) -> Phrasebook:
    """The phrases of one language, from its files in `bot/locales`; read once."""
    folder = resources.files("bot") / "locales"
    phrases: dict[str, str] = {}
    for part in _PARTS:
        text = (folder / f"{part}{language}.yaml").read_text("utf-8")
        phrases |= _flat(yaml.load(text, Loader=_LOADER))  # noqa: S506 - a SafeLoader
    return Phrasebook(language, MappingProxyType(phrases))


def _flat(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in tree.items():
        if isinstance(value, dict):
            pairs += _flat(value, f"{prefix}{key}.")
        else:
            pairs.append((f"{prefix}{key}", str(value)))
    return pairs
