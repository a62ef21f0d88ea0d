"""What is shown of a passage that is too long to be shown whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index import Quote
from knowledge import Span


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a quote.

    Attributes:
        span: The part, as a span of the quote's text.
        mark: The telling sentence, or what is shown of it, as a span of the quote's text.
    """

    span: Span
    mark: Span | None


def excerpt(quote: Quote, budget: int, cost: Callable[[Span], int]) -> Excerpt:
    """As much of a quote around its telling sentence as costs at most `budget`.

    It is cut between sentences; within a sentence, at white space, only where that alone
    costs more than the budget; within a word only where there is no white space.

    Args:
        quote: The quote.
        budget: What may be spent.
        cost: What a part of the quote's text costs when it is shown; grows with the part.
    """
    text = quote.text
    if cost(Span(0, len(text))) <= budget:
        return Excerpt(Span(0, len(text)), quote.sentence)
    sentences = quote.sentences
    centre = 0 if quote.sentence is None else sentences.index(quote.sentence)
    first = last = centre
    if cost(sentences[centre]) > budget:
        span = beginning(text, sentences[centre], budget, cost)
        return Excerpt(span, None if quote.sentence is None else span)
    # Grow in turn to the right and to the left, as long as it fits.
    growing = True
    while growing:
        growing = False
        for left, right in ((0, 1), (1, 0)):
            new_first, new_last = first - left, last + right
            if new_first < 0 or new_last >= len(sentences):
                continue
            if cost(Span(sentences[new_first].start, sentences[new_last].end)) <= budget:
                first, last, growing = new_first, new_last, True
    return Excerpt(Span(sentences[first].start, sentences[last].end), quote.sentence)


def beginning(text: str, sentence: Span, budget: int, cost: Callable[[Span], int]) -> Span:
    """As much of a part of `text` as costs at most `budget`, cut at white space if there is any."""
    low, high = 1, sentence.length
    while low < high:
        middle = (low + high + 1) // 2
        if cost(Span(sentence.start, sentence.start + middle)) <= budget:
            low = middle
        else:
            high = middle - 1
    shown = text[sentence.start : sentence.start + low]
    if low == sentence.length:
        return sentence
    at = max(shown.rfind(" "), shown.rfind("\n"))
    return Span(sentence.start, sentence.start + (at if at > 0 else low))
