"""What programs add to Markdown and nobody sees who reads the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from knowledge.blocks.reading import Furniture, LeftOut, left_out
from knowledge.spans import Span

_FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.M | re.S)
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
_UNSEEN = (
    (Furniture.COMMENTS, re.compile(r"(?<!\\)%%.*?(?<!\\)%%", re.S)),
    # Hugo's shortcodes, Jekyll's tags and values.
    (Furniture.EMBEDDED, re.compile(r"(?<!\\)\{\{[<%].*?[%>]\}\}|(?<!\\)\{%.*?%\}", re.S)),
    (Furniture.EMBEDDED, re.compile(r"(?<!\\)\{\{[^{}\n]*\}\}")),
    # Of Pandoc, kramdown and MkDocs: names and classes of what stands before.
    (None, re.compile(r"(?<!\\)\{:?[ ]?[#.:][\w#.:=\"' -]*\}(?=[ \t]*$)", re.M)),
    # Obsidian's name of a block.
    (None, re.compile(r"(?:^|(?<=[ \t]))\^[A-Za-z0-9-]+(?=[ \t]*$)", re.M)),
)
_DEEPEST = 90
"""How many elements may stand in each other; the parser itself stops at a hundred."""
_MARKS = re.compile(r"\A(?:[ \t>]|[-*+][ \t])+|[ \t]+\Z")
CALLOUT = re.compile(r"\[!([\w-]+)\][+-]?[ \t]*")


def without_unseen(text: str) -> tuple[str, list[LeftOut]]:
    """`text` with blanks in place of what only programs read, and what of it was left out."""
    gone: list[LeftOut] = []
    if "%" not in text and "{" not in text and "^" not in text:
        return text, gone
    for what, pattern in _UNSEEN:
        kept = [*_spans_of_code(text)]
        parts: list[str] = []
        done = 0
        for found in pattern.finditer(text):
            if any(each.start < found.end() and found.start() < each.end for each in kept):
                continue
            blanks = re.sub(r"[^\n]", " ", found[0])
            parts += (text[done : found.start()], blanks)
            done = found.end()
            if what is not None:
                gone.append(left_out(what, found[0].strip("%{}<> ")))
        text = "".join((*parts, text[done:]))
    return text, gone


def _spans_of_code(text: str) -> Iterator[Span]:
    for pattern in (_FENCED, _CODE):
        for found in pattern.finditer(text):
            yield Span(*found.span())


def flat_where_too_deep(markdown: MarkdownIt) -> None:
    """Read what stands in too many quotations and lists as paragraphs: the parser drops it."""
    markdown.block.ruler.before("table", "too_deep", _too_deep)


def _too_deep(state: StateBlock, first: int, last: int, silent: bool) -> bool:  # noqa: FBT001 - as the parser calls it
    if silent or state.level < _DEEPEST:
        return False
    content = state.getLines(first, last, state.blkIndent, False)  # noqa: FBT003 - as the parser has it
    lines = (_MARKS.sub("", line) for line in content.split("\n"))
    for line in filter(None, lines):
        opening = state.push("paragraph_open", "p", 1)
        opening.map = [first, last]
        inline = state.push("inline", "", 0)
        inline.content, inline.map, inline.children = line, [first, last], []
        state.push("paragraph_close", "p", -1)
    state.line = last
    return True


def wiki_links(markdown: MarkdownIt) -> None:
    """Read `[[page]]` and `[[page|words]]` as the words, `![[file]]` as a picture."""
    markdown.inline.ruler.before("link", "wiki_link", _wiki_link)
    markdown.inline.ruler.before("image", "wiki_image", _wiki_link)


_WIKI = re.compile(r"(!?)\[\[([^\[\]\n|]+)(?:\|([^\[\]\n]+))?\]\]")


def _wiki_link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's order
    found = _WIKI.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push("image" if found[1] else "text", "", 0)
        page = found[2].strip()
        token.content = (found[3] or page.lstrip("#").replace("#", " › ")).strip()
    state.pos = found.end()
    return True
