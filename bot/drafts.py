"""Documents as moderators write them: a title, a language and a text, made into files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from knowledge import (
    Document,
    DocumentError,
    FrontMatter,
    Language,
    PassageLimits,
    read_document,
    slug_of,
)
from knowledge.blocks.reading import Said
from knowledge.documents import read_source
from knowledge.front_matter import (
    LONGEST_TITLE,
    Visibility,
    divided,
    keys_of,
    understood,
    with_front_matter,
)
from knowledge.located_yaml import YamlError
from knowledge.passages.dividing import LONGEST_QUESTION
from knowledge.questions import QUESTIONS_FILE

LONGEST_SLUG = 60
"""So that it fits into the `custom_id` of a button with what else is in there."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that was looked at and can be kept.

    Attributes:
        document: The document.
        files: Its files.
        problems: Why some of it was left out.
    """

    document: Document
    files: Mapping[str, str]
    problems: tuple[DocumentError, ...]


def checked(slug: str, files: Mapping[str, str], limits: PassageLimits) -> Draft:
    """Look at the files of a document as the index will.

    Raises:
        DocumentError: It cannot be used.
    """
    # Ids do not matter here, and are made again when the document is put in.
    read = read_document(slug, files, limits, "draft")
    return Draft(read.document, files, read.problems)


def written_file(title: str, language: Language, body: str, original: Language | None) -> str:
    """A Markdown file with front matter."""
    about = {"title": title, "language": language.value}
    if original is not None:
        about["translated_from"] = original.value
    return with_front_matter(about, body)


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says of a text; it wins over what the text says of itself.

    Attributes:
        title: Blank where they say none.
        language: None where they say none.
    """

    title: str = ""
    language: Language | None = None


def described(
    text: str,
    given: Given,
    said: Said,
    title: str,
    spoken: Callable[[str], Language],
) -> str:
    """A file with front matter: what was given, else what it says of itself, else what it shows.

    Args:
        text: The text, with or without front matter.
        given: What somebody says of it.
        said: What the file that it was read from says of itself.
        title: Its title, where neither says one.
        spoken: Tells a language from a text.
    """
    wins = {"title": given.title, "language": given.language and given.language.value}
    language = given.language or said.language or spoken(body_of(text))
    defaults = {"title": said.title or title, "language": language.value, **usable(said)}
    return with_about(text, {name: value for name, value in wins.items() if value}, defaults)


def usable(said: Said) -> dict[str, Any]:
    """Author, date and address that a file says of itself, as far as front matter takes them."""
    author = said.author and said.author[:LONGEST_TITLE]
    found = {"author": author, "published": said.published, "url": said.url}
    return {name: value for name, value in found.items() if value and _is_taken(name, value)}


def _is_taken(name: str, value: object) -> bool:
    needed = {"title": "-", "language": Language.ENGLISH}
    try:
        FrontMatter.model_validate({**needed, name: value})
    except ValidationError:
        return False
    return True


def with_about(text: str, given: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    """A file whose front matter says what was given, and what it does not say itself.

    Args:
        text: The file, with or without front matter.
        given: Keys that win over its own.
        defaults: Keys for where it has none.
    """
    parts = divided(text)
    if parts.front is None:
        return with_front_matter({**defaults, **given}, text)
    try:
        keys = keys_of(parts).value
    except YamlError:
        # What is wrong with it is said, with its line, when the document is looked at.
        return text
    known = understood(keys)
    missing = {name: value for name, value in defaults.items() if not known.get(name)}
    changes = {**missing, **given}
    if all(known.get(name) == value for name, value in changes.items()):
        return text
    return with_front_matter({**keys, **changes}, parts.body)


def with_review(text: str, day: dt.date | None) -> str:
    """A file whose front matter says by when it is to be reviewed; None takes that out."""
    return _with_key(text, ("review_by", "review", "expires"), day)


def with_visibility(text: str, visibility: Visibility) -> str:
    """A file whose front matter says who is given quotes of it."""
    everyone = visibility is Visibility.EVERYONE
    return _with_key(text, ("visible_to",), None if everyone else visibility.value)


def _with_key(text: str, names: Sequence[str], value: dt.date | str | None) -> str:
    """A file whose front matter has a value under the first of some names, or none of them."""
    parts = divided(text)
    keys = {name: each for name, each in keys_of(parts).value.items() if name not in names}
    if value is not None:
        keys[names[0]] = value
    return with_front_matter(keys, parts.body)


def has_front_matter(text: str) -> bool:
    """Whether a text begins with front matter of its own."""
    return divided(text).front is not None


def about_file(text: str, slug: str = "document") -> FrontMatter:
    """What a file says of itself.

    Raises:
        DocumentError: The file cannot be used.
    """
    return read_source(Path(slug) / "document.md", text).edition.about


def body_of(text: str) -> str:
    """A file without its front matter."""
    return divided(text).body.strip()


def with_body(text: str, body: str) -> str:
    """A file with another text under its front matter."""
    front = text[: len(text) - len(divided(text).body)]
    return f"{front.rstrip()}\n\n{body.strip()}\n"


def edition_files(files: Mapping[str, str]) -> dict[Language, str]:
    """The name of the file in each language; of those that cannot be read, none."""
    found: dict[Language, str] = {}
    for name, text in files.items():
        if name != QUESTIONS_FILE:
            try:
                found[about_file(text).language] = name
            except DocumentError:
                continue
    return found


def in_one_title(question: str) -> str:
    """A question as the title of the document that answers it."""
    title = " ".join(question.split())
    short = len(title) <= LONGEST_QUESTION
    return title if short else f"{title[: LONGEST_QUESTION - 1].rstrip()}…"


def question_file(document: Document, question: str) -> str:
    """The file that gives a document's first passage a question."""
    language = document.original.about.language
    first = document.passages[0].texts[language].span.of(document.original.text)
    entry = {"passage": first, language.value: [question]}
    return yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=10_000)


def free_slug(title: str, taken: Collection[str]) -> str:
    """A name for a new document that no other has."""
    return next(each for each in slugs_of(title) if each not in taken)


def slugs_of(title: str) -> Iterable[str]:
    """The names that a document of this title may have, without end."""
    base = slug_of(title)[:LONGEST_SLUG].strip("-") or "document"
    yield base
    for number in count(2):
        yield f"{base[: LONGEST_SLUG - 5]}-{number}"


def same_as(document: Document, others: Iterable[Document]) -> Document | None:
    """Another document that has the same words in the same language; None where there is none."""
    own = document.original
    return next(
        (
            each
            for each in others
            for edition in each.editions.values()
            if edition.text == own.text and edition.about.language is own.about.language
        ),
        None,
    )
