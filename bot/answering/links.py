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
_LINE = re.compile(r"[^\n]*[^\s][^\n]*")


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
    """A text with its lines as a page shows them, without the marks of items."""
    return PageText(edition.text, tuple(_lines(edition)), edition.about.title)


def _lines(edition: Edition) -> Iterator[Span]:
    """Paragraphs, titles, items and cells, and the lines that breaks make of them."""
    for unit in edition.units:
        for part in unit.cells or (Span(unit.start, unit.span.end),):
            for line in _LINE.finditer(edition.text, *part):
                yield trimmed(edition.text, Span(*line.span()))
