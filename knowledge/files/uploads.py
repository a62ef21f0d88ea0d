"""What became of a file that somebody sent."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any

import yaml

from knowledge.blocks.reading import Furniture, LeftOut, Reading, Said, left_out
from knowledge.front_matter import Divided, divided, keys_of, understood, with_front_matter
from knowledge.language import Language
from knowledge.located_yaml import YamlError
from knowledge.markdown import read_markdown

MOST_LEFT_OUT = 0.05
"""Of the words of a file; where more is left out, whoever sent it should look."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_UNSEEN = (Furniture.FRONT_MATTER, Furniture.COMMENTS, Furniture.HIDDEN, Furniture.DELETED)
"""What nobody sees who reads the file as it is meant to be read."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was read.

    Attributes:
        markdown: What it says; with front matter only where it had some.
        left_out: What is no part of that.
        said: What it says of itself.
        words: How many words became text.
    """

    markdown: str
    left_out: tuple[LeftOut, ...] = ()
    said: Said = field(default_factory=Said)
    words: int = 0

    @property
    def loses_much(self) -> bool:
        """Whether so much that can be seen was left out that somebody should look at it."""
        lost = sum(each.words for each in self.left_out if each.what not in _UNSEEN)
        return lost > MOST_LEFT_OUT * (self.words + lost)


def markdown_upload(text: str, stem: str) -> Upload:
    """A Markdown file, whose text stays as it is.

    Args:
        text: What it holds.
        stem: Its title, where its front matter gives none.
    """
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    parts = divided(text)
    read = read_markdown(parts.body)
    reading = Reading.of((each.block for each in read.blocks), read.left_out)
    if parts.front is None:
        return Upload(parts.body.strip("\n"), reading.left_out, Said(), reading.words)
    try:
        keys = keys_of(parts).value
    except YamlError:
        # What is wrong with it is said, with its line, when the document is put in.
        return Upload(text.strip(), reading.left_out, Said(), reading.words)
    known = understood(keys)
    unknown = {name: value for name, value in keys.items() if name not in known}
    ignored = yaml.safe_dump(unknown, allow_unicode=True) if unknown else ""
    gone = reading.left_out
    if ignored:
        gone = (left_out(Furniture.FRONT_MATTER, ignored), *gone)
    return Upload(_with_title(parts, keys, stem, text), gone, said_by(known), reading.words)


def _with_title(parts: Divided, keys: dict[str, Any], stem: str, text: str) -> str:
    titled = "title" in understood(keys)
    if parts.fence == "+++":
        return with_front_matter(keys if titled else {"title": stem, **keys}, parts.body)
    if titled:
        return text.strip()
    title = yaml.safe_dump({"title": stem}, allow_unicode=True, width=1 << 16)
    return f"---\n{title}{parts.front}---\n{parts.body.rstrip()}"


def said_by(known: dict[str, Any]) -> Said:
    """What front matter says, as far as it can be used."""
    title, author, published = known.get("title"), known.get("author"), known.get("published")
    language, url = known.get("language"), known.get("url")
    return Said(
        str(title) if title else None,
        Language(language) if language in [each.value for each in Language] else None,
        str(author) if author else None,
        published if isinstance(published, dt.date) else None,
        str(url) if url else None,
    )


def packed(upload: Upload) -> str:
    """An upload as JSON."""
    return json.dumps(asdict(upload), ensure_ascii=False, default=str)


def unpacked(text: str) -> Upload:
    """The upload that `packed` made a text of."""
    found = json.loads(text)
    said = found["said"]
    return Upload(
        found["markdown"],
        tuple(
            LeftOut(
                Furniture(each["what"]),
                each["words"],
                each["first_words"],
                each["count"],
                tuple(each["places"]),
            )
            for each in found["left_out"]
        ),
        Said(
            said["title"],
            None if said["language"] is None else Language(said["language"]),
            said["author"],
            None if said["published"] is None else dt.date.fromisoformat(said["published"]),
            said["url"],
        ),
        found["words"],
    )
