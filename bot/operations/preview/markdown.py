"""Discord's Markdown, as much of it as the bot's cards use, as elements of a page.

Discord reads lines and knows none of CommonMark's rules of flanking, so that `**“quoted” **`
is bold there; markdown-it would show the asterisks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

_LINE = re.compile(
    r"(?P<blockquote>> |>$)|(?P<small>-# )|(?P<heading>#{1,3} )|(?P<ul> *[-*] )|(?P<ol> *\d+\. )"
)
_INLINE = re.compile(
    r"""
    \\(?P<escaped>[^0-9A-Za-z\s])
    | (?P<ticks>`+)(?P<code>.*?[^`])(?P=ticks)(?!`)
    | \[(?P<label>(?:\\.|[^\[\]\\])+)\]\((?P<target>https?://[^\s()]+)\)
    | (?P<url>https?://[^\s<]+[^<.,:;"')\]\s])
    | \*\*(?P<strong>(?:\\.|[^\\])+?)\*\*(?!\*)
    | __(?P<u>(?:\\.|[^\\])+?)__(?!_)
    | \*(?=\S)(?P<em>(?:\\.|[^*\\])+?)(?<!\s)\*(?!\*)
    | _(?=\S)(?P<emphasis>(?:\\.|[^_\\])+?)_(?![0-9A-Za-z_])
    | ~~(?P<s>.+?)~~(?!_)
    """,
    re.DOTALL | re.VERBOSE,
)
_AROUND = {"strong": "strong", "u": "u", "em": "em", "emphasis": "em", "s": "s"}


@dataclass(frozen=True, slots=True)
class Node:
    """An element.

    Attributes:
        tag: Its name in HTML.
        children: What is in it: elements and plain text.
        href: Where it links to; None for all but links.
    """

    tag: str
    children: tuple[Node | str, ...]
    href: str | None = None

    @property
    def text(self) -> str:
        """What a reader sees of it."""
        return "".join(each if isinstance(each, str) else each.text for each in self.children)

    def as_json(self) -> dict[str, Any]:
        """The same for a page."""
        children = [each if isinstance(each, str) else each.as_json() for each in self.children]
        return {"tag": self.tag, "children": children, "href": self.href}


def elements(markdown: str) -> tuple[Node, ...]:
    """What Discord makes of a text display: blocks, one below the other."""
    return tuple(_blocks(markdown.split("\n")))


def _blocks(lines: list[str]) -> Iterator[Node]:
    for kind, group in groupby(lines, _kind):
        if kind is None:
            yield Node("p", tuple(_inline("\n".join(group))))
            continue
        contents = [_LINE.sub("", line, count=1) for line in group]
        if kind == "blockquote":
            yield Node(kind, elements("\n".join(contents)))
        elif kind in {"ul", "ol"}:
            yield Node(kind, tuple(Node("li", tuple(_inline(each))) for each in contents))
        else:
            yield from (Node(kind, tuple(_inline(each))) for each in contents)


def _kind(line: str) -> str | None:
    match = _LINE.match(line)
    if match is None:
        return None
    if match.lastgroup == "heading":
        # The page has headings of its own above the card's.
        return f"h{match['heading'].count('#') + 2}"
    return match.lastgroup


def _inline(text: str) -> Iterator[Node | str]:
    plain, at = "", 0
    for match in _INLINE.finditer(text):
        plain += text[at : match.start()]
        at = match.end()
        if (escaped := match["escaped"]) is not None:
            plain += escaped
            continue
        if plain:
            yield plain
        plain = ""
        yield _element(match)
    plain += text[at:]
    if plain:
        yield plain


def _element(match: re.Match[str]) -> Node:
    if (code := match["code"]) is not None:
        return Node("code", (code.strip(),))
    if (label := match["label"]) is not None:
        return Node("a", tuple(_inline(label)), match["target"])
    if (url := match["url"]) is not None:
        return Node("a", (url,), url)
    kind = next(each for each in _AROUND if match[each] is not None)
    return Node(_AROUND[kind], tuple(_inline(match[kind])))
