"""The files of the page; its words come from `bot/locales`."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from bot.locales import Phrasebook

_FOLDER = "static"
_PAGE = "page.html"
_SCOPE = "scope"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_WORD = re.compile(r"\{\{([\w.]+)\}\}")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that the page loads.

    Attributes:
        body: Its bytes.
        content_type: Its media type.
    """

    body: bytes
    content_type: str


def page(phrases: Phrasebook, scope: str) -> str:
    """The page in one language, as HTML.

    Args:
        phrases: Its words.
        scope: What is answered from.
    """
    template = (resources.files("bot.operations.preview") / _FOLDER / _PAGE).read_text("utf-8")

    def word(match: re.Match[str]) -> str:
        return html.escape(scope if match[1] == _SCOPE else phrases(match[1]))

    return _WORD.sub(word, template.replace("{{lang}}", phrases.language))


def assets() -> Mapping[str, Asset]:
    """What the page loads, by the name of the file."""
    found = {}
    for file in (resources.files("bot.operations.preview") / _FOLDER).iterdir():
        suffix = f".{file.name.rpartition('.')[2]}"
        if suffix in _TYPES:
            found[file.name] = Asset(file.read_bytes(), _TYPES[suffix])
    return found
