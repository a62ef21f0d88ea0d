"""Links that open a publisher's page at a sentence."""

from __future__ import annotations

from urllib.parse import quote as percent_encoded

from index import Quote

LONGEST_LINK = 512
"""Characters; what Discord allows for a link button."""
_WHOLE = 8
_ENDS = 4


def sentence_link(quote: Quote) -> str | None:
    """The address of the quote's page with a text fragment for its telling sentence.

    Browsers scroll to the text that `#:~:text=` names and mark it; the others open the
    page (https://wicg.github.io/scroll-to-text-fragment/). A long sentence is named by its
    first and last words.
    """
    if quote.url is None:
        return None
    words = (quote.marked or quote.text).split()
    if len(words) <= _WHOLE:
        fragment = _encoded(words)
    else:
        fragment = f"{_encoded(words[:_ENDS])},{_encoded(words[-_ENDS:])}"
    page = quote.url.split("#", 1)[0]
    link = f"{page}#:~:text={fragment}"
    if len(link) <= LONGEST_LINK:
        return link
    return page if len(page) <= LONGEST_LINK else None


def _encoded(words: list[str]) -> str:
    # A hyphen, a comma and an ampersand separate the parts of a fragment.
    return percent_encoded(" ".join(words), safe="").replace("-", "%2D")
