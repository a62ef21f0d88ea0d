"""Cards set off what the document sets off, and show every other sign as it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.wording import path_line
from bot.components.cards import ROOM, quote_markdown, source_markdown
from bot.drafts import checked, written_file
from bot.locales import Phrasebooks
from bot.operations.preview.markdown import Node, elements
from index import Quote
from knowledge import Language, PassageLimits


def quotes_of(markdown: str, telling: int | None = None, longest: int = 1200) -> list[Quote]:
    """The passages of a document."""
    written = written_file("T", Language.ENGLISH, markdown, None)
    document = checked("t", {"en.md": written}, PassageLimits(longest=longest)).document
    return [
        Quote.quoted(document, passage, Language.ENGLISH, telling) for passage in document.passages
    ]


def rendered(markdown: str, telling: int | None = None) -> str:
    (quote,) = quotes_of(markdown, telling)
    return quote_markdown(quote, ROOM)


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("By **15 March**, in *writing*.", "> By **15 March**, in *writing*."),
        ("It is ~~free~~ 5 €.", "> It is ~~free~~ 5 €."),
        ("Run `snake_case` now.", "> Run `snake_case` now."),
        ("***Both* bold**.", "> ***Both* bold**."),
        (
            "See [the *form*](https://x.org/a_b).",
            "> See [the ](https://x.org/a_b)*[form](https://x.org/a%5Fb)*.",
        ),
        ("See [the form](https://x.org/(a)?b=*c*).", "> See [the form](https://x.org/%28a%29?b="),
        ("At <https://x.org/a>, or later.", "> At https://x.org/a, or later."),
        ("Write to [us](mailto:a@x.org).", "> Write to us."),
        ("A\\_b \\*c\\* <@1> @everyone", r"> A\_b \*c\* \<\@1\> \@everyone"),
        ("- one\n- two\n  - three", "> - one\n> - two\n>   - three"),
        ("3. one\n4. two", "> 3\\. one\n> 4\\. two"),
        ("> Said *so*.", "> *Said so.*"),
        (
            "Open at nine[^a], **always**[^b].\n\n[^a]: Or ten.\n[^b]: No.",
            r"nine\[a\], **always**\[b\].",
        ),
        ("```\na = 1\n  b *= 2\n```", "> `a = 1`\n>   `b *= 2`"),
        ("| Day | Hours |\n|---|---|\n| Mon | 9 to 12 |", "> - Day: Mon · Hours: 9 to 12"),
    ],
)
def test_what_a_document_sets_off_is_set_off(markdown: str, shown: str) -> None:
    assert shown in rendered(markdown), rendered(markdown)


def test_the_telling_sentence_is_bold_on_top_of_what_is_set_off() -> None:
    text = "Before. See [the form](https://x.org) in *time*. After."
    assert rendered(text, 1) == "> Before. **See [the form](https://x.org) in *time*.** After."
    assert rendered("A:\n\n- one\n- two", 1) == "> A:\n> \n> - **one**\n> - two"
    table = "| Day | Hours |\n|---|---|\n| Mon | 9 |\n| Tue | 10 |"
    assert "> - **Day: Mon · Hours: 9**\n> - Day: Tue · Hours: 10" in rendered(table, 1)


def test_a_later_part_of_a_list_says_what_it_is_a_list_of() -> None:
    items = "\n".join(f"- item {number}, {'word ' * 12}" for number in range(12))
    first, *others = quotes_of(f"These papers are needed:\n\n{items}", longest=400)
    assert others
    assert quote_markdown(first, ROOM).startswith("> These papers are needed:\n")
    for each in others:
        assert quote_markdown(each, ROOM).startswith("> *These papers are needed:*\n> - item")


def test_a_link_is_text_where_its_words_name_another_address() -> None:
    assert rendered("See [https://bank.org](https://evil.org).") == r"> See https\://bank.org."


def test_code_that_could_ping_or_end_what_stands_around_it_is_text() -> None:
    assert rendered("Say `@everyone` or ``a`b``.") == r"> Say \@everyone or a\`b."
    assert rendered("Say **so `a**b` here**.") == r"> Say **so a\*\*b here**."


def text_of(nodes: tuple[Node, ...]) -> str:
    return "\n".join(each.text for each in nodes)


def formats(nodes: Iterator[Any]) -> Iterator[str]:
    for each in nodes:
        if isinstance(each, Node):
            yield each.tag
            yield from formats(iter(each.children))


WORDS = st.text(st.sampled_from("ab1 é.,*_`~|<>[]()@#:/\\-!&\"'"), min_size=1, max_size=12)


def marked(words: str, sign: int) -> str:
    escaped = "".join(f"\\{each}" if not each.isalnum() and each != " " else each for each in words)
    around = ["", "**", "*", "~~"][sign]
    return f"{around}x{escaped}x{around}"


@given(st.lists(st.builds(marked, WORDS, st.integers(0, 3)), min_size=1, max_size=6))
def test_whatever_is_set_off_the_reader_sees_the_text_itself(parts: list[str]) -> None:
    for between in (" ", ""):
        (quote,) = quotes_of("Start " + between.join(parts) + " end.")
        (block,) = elements(quote_markdown(quote, ROOM))
        assert " ".join(block.text.split()) == " ".join(quote.text.split())


def test_a_link_that_leads_far_takes_no_word_from_the_card() -> None:
    linked = " ".join(f"[word{at}](https://x.org/{'a' * 380}{at})" for at in range(20))
    (quote,) = quotes_of(f"{linked}.")
    markdown = quote_markdown(quote, 400)
    assert len(markdown) <= 400
    assert "word0" in markdown


def test_a_card_says_under_which_titles_a_passage_stands() -> None:
    (quote,) = quotes_of("# T\n\n## Office of Clairac\n\n### Hours\n\nOpen on Thursdays.")
    phrases = Phrasebooks.read()[Language.ENGLISH]
    assert source_markdown(quote, phrases) == "-# T › Office of Clairac › Hours · passage 1 of 1"
    long = dataclasses.replace(quote, headings=tuple(f"{at} {'x' * 90}" for at in range(5)))
    assert path_line(long) == f"T › … › 3 {'x' * 90} › 4 {'x' * 90}"
