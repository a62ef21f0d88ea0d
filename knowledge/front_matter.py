"""What a file says of itself before its text, as Markdown's many programs write it."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, TypeAlias

import yaml
from pydantic import (
    AnyHttpUrl,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from knowledge.errors import DocumentProblem
from knowledge.language import Language
from knowledge.located_yaml import LocatedYaml, YamlError, first_problem, parse_yaml

LONGEST_TITLE = 300
LONGEST_TAG = 40
_BLOCK = re.compile(
    r"\A\ufeff?\s*^(?P<fence>---|\+\+\+)[ \t]*\n(?P<inside>.*?)^(?P=fence)[ \t]*(?:\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
_KEY = re.compile(r"[a-z_][\w.-]*\Z")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_OTHER_NAMES = {
    "lang": "language",
    "locale": "language",
    "langue": "language",
    "titre": "title",
    "date": "published",
    "authors": "author",
    "auteur": "author",
    "canonical": "url",
    "canonical_url": "url",
    "source": "url",
    "tag": "tags",
    "keywords": "tags",
    "review": "review_by",
    "expires": "review_by",
}
"""Keys of other programs, and what they are here. Their values count where they can be used."""
_COMMON = {
    "visible_to",
    *(
        "title",
        "language",
        "translated_from",
        "publisher",
        "author",
        "published",
        "url",
        "review_by",
    ),
    *_OTHER_NAMES,
    *("tags", "aliases", "draft", "layout", "categories", "description", "slug", "permalink"),
    *("weight", "type", "cssclasses", "cssclass", "publish", "nav_order", "parent", "created"),
}


def _on_one_line(value: object) -> object:
    if isinstance(value, int | float | dt.date) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return value
    if _UNPRINTABLE.search(value):
        raise PydanticCustomError("unprintable", "it should have no control characters")
    return " ".join(value.split())


_Line: TypeAlias = Annotated[
    str, Field(min_length=1, max_length=LONGEST_TITLE), BeforeValidator(_on_one_line)
]


def _listed(value: object) -> object:
    """Tags as other programs write them: a list, one, or several with commas between."""
    if value is None:
        return ()
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return value
    named = [_on_one_line(each) for each in value]
    return tuple(
        dict.fromkeys(each.lstrip("#") if isinstance(each, str) else each for each in named if each)
    )


_Tag: TypeAlias = Annotated[str, Field(min_length=1, max_length=LONGEST_TAG)]
_Tags: TypeAlias = Annotated[tuple[_Tag, ...], BeforeValidator(_listed)]


class Visibility(StrEnum):
    """Who is given quotes of a document."""

    EVERYONE = "everyone"
    MODERATORS = "moderators"


class FrontMatter(BaseModel):
    """What a file says of itself; only title and language are needed, other keys are ignored.

    Attributes:
        tags: What it is about, in words of the community’s own.
        visible_to: Who is given quotes of it, in a server that added it.
        review_by: The day by which somebody should look whether it still holds.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    title: _Line
    language: Language
    translated_from: Language | None = None
    publisher: _Line | None = None
    author: _Line | None = None
    published: dt.date | None = None
    url: AnyHttpUrl | None = None
    tags: _Tags = ()
    visible_to: Visibility = Visibility.EVERYONE
    review_by: dt.date | None = None

    @field_validator("translated_from")
    @classmethod
    def _another_language(cls, value: Language | None, known: ValidationInfo) -> Language | None:
        if value is not None and value == known.data.get("language"):
            raise PydanticCustomError("own_language", "it should not be the text's own language")
        return value


@dataclass(frozen=True, slots=True)
class Divided:
    """A file in its two parts.

    Attributes:
        front: What stands between the fences; None where there is no front matter.
        fence: “---” for YAML, “+++” for TOML.
        body: All that follows.
        front_line, body_line: The lines where they start, counted from 1.
    """

    front: str | None
    fence: str
    body: str
    front_line: int
    body_line: int


def divided(text: str) -> Divided:
    """Divide a file into front matter and text; a text between two rules is text."""
    found = _BLOCK.match(text)
    if found is None or not _is_front_matter(found["inside"], found["fence"]):
        return Divided(None, "", text, 1, 1)
    return divided_at(text, found)


