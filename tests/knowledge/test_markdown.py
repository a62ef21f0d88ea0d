"""Markdown: what is written is read as the same blocks, and what is read is what readers see."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.blocks.blocks import (
    Block,
    Code,
    Divider,
    Entry,
    Heading,
    Item,
    ItemList,
    Paragraph,
    Quotation,
    Table,
    texts_in,
)
from knowledge.blocks.normalising import normal
from knowledge.blocks.richtext import BOLD, CODE, ITALIC, STRIKE, Piece, link, rich_text
from knowledge.markdown import read_markdown, written

STYLES = (BOLD, ITALIC, STRIKE, CODE, *link("https://example.org/a_(b)"))
WORDS = st.text(st.sampled_from("ab1é _*`\\[]<>|#-+=:~!.)&;^%{}\n\u00a0\"'"), max_size=12)
TEXTS = st.lists(
    st.builds(Piece, WORDS, st.sets(st.sampled_from(STYLES), max_size=2).map(frozenset)),
    max_size=4,
).map(rich_text)
MARKS = st.sampled_from(
    ["•", "☐", "☑", "1.", "2.", "3.", "1)", "2)", "a)", "(b)", "1.2", "§ 3", "iv)"]
)
ITEMS = st.builds(Item, MARKS, TEXTS, st.integers(0, 3))
CELLS = st.lists(TEXTS, min_size=2, max_size=3).map(tuple)
SIMPLE = (
    st.builds(Paragraph, TEXTS)
    | st.builds(ItemList, st.lists(ITEMS, max_size=5).map(tuple))
    | st.builds(Table, CELLS | st.just(()), st.lists(CELLS, max_size=3).map(tuple))
    | st.builds(Code, st.text(st.sampled_from("ab `~*\n<"), max_size=12))
)
INNER = st.lists(SIMPLE, max_size=3).map(tuple)
BLOCKS = st.lists(
    SIMPLE
    | st.builds(Heading, TEXTS, st.integers(1, 6))
    | st.builds(Quotation, INNER)
    | st.builds(Entry, TEXTS, INNER)
    | st.just(Divider()),
    max_size=5,
).map(normal)


def read(text: str) -> tuple[Block, ...]:
    return tuple(each.block for each in read_markdown(text).blocks)


@settings(max_examples=300)
@given(BLOCKS)
def test_blocks_are_written_and_read_as_the_same(blocks: tuple[Block, ...]) -> None:
    assert read(written(blocks)) == blocks


@pytest.mark.parametrize(
    "text",
    [
        "> " * 3000 + "fond",
        "Un début.\n\n" + "> " * 300 + "fond\n\nUne fin.",
        "\n".join("  " * depth + f"- niveau {depth}" for depth in range(300)) + "\n\nfond",
        "- " * 300 + "fond",
    ],
    ids=["quotation", "between", "list", "empty items"],
)
def test_what_stands_deep_inside_is_not_lost(text: str) -> None:
    seen = " ".join(texts_in(each.block for each in read_markdown(text).blocks))
    plain = re.sub(r"[>-]", " ", text).split()
    assert [each for each in seen.split() if each != "•"] == plain
