"""Where on a page stands what it says."""

from __future__ import annotations

from collections.abc import Callable

from knowledge.files.html.tree import UNREAD, Element

_LEAST = 0.5
"""What a page says is its main part has that many words for each that stands beside it."""


def main_part(body: Element, is_furniture: Callable[[Element], bool]) -> Element:
    """`<main>`, or else the only `<article>`, where that has the text; `body` where none has."""
    words = _words_without(body, is_furniture)
    whole = words.get(id(body), 0)
    mains = [each for each in body.all() if each.tag == "main" or each.get("role") == "main"]
    articles = [
        each for each in body.all() if each.tag == "article" or each.get("role") == "article"
    ]
    for candidates in (mains, _outermost(articles)):
        if candidates and (candidates is mains or len(candidates) == 1):
            best = max(candidates, key=lambda each: words.get(id(each), 0))
            inside = words.get(id(best), 0)
            if inside and inside >= _LEAST * (whole - inside):
                return best
    return body


def _words_without(body: Element, is_furniture: Callable[[Element], bool]) -> dict[int, int]:
    """How many words each element has besides furniture."""
    order: list[Element] = []
    coming = [body]
    while coming:
        element = coming.pop()
        if element.tag in UNREAD or (element.words and is_furniture(element)):
            continue
        order.append(element)
        coming += (each for each in element.children if isinstance(each, Element))
    words: dict[int, int] = {}
    for element in reversed(order):
        children = [each for each in element.children if isinstance(each, Element)]
        own = element.words - sum(each.words for each in children if each.tag not in UNREAD)
        words[id(element)] = own + sum(words.get(id(each), 0) for each in children)
    return words


def _outermost(elements: list[Element]) -> list[Element]:
    known = {id(each) for each in elements}
    return [each for each in elements if not any(id(above) in known for above in each.above())]
