"""Makes a community: by-laws, rules, minutes and FAQs of clubs, and what members ask about them.

The same ones every time. Each club of a quarter has facts of its own, so that every question has
one document that answers it; the words of questions are not those of the documents' headings.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.drafts import free_slug
from knowledge import Language
from knowledge.front_matter import with_front_matter

_WORDS = Path(__file__).with_name("words.yaml")
_SEED = 22


@dataclass(frozen=True, slots=True)
class MadeDocument:
    """A document.

    Attributes:
        slug: Its name.
        files: Its files.
    """

    slug: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MadeQuestion:
    """A question that a member asks.

    Attributes:
        text: The question.
        language: Its language.
        slug: The document that answers it.
        words: Words that stand in the passage that answers it, and in no other of the document.
    """

    text: str
    language: Language
    slug: str
    words: str


@dataclass(frozen=True, slots=True)
class Community:
    """What a community knows and what it asks."""

    documents: tuple[MadeDocument, ...]
    questions: tuple[MadeQuestion, ...]


def community(documents: int, questions: int) -> Community:
    """So many documents, and so many different questions about them.

    Raises:
        ValueError: There are not so many.
    """
    words: dict[str, Any] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    chosen = random.Random(_SEED)  # noqa: S311 - not for secrets
    made: list[MadeDocument] = []
    asked: list[MadeQuestion] = []
    for club, quarter, kind in _wanted(words):
        if len(made) == documents:
            break
        document, about = _document(
            words, club, quarter, kind, chosen, {each.slug for each in made}
        )
        made.append(document)
        asked += about
    different = list({each.text: each for each in asked}.values())
    if len(made) < documents or len(different) < questions:
        raise ValueError(
            f"only {len(made)} documents and {len(different)} questions can be made, "
            f"not {documents} and {questions}"
        )
    chosen.shuffle(different)
    return Community(tuple(made), tuple(different[:questions]))


def _wanted(words: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, str], str, str]]:
    for quarter in words["quarters"]:
        for club in words["clubs"]:
            for kind in words["kinds"]:
                yield club, quarter, kind


def _document(  # noqa: PLR0917 - a document is made of all of that
    words: Mapping[str, Any],
    club: Mapping[str, str],
    quarter: str,
    kind: str,
    chosen: random.Random,
    taken: set[str],
) -> tuple[MadeDocument, list[MadeQuestion]]:
    shape = words["kinds"][kind]
    facts = [(words["facts"][name], _values(words, chosen)) for name in shape["facts"]]
    files: dict[str, str] = {}
    asked: list[MadeQuestion] = []
    number = chosen.randrange(1, 29)
    slug = free_slug(f"{kind} {club['en']} {quarter}", taken)
    for language in (Language(each) for each in shape["languages"]):
        named = {"club": club[language], "quarter": quarter, "number": str(number)}
        about = {
            "title": shape["title"][language].format(**named),
            "language": language.value,
            "published": f"2026-{1 + number % 11:02d}-{number:02d}",
            "tags": [kind, words["tags"][language].format(**named)],
        }
        if files:
            about["translated_from"] = shape["languages"][0]
        parts = []
        for fact, values in facts:
            filled = {**named, **values[language]}
            heading = fact["question" if kind == "faq" else "heading"][language].format(**filled)
            told = fact["text"][language].format(**filled)
            parts += [f"## {heading}", told]
            asked += [
                MadeQuestion(each.format(**filled), language, slug, told)
                for each in fact["asked"][language]
            ]
        files[f"{language}.md"] = with_front_matter(about, "\n\n".join(parts))
    return MadeDocument(slug, files), asked


def _values(words: Mapping[str, Any], chosen: random.Random) -> dict[Language, dict[str, str]]:
    """What the blanks of a fact are filled with: the same in each language."""
    day, other, who = (
        chosen.randrange(len(words[name]["fr"])) for name in ("days", "days", "people")
    )
    numbers = {
        "opens": str(chosen.randrange(7, 12)),
        "closes": str(chosen.randrange(16, 23)),
        "price": str(chosen.randrange(3, 90)),
        "some": str(chosen.randrange(2, 15)),
        "many": str(chosen.randrange(20, 300)),
    }
    return {
        language: {
            **numbers,
            "day": words["days"][language][day],
            "other_day": words["days"][language][other],
            "who": words["people"][language][who],
        }
        for language in Language
    }
