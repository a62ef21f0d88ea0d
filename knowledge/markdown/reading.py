"""From Markdown to blocks, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from knowledge.blocks.blocks import Block, Divider, ItemList
from knowledge.blocks.building import MARK, TICKED, UNTICKED, BlockBuilder
from knowledge.blocks.normalising import normal
from knowledge.blocks.notes import order_of
from knowledge.blocks.reading import Furniture, LeftOut, left_out, word_count
from knowledge.markdown.dialects import (
    CALLOUT,
    flat_where_too_deep,
    wiki_links,
    without_unseen,
)
from knowledge.spans import Span, trimmed

ITEM_MARK = re.compile(
    r"(\(?(?:[^\W\d_]|[ivxlcdm]{2,6}|[IVXLCDM]{2,6}|\d{1,4})\)|[a-zA-Z]\.|\d{1,4}(?:\.\d{1,4})+[.)]?)"
    r"[ \t\u00a0\u202f]+(?!\s)"
)
"""The mark that an author typed at the beginning of an item."""
_TASK = re.compile(r"\[([ xX])\][ \t]+")
_UNSHOWN = ("script", "style", "template", "head", "title", "noscript", "object", "svg", "math")
_DISPLAY_NONE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_VOID = {
    "br",
    "hr",
    "input",
    "img",
    "wbr",
    "meta",
    "link",
    "source",
    "col",
    "area",
    "base",
    "embed",
}


class Sourced(NamedTuple):
    """A block with its place.

    Attributes:
        block: The block, in normal form with those beside it.
        span: The characters of the Markdown that it was made of; several blocks may share them.
    """

    block: Block
    span: Span


@dataclass(frozen=True, slots=True)
class MarkdownText:
    """A Markdown text as it was read.

    Attributes:
        blocks: What it says.
        left_out: What its reader does not see.
    """

    blocks: tuple[Sourced, ...]
    left_out: tuple[LeftOut, ...]


def read_markdown(text: str) -> MarkdownText:
    """Read a text without front matter; line ends are line feeds."""
    seen, gone = without_unseen(text)
    reader = _Reader(text)
    found = [*_joined(reader.read(seen))]
    order = order_of([each.block for each in found])
    return MarkdownText(tuple(found[at] for at in order), (*gone, *reader.gone))


@cache
def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": True, "maxNesting": 100})
    made.enable(["table", "strikethrough"])
    made.use(footnote_plugin, inline=False, move_to_end=False)
    made.use(deflist_plugin).use(admon_plugin).use(wiki_links).use(flat_where_too_deep)
    # What is escaped has to be told from what is not.
    return made.disable("text_join")


class _Reader:
    """Feeds a builder with tokens, and with the HTML that stands among them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text)), len(text)]
        self._builder = BlockBuilder()
        self._html = _Html(self._builder)
        self.gone: list[LeftOut] = []

    def read(self, seen: str) -> Iterator[Sourced]:
        since: int | None = None
        upto = 0
        for token in _markdown().parse(seen):
            if token.map is not None and not token.level:
                first, last = token.map
                since = self._starts[first] if since is None else since
                upto = max(upto, self._starts[min(last, len(self._starts) - 1)])
            self._token(token)
            closed = not token.level and token.nesting <= 0
            if closed and since is not None and not self._builder.depth and not self._html.hiding:
                yield from self._group(Span(since, upto), self._builder.take())
                since, upto = None, 0
        yield from self._group(Span(since or 0, upto or len(self._text)), self._builder.finish())
        self.gone += self._html.gone

    def _group(self, span: Span, blocks: Iterable[Block]) -> Iterator[Sourced]:
        place = trimmed(self._text, span)
        for block in normal(blocks, whole=False):
            yield Sourced(block, place)

    def _token(self, token: Token) -> None:  # noqa: C901, PLR0912 - one case a kind
        if self._html.hiding and token.type not in ("html_block", "inline"):
            return
        match token.type:
            case "inline":
                self._inline(token.children or [])
            case "html_block":
                self._html.read(token.content)
            case "code_block" | "fence":
                self._builder.start("pre")
                self._builder.text(token.content)
                self._builder.end("pre")
            case "hr":
                self._builder.start("hr")
            case "footnote_reference_open":
                self._builder.start("note", {MARK: token.meta["label"]})
            case "footnote_reference_close":
                self._builder.end("note")
            case "admonition_open":
                self._builder.start("blockquote")
            case "admonition_close":
                self._builder.end("blockquote")
            case "list_item_open":
                # CommonMark counts on from the first number, whatever the others say.
                self._builder.start("li")
            case _ if token.nesting > 0:
                attributes = {name: str(value) for name, value in token.attrs.items()}
                if token.type == "ordered_list_open" and token.markup == ")":
                    attributes["data-delimiter"] = ")"
                self._builder.start(token.tag, attributes)
                if token.type == "admonition_title_open":
                    self._builder.start("b")
            case _ if token.nesting < 0:
                if token.type == "admonition_title_close":
                    self._builder.end("b")
                self._builder.end(token.tag)

    def _inline(self, tokens: Sequence[Token]) -> None:  # noqa: C901, PLR0912 - one case a kind
        in_title = False
        for at, token in enumerate(tokens):
            match token.type:
                case _ if self._html.hiding and token.type != "html_inline":
                    self._html.hide(token.content)
                case "text" | "text_special":
                    content = token.content
                    if not at and token.type == "text":
                        callout = CALLOUT.match(content)
                        if callout and self._builder.begins("blockquote"):
                            content, in_title = content[callout.end() :], True
                            self._builder.start("b")
                        else:
                            content = self._opening(content)
                    self._builder.text(content)
                case "code_inline":
                    self._builder.start("code")
                    self._builder.text(token.content)
                    self._builder.end("code")
                case "softbreak" if in_title:
                    in_title = False
                    self._builder.end("b")
                    self._builder.start("p")
                case "softbreak":
                    self._builder.text(" ")
                case "hardbreak":
                    self._builder.start("br")
                case "html_inline":
                    self._html.read(token.content)
                case "image":
                    self.gone.append(LeftOut(Furniture.PICTURES))
                case "footnote_ref":
                    self._builder.note(token.meta["label"])
                case _ if token.nesting > 0:
                    attributes = {name: str(value) for name, value in token.attrs.items()}
                    self._builder.start(token.tag, attributes)
                case _ if token.nesting < 0:
                    self._builder.end(token.tag)
        if in_title:
            self._builder.end("b")

    def _opening(self, content: str) -> str:
        """The first words of a paragraph, without what they say of it."""
        if self._builder.begins("li"):
            if task := _TASK.match(content):
                self._builder.mark(UNTICKED if task[1] == " " else TICKED)
                return content[task.end() :]
            if marked := ITEM_MARK.match(content):
                self._builder.mark(marked[1])
                return content[marked.end() :]
        return content


