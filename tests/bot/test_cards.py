"""Whatever a document contains, its card is valid and shows its words to the letter."""

from __future__ import annotations

import dataclasses
import re

from hypothesis import given
from hypothesis import strategies as st

from bot.answers import Found
from bot.cards import ROOM, pages_of, passage_card, quote_markdown, whole_card
from bot.excerpts import excerpt
from bot.locale import Phrasebooks
from bot.markup import escaped, quoted
from index import Quote
from knowledge import Language, Span
from tests.bot.world import check_shape, walk

BOOKS = Phrasebooks.read()
WRITING = st.text(st.sampled_from("aé1 *_`|<>[]@#:/\\-.\U0001f642\u202e"), min_size=1)


def quote_of(sentences: list[str], telling: int | None) -> Quote:
    spans, text = [], ""
    for sentence in sentences:
        spans.append(Span(len(text), len(text) + len(sentence)))
        text += sentence + " "
    return Quote(
        text=text[:-1],
        sentences=tuple(spans),
        sentence=None if telling is None else spans[telling],
        language=Language.FRENCH,
        is_translation=False,
        original_language=None,
        passage_id="0" * 16,
        number=1,
        of=1,
        document="document",
        title="*Title* @everyone",
        section="",
        publisher=None,
        author=None,
        published=None,
        url=None,
    )


quotes = st.lists(WRITING.map(lambda text: f"x{text}x"), min_size=1, max_size=12).flatmap(
    lambda sentences: st.builds(
        quote_of,
        st.just(sentences),
        st.none() | st.integers(0, len(sentences) - 1),
    )
)


def shown(markdown: str) -> str:
    """What a reader sees of a quotation, without the signs of bold and of what is left out."""
    lines = (line.removeprefix("> ") for line in markdown.split("\n"))
    text = "\n".join(lines).removeprefix(r"\[…\] ").removesuffix(r" \[…\]")
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", re.sub(r"(?<!\\)((?:\\\\)*)\*\*", r"\1", text))


@given(quotes, st.integers(100, 400))
def test_what_is_shown_is_a_part_of_the_quote_and_fits(quote: Quote, room: int) -> None:
    markdown = quote_markdown(quote, room)
    assert len(markdown) <= room
    assert shown(markdown) in quote.text
    assert all(line.startswith("> ") for line in markdown.split("\n"))


@given(quotes)
def test_an_excerpt_keeps_the_telling_sentence(quote: Quote) -> None:
    cut = excerpt(quote, 120)
    assert 0 < cut.span.length <= 120
    assert cut.mark is None or (cut.span.start <= cut.mark.start < cut.mark.end <= cut.span.end)


def test_ten_thousand_characters_without_a_space_fit() -> None:
    quote = quote_of(["*" * 10_000], 0)
    assert len(quote_markdown(quote, ROOM)) <= ROOM


@given(WRITING, st.integers(1, 200))
def test_the_pages_of_a_text_are_the_text(text: str, room: int) -> None:
    pages = pages_of(text, room + 5)
    assert "".join(page.of(text) for page in pages) == text
    assert all(0 < len(quoted(escaped(page.of(text)))) <= room + 5 for page in pages)


def test_a_long_passage_is_paged_to_its_end() -> None:
    found = Found(quote_of(["word " * 1999 + "end"], 0), None, None, None)
    components = whole_card(found, 999, BOOKS[Language.ENGLISH]).to_components()  # type: ignore[no-untyped-call]
    texts = [each["content"] for each in walk(components) if each["type"] == 10]
    assert texts[0] == "-# Page 3 of 3"
    assert "passage 1 of 1" in texts[2]
    assert texts[1].endswith("word end")


def test_a_card_that_cuts_offers_the_whole_passage() -> None:
    found = Found(quote_of(["x" * 10_000], 0), None, None, None)
    components = passage_card(found, BOOKS[Language.ENGLISH]).to_components()  # type: ignore[no-untyped-call]
    labels = [each["label"] for each in walk(components) if each["type"] == 2]
    assert labels == ["In context", "Whole passage"]


@given(quotes)
def test_a_card_is_always_valid(quote: Quote) -> None:
    long_title = dataclasses.replace(quote, title="@" * 300, publisher="|" * 300)
    card = passage_card(Found(long_title, None, None, None), BOOKS[Language.FRENCH])
    components = card.to_components()  # type: ignore[no-untyped-call]
    check_shape(components)
    texts = [each["content"] for each in walk(components) if each["type"] == 10]
    assert sum(map(len, texts)) <= 4000
