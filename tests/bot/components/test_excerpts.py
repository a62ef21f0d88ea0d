"""Of a passage that is too long, the telling sentence is shown and what stands around it."""

from __future__ import annotations

from operator import attrgetter

import pytest

from bot.components.cards import quote_markdown
from bot.components.excerpts import Excerpt, beginning, excerpt
from knowledge import Span
from tests.bot.components.test_cards import quote_of

SENTENCES = ["Aaa.", "Bbb.", "Ccc.", "Ddd."]
LENGTH = attrgetter("length")
SIGNS = 62
"""What a quotation of one line takes beside its text, at the most."""


@pytest.mark.parametrize(
    ("telling", "budget", "text"),
    [
        (None, 19, "Aaa. Bbb. Ccc. Ddd."),
        (None, 18, "Aaa. Bbb. Ccc."),
        (0, 9, "Aaa. Bbb."),
        (1, 8, "Bbb."),
        (1, 9, "Bbb. Ccc."),
        (1, 14, "Aaa. Bbb. Ccc."),
        (2, 4, "Ccc."),
        (2, 14, "Bbb. Ccc. Ddd."),
        (3, 14, "Bbb. Ccc. Ddd."),
    ],
)
def test_an_excerpt_grows_to_the_right_and_to_the_left_while_it_fits(
    telling: int | None, budget: int, text: str
) -> None:
    quote = quote_of(SENTENCES, telling)
    shown = excerpt(quote, budget, LENGTH)
    assert shown.span.of(quote.text) == text
    assert shown.mark == quote.sentence


def test_what_was_taken_on_the_right_is_not_given_back_for_what_is_on_the_left() -> None:
    quote = quote_of(["Aa.", "Bbb.", "Ccccccc."], 1)
    assert excerpt(quote, 13, LENGTH).span.of(quote.text) == "Bbb. Ccccccc."


@pytest.mark.parametrize("telling", [None, 0])
def test_of_a_sentence_that_is_too_long_what_is_shown_is_marked(telling: int | None) -> None:
    quote = quote_of(["one two three", "Bbb."], telling)
    shown = Span(0, len("one two"))
    assert excerpt(quote, 10, LENGTH) == Excerpt(shown, None if telling is None else shown)


@pytest.mark.parametrize(
    ("text", "budget", "shown"),
    [
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two"),
        ("one two three", 6, "one"),
        ("one\ntwo\nthree", 12, "one\ntwo"),
        ("one\ntwo three", 12, "one\ntwo"),
        ("one two\nthree", 12, "one two"),
        ("a bcdefgh", 6, "a"),
        (" bcdefgh", 6, " bcdef"),
        *(("abcdefgh", budget, "abcdefgh"[:budget]) for budget in range(1, 9)),
    ],
)
def test_a_beginning_ends_at_white_space_where_there_is_any(
    text: str, budget: int, shown: str
) -> None:
    around = f"({text})"
    assert beginning(around, Span(1, 1 + len(text)), budget, LENGTH).of(around) == shown


@pytest.mark.parametrize(
    ("telling", "room", "markdown"),
    [
        (1, 19, "> Aaa. **Bbb.** Ccc. Ddd."),
        (None, 19, "> Aaa. Bbb. Ccc. Ddd."),
        (0, 9, r"> **Aaa.** Bbb. \[…\]"),
        (1, 4, r"> \[…\] **Bbb.** \[…\]"),
        (3, 9, r"> \[…\] Ccc. **Ddd.**"),
    ],
)
def test_a_quotation_says_where_something_is_left_out(
    telling: int | None, room: int, markdown: str
) -> None:
    assert quote_markdown(quote_of(SENTENCES, telling), SIGNS + room) == markdown


def test_every_line_of_a_telling_sentence_is_bold_and_empty_ones_are_not() -> None:
    quote = quote_of(["Aaa.", "one\n \ntwo", "Ccc."], 1)
    assert quote_markdown(quote, 999) == "> Aaa. **one**\n>  \n> **two** Ccc."