class _Html(HTMLParser):
    """Feeds a builder with the HTML of a Markdown text, one fragment after the other."""

    def __init__(self, builder: BlockBuilder) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = builder
        self._hidden: list[str] = []
        self._why = Furniture.HIDDEN
        self._words: list[str] = []
        self.gone: list[LeftOut] = []

    @property
    def hiding(self) -> bool:
        """Whether an element is open that is not shown."""
        return bool(self._hidden)

    def read(self, fragment: str) -> None:
        """Read a fragment; what it opens may end in another."""
        self.feed(fragment)
        self.close()
        self.reset()

    def hide(self, text: str) -> None:
        """Count text that is not shown."""
        self._words.append(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._hidden:
            if tag == self._hidden[0]:
                self._hidden.append(tag)
        elif tag not in _VOID and (
            tag in _UNSHOWN or "hidden" in given or _DISPLAY_NONE.search(given.get("style", ""))
        ):
            self._hidden = [tag]
            self._why = Furniture.EMBEDDED if tag in _UNSHOWN else Furniture.HIDDEN
        elif tag == "img":
            self.gone.append(LeftOut(Furniture.PICTURES))
        elif tag in ("iframe", "video", "audio", "canvas"):
            self.gone.append(LeftOut(Furniture.EMBEDDED))
        else:
            self._builder.start(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if not self._hidden:
            self._builder.end(tag)
        elif tag == self._hidden[0]:
            self._hidden.pop()
            if not self._hidden:
                if self._why is Furniture.HIDDEN:
                    self.gone.append(left_out(self._why, " ".join(self._words)))
                self._words = []

    def handle_data(self, data: str) -> None:
        if self._hidden:
            self._words.append(data)
        else:
            self._builder.text(data)

    def handle_comment(self, data: str) -> None:
        if word_count(data):
            self.gone.append(left_out(Furniture.COMMENTS, data))

    def unknown_decl(self, data: str) -> None:
        pass


def _joined(blocks: Iterable[Sourced]) -> Iterator[Sourced]:
    """Lists that follow each other as one, and of several dividers the first."""
    before: Sourced | None = None
    for each in blocks:
        if before is None:
            before = None if isinstance(each.block, Divider) else each
        elif isinstance(before.block, ItemList) and isinstance(each.block, ItemList):
            (both,) = normal((before.block, each.block))
            before = Sourced(both, Span(before.span.start, each.span.end))
        elif not isinstance(before.block, Divider) or not isinstance(each.block, Divider):
            yield before
            before = each
    if before is not None and not isinstance(before.block, Divider):
        yield before
