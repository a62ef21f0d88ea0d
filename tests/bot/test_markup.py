"""Texts are shown to the letter, whatever they contain."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markup import escaped, quoted, shortened

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