def divided_at(text: str, found: re.Match[str]) -> Divided:
    """Divide a file at what looks like front matter."""
    return Divided(
        found["inside"],
        found["fence"],
        text[found.end() :],
        text.count("\n", 0, found.start("inside")) + 1,
        text.count("\n", 0, found.end()) + 1,
    )


def fenced(text: str) -> Divided | None:
    """Divide a file whose front matter is known to be there, whatever it says."""
    found = _BLOCK.match(text)
    return None if found is None else divided_at(text, found)


def _is_front_matter(inside: str, fence: str) -> bool:
    if fence == "+++":
        return True
    try:
        value = yaml.safe_load(inside)
    except (yaml.YAMLError, ValueError, RecursionError):
        # What is meant as front matter and is none gets an error of its own.
        return any(re.match(rf"{name}[ \t]*:", inside, re.MULTILINE) for name in _COMMON)
    if not isinstance(value, dict) or not value:
        return False
    keys = [str(each) for each in value]
    return not _COMMON.isdisjoint(keys) or all(map(_KEY.match, keys))


def keys_of(parts: Divided) -> LocatedYaml:
    """All keys of front matter, with their lines.

    Raises:
        YamlError: It cannot be read, or has no keys.
    """
    if parts.fence == "+++":
        try:
            found = LocatedYaml(tomllib.loads(parts.front or ""), {})
        except tomllib.TOMLDecodeError as error:
            raise YamlError(f"this is not valid TOML ({error}).", parts.front_line) from error
    else:
        found = parse_yaml(parts.front or "", first_line=parts.front_line)
    if not isinstance(found.value, dict):
        raise YamlError(
            "the front matter has no keys. Add `title:` and `language:`.",
            None,
            DocumentProblem.NO_KEYS,
        )
    return found


def about(keys: LocatedYaml, defaults: Mapping[str, Any]) -> FrontMatter:
    """What front matter says.

    Args:
        keys: All that it has.
        defaults: What holds where it says nothing: a title, a language.

    Raises:
        YamlError: A value cannot be used, or one that is needed is missing.
    """
    try:
        return FrontMatter.model_validate({**defaults, **understood(keys.value)})
    except ValidationError as error:
        raise first_problem(error, keys) from error


def understood(found: Mapping[Any, Any]) -> dict[str, Any]:
    """Of front matter the keys that mean something here, in their own names."""
    known = {name: value for name, value in found.items() if name in FrontMatter.model_fields}
    for other, name in _OTHER_NAMES.items():
        usable = _usable(name, found.get(other))
        if name not in known and usable is not None:
            known[name] = usable
    language = known.get("language")
    if isinstance(language, str) and (code := _code(language)):
        known["language"] = code
    author = known.get("author")
    if isinstance(author, list):
        known["author"] = ", ".join(map(str, author)) or None
    published = known.get("published")
    if isinstance(published, dt.datetime):
        known["published"] = published.date()
    url = known.get("url")
    if isinstance(url, str) and re.match(r"/(?!/)|[\w.-]+/?\Z", url):
        # A place on its own site says nothing of where that is.
        del known["url"]
    return known


def _usable(name: str, value: object) -> object:  # noqa: PLR0911 - one case a key
    """A value of another program as it is used here, or None where it is of no use."""
    match name:
        case "language":
            return _code(value) if isinstance(value, str) else None
        case "published" | "review_by":
            if isinstance(value, dt.date):
                return value
            try:
                return dt.date.fromisoformat(str(value)[:10])
            except ValueError:
                return None
        case "author":
            listed = value if isinstance(value, list) else [value]
            names = [
                str(each.get("name", "") if isinstance(each, dict) else each)
                for each in listed
                if each
            ]
            return ", ".join(filter(None, names))[:LONGEST_TITLE] or None
        case "tags":
            usable = isinstance(value, str | list)
            return value if usable else None
        case "url":
            is_address = isinstance(value, str) and re.match(r"https?://\S+\Z", value)
            return value if is_address else None
        case _:
            return value or None


def _code(language: str) -> str | None:
    """The language of “fr-FR” or “en_GB”."""
    code = re.split(r"[-_]", language.strip().lower())[0]
    return code if code in [each.value for each in Language] else None


def with_front_matter(about: Mapping[str, Any], body: str) -> str:
    """A Markdown file that begins with these keys."""
    front = yaml.safe_dump(dict(about), allow_unicode=True, sort_keys=False, width=1 << 16)
    return f"---\n{front}---\n\n{body.strip()}\n"
