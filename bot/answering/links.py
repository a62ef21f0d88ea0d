"""Links that open a publisher's page at a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.answering.text_fragments import PageText
from index import Located
from knowledge import Edition, Language, Span
from knowledge.spans import trimmed

LONGEST_LINK = 512
"""Characters; what Discord allows for a link button."""
_PAGES = 16
"""Articles whose words are kept as browsers compare them."""
_LINE = re.compile(r"[^\n]+")
_MARK = re.compile(r"[ \t>]*(?:#{1,6}[ \t]+|[-*+][ \t]+|\d{1,9}[.)][ \t]+|>[ \t]?|(?=\|)|\Z)")
_CELL = re.compile(r"(?:\\.|[^|\\\n])+")
_RULE = re.compile(r"[-:=*_~`| \t]+")
_BREAK = re.compile(r"(?: {2,}|\\)\Z")


def sentence_link(located: Located, language: Language, sentence: int | None) -> str | None:
    """The address of a document's page with a text fragment for a passage or its sentence.

    Browsers scroll to the text that `#:~:text=` names and mark it; the others open the page.

    Args:
        located: The passage and its document.
        language: The language that the page is in.
        sentence: The number of its telling sentence; None takes the whole passage.
    """
    edition = located.document.editions[language]
    text = located.passage.texts[language]
    if edition.about.url is None:
        return None
    page = str(edition.about.url).split("#", 1)[0]
    span = text.span if sentence is None else text.sentences[sentence]
    fragment = page_text(edition).fragment(span)
    if fragment is not None and len(link := f"{page}#:~:{fragment}") <= LONGEST_LINK:
        return link
    return page if len(page) <= LONGEST_LINK else None


@lru_cache(maxsize=_PAGES)
def page_text(edition: Edition) -> PageText:
    """A Markdown text with its lines as a page shows them."""
    return PageText(edition.text, tuple(_lines(edition.text)), edition.about.title)


def _lines(text: str) -> Iterator[Span]:
    """Paragraphs, titles, items and cells, and the lines that breaks make of them."""
    open_line: Span | None = None
    before = 0
    for found in _LINE.finditer(text):
        line = Span(*found.span())
        mark = _MARK.match(text, *line)
        broken = "\n\n" in text[before : line.start] or mark is not None
        before = line.end
        if open_line is not None and (broken or _BREAK.search(open_line.of(text))):
            yield trimmed(text, open_line)
            open_line = None
        rest = Span(mark.end() if mark else line.start, line.end)
        if not rest.of(text).strip() or _RULE.fullmatch(text, *rest):
            continue
        if text.startswith("|", rest.start):
            for cell in _CELL.finditer(text, *rest):
                if cell.group().strip():
                    yield trimmed(text, Span(*cell.span()))
        elif open_line is None:
            open_line = rest
        else:
            open_line = Span(open_line.start, rest.end)
    if open_line is not None:
        yield trimmed(text, open_line)
