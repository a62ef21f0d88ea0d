"""Texts are shown to the letter, whatever they contain."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components.markup import escaped, in_short, on_one_line, quoted, shortened

HOSTILE = st.text(st.sampled_from("ab1 \n*_~`|<>[]()@#:/\\-+.&!é🙂"), max_size=80)


def shown(markdown: str) -> str:
    """What a reader sees: a backslash before a punctuation mark is not shown."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown)


@given(HOSTILE)
def test_escaping_changes_nothing_that_is_read(text: str) -> None:
    assert shown(escaped(text)) == text


@given(HOSTILE)
def test_no_sign_of_markdown_is_left_unescaped(text: str) -> None:
    left = re.sub(r"\\[^0-9A-Za-z\s]", "x", escaped(text))
    assert not re.search(r"[*_~`|<>\[\]@]", left)
    assert "://" not in left
    assert not re.search(r"(?m)^[^\S\n]*(?:#|-|\+|\d+[.)])", left)


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("@everyone", r"\@everyone"),
        ("<@1> <#2> <:a:3>", r"\<\@1\> \<\#2\> \<\:a:3\>"),
        ("https://evil.example", r"https\://evil.example"),
        ("# Title", r"\# Title"),
        ("- one", r"\- one"),
        ("1. one", r"1\. one"),
        ("2021. Then", r"2021\. Then"),
        (":smile:", r"\:smile:"),
        ("Il dit : oui.", "Il dit : oui."),
        ("anti-trust n°5 (a)", "anti-trust n°5 (a)"),
    ],
)
def test_what_would_be_markdown_is_escaped_and_nothing_else(text: str, markdown: str) -> None:
    assert escaped(text) == markdown


def test_every_line_of_a_quotation_is_quoted() -> None:
    assert quoted("a\n\nb") == "> a\n> \n> b"


@given(st.text(max_size=60), st.integers(2, 40))
def test_a_shortened_text_fits(text: str, longest: int) -> None:
    short = shortened(text, longest)
    assert len(short) <= longest
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_what_stands_on_one_line_commands_nothing() -> None:
    assert on_one_line(" a\n\tb\u2028c\x85 d ") == "a b c d"
    assert on_one_line("a\x1b[31m\x00b\u202ec\u2066d\x9be") == "a[31mbcde"
    # What joins an emoji, and spaces that do not break, stay as they are.
    assert (
        on_one_line("\U0001f469\u200d\U0001f52c oui\u2009!") == "\U0001f469\u200d\U0001f52c oui !"
    )


@pytest.mark.parametrize(
    ("text", "longest", "short"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one two three", 8, "one two…"),
        ("one twothree", 8, "one two…"),
        ("abcd efghijkl", 9, "abcd efg…"),
        ("abcde fghijkl", 9, "abcde…"),
        ("ab cd, ", 6, "ab cd…"),
        ("a  bcdefgh", 4, "a…"),
    ],
)
def test_a_text_is_cut_between_words_where_that_leaves_most_of_it(
    text: str, longest: int, short: str
) -> None:
    assert shortened(text, longest) == short


def test_what_is_in_short_is_cut_before_it_is_escaped() -> None:
    assert in_short("*one*\n*two* *three*", 12) == r"\*one\* \*two\*…"
