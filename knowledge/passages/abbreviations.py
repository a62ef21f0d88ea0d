"""Abbreviations, and other words that tell whether a full stop ends a sentence.

The lists of CLDR (`data/cldr`, the "standard" sentence break suppressions of version 46.1) say
what seldom ends a sentence; `data/abbreviations` says what of it always goes on, what ends a
sentence after all, and what minutes and by-laws have besides.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib import resources

import yaml

from knowledge.language import Language


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a list: one in small letters stands for its capitals too."""

    listed: frozenset[str]

    def __contains__(self, word: str) -> bool:
        return word in self.listed or word.lower() in self.listed


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """Words of a language, all without the full stop at their end.

    Attributes:
        leading: Abbreviations that always go on: titles, "cf", "e.g".
        numbered: Abbreviations that a number or a letter follows, where they end no sentence.
        other: Abbreviations that end a sentence only before one of `openings`.
        closing: Abbreviations that end a sentence before any capital or number.
        openings: Words that begin a sentence and seldom a name.
        particles: Words that begin a name.
        labelled: Nouns that are numbered by letters.
        times: Words that go on with a time of day.
        days: Words with a capital that go on with a time of day.
        provisions: Words that are a heading together with their number.
    """

    leading: Words
    numbered: Words
    other: Words
    closing: Words
    openings: Words
    particles: Words
    labelled: Words
    times: Words
    days: Words
    provisions: Words


@lru_cache
def read_abbreviations(language: Language) -> Abbreviations:
    """The abbreviations of a language."""
    data = resources.files("knowledge") / "data"
    own = yaml.safe_load((data / "abbreviations" / f"{language}.yaml").read_text("utf-8"))
    kept = json.loads((data / "cldr" / f"{language}.json").read_text("utf-8"))
    breaks = kept["segments"]["segmentations"]["SentenceBreak"]["standard"]
    suppressed = {each["suppression"].removesuffix(".") for each in breaks}
    own["other"] += suppressed - set(own.pop("words"))
    return Abbreviations(
        **{each.name: Words(frozenset(own[each.name])) for each in fields(Abbreviations)}
    )
