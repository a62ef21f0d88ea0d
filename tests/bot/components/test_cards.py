"""Whatever a document contains, its card is valid and shows its words to the letter."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answers import Answer, Found, OtherText
from bot.answering.suggestions import Suggestion
from bot.cogs.members.topics import reading_card, topics_card
from bot.components.answer_cards import (
    Audience,
    Look,
    answer_card,
    context_card,
    others_card,
    passage_card,
    shown_card,
    whole_card,
)
from bot.components.buttons import PassageReference
from bot.components.cards import (
    COLOURS,
    LONGEST_ECHO,
    ROOM,
    Card,
    pages_of,
    quote_markdown,
    source_markdown,
)
from bot.components.excerpts import excerpt
from bot.components.markup import escaped, on_one_line, quoted, shortened
from bot.components.standing import Standing
from bot.locales import Phrasebooks
from bot.storage import Pin
from index import DetectedLanguage, Located, Match, Outcome, Quote, Result
from index.calibration.small_talk import SmallTalkKind
from index.ranking.ranking import RankedPassage, TextScore
from index.results import Verdict
from knowledge import Document, Edition, FrontMatter, Language, Passage, PassageText, Span
from tests.contracts import check_components, walk

BOOKS = Phrasebooks.read()
EMBEDDING = np.ones(1, np.float32)
AUDIENCE = Audience(2**64 - 1, private=False, question="-_" * 8)
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
    cut = excerpt(quote, 120, lambda part: part.length)
    assert 0 < cut.span.length <= 120
    assert cut.mark is None or (cut.span.start <= cut.mark.start < cut.mark.end <= cut.span.end)


def test_ten_thousand_characters_without_a_space_fit() -> None:
    quote = quote_of(["*" * 10_000], 0)
    assert len(quote_markdown(quote, ROOM)) <= ROOM


@given(WRITING, st.integers(1, 200))
def test_the_pages_of_a_text_are_the_text(text: str, room: int) -> None:
    pages = pages_of(quote_of([text], None), room + 5)
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


def displayed(card: Card) -> list[str]:
    """The texts of a card, in order."""
    components = walk(card.to_components())  # type: ignore[no-untyped-call]
    return [str(each["content"]) for each in components if each["type"] == 10]


def pressed(card: Card) -> dict[str, str]:
    """The buttons of a card, and what stands in its menus, by label: ids, or where links lead."""
    components = walk(card.to_components())  # type: ignore[no-untyped-call]
    found = {}
    for each in components:
        if each["type"] == 2:
            said = str(each.get("label") or each["emoji"]["name"])
            found[said] = str(each.get("custom_id") or each["url"])
        for option in each.get("options", ()):
            found[str(option["label"])] = str(option["value"])
    return found


def colour(card: Card) -> object:
    """The colour of a card."""
    (container,) = card.to_components()  # type: ignore[no-untyped-call]
    return container["accent_color"]


def found_of(text: str, link: str | None = None) -> Found:
    return Found(quote_of([text], 0), link, None, None)


ENGLISH = BOOKS[Language.ENGLISH]
GREEN, AMBER = COLOURS[Outcome.ANSWER].value, COLOURS[Outcome.CLOSEST].value


def test_a_passage_stands_below_its_head_with_its_link() -> None:
    card = passage_card(found_of("It opens.", "https://x.y/1"), ENGLISH, "**head**")
    assert displayed(card)[:2] == ["**head**", "> **It opens.**"]
    assert pressed(card)["Read the article"] == "https://x.y/1"
    assert colour(card) == GREEN
    assert displayed(passage_card(found_of("It opens."), ENGLISH))[0] == "> **It opens.**"


def test_a_translation_is_said_to_be_one_below_its_source() -> None:
    quote = found_of("It opens.").quote
    source = r"-# \*Title\* \@everyone · passage 1 of 1"
    assert source_markdown(quote, ENGLISH) == source
    translated = dataclasses.replace(quote, original_language=Language.FRENCH)
    note = "-# Translated from French for this bot; the original prevails."
    assert source_markdown(translated, ENGLISH) == f"{source}\n{note}"


def test_other_passages_say_which_and_turn_both_ways() -> None:
    places = [PassageReference(f"{number:016x}", 0) for number in range(3)]
    card = others_card(found_of("It opens."), places, 1, ENGLISH)
    assert displayed(card)[0] == "-# Other passage 2 of 3"
    assert [each for each in ("Previous", "Next") if each in pressed(card)] == ["Previous", "Next"]
    assert displayed(card)[1] == "> **It opens.**"
    assert colour(card) == AMBER
    assert "Next" not in pressed(others_card(found_of("It opens."), places, 2, ENGLISH))


def test_a_whole_passage_turns_and_keeps_to_its_room() -> None:
    card = whole_card(found_of("word " * 1999 + "end"), 1, ENGLISH)
    assert [each for each in ("Previous", "Next") if each in pressed(card)] == ["Previous", "Next"]
    assert colour(card) == GREEN
    head, quote, about = displayed(card)
    assert head == "-# Page 2 of 3"
    assert len(quote) + len(about) <= ROOM
    assert not pressed(whole_card(found_of("It opens."), 0, ENGLISH))


def test_what_is_shown_to_everybody_looks_as_it_did_and_can_be_taken_back() -> None:
    look = Look(f"**{'w' * LONGEST_ECHO}**", Standing.CLOSEST)
    card = shown_card(look, found_of("x" * 9000), ENGLISH, AUDIENCE)
    assert displayed(card)[0] == "≈ The closest passage; it may be about something else."
    assert displayed(card)[-1] == f"-# {look.question}"
    assert colour(card) == AMBER
    assert sum(map(len, displayed(card))) <= ROOM
    kept = [each for each in pressed(card).values() if each.endswith(f":{AUDIENCE.question}")]
    assert len(kept) == 2  # helpful, and not
    assert f"delete:{AUDIENCE.asker}" in pressed(card).values()


def test_a_passage_in_context_stands_between_its_neighbours_within_the_room() -> None:
    before, after = quote_of(["b" * 9000], None), quote_of(["y" * 9000], None)
    quote = dataclasses.replace(quote_of(["x" * 9000], 0), title="t" * 300)
    card = context_card(Found(quote, None, None, None), before, after, ENGLISH)
    first, second, third, about = displayed(card)
    assert "bbb" in first and "xxx" in second and "yyy" in third and "passage 1 of 1" in about
    assert sum(map(len, displayed(card))) <= ROOM
    assert colour(card) == GREEN


def silent() -> Answer:
    """Nothing that fits."""
    result = Result(Language.ENGLISH, Outcome.NONE, (), Verdict(0.0, 4.2), EMBEDDING)
    detected = DetectedLanguage(Language.ENGLISH, None)
    return Answer("Who?", detected, Language.ENGLISH, result)


def test_silence_offers_questions_and_moderators_only_where_that_is_wanted() -> None:
    offered = [Suggestion("Who is Tim Wu?", Language.ENGLISH, "0" * 16)]
    card = answer_card(silent(), ENGLISH, AUDIENCE, offered, ask_moderators=True)
    assert displayed(card)[0].startswith(
        "**Who?**\n-# ○ Nothing in the articles fits this question.\n"
    )
    assert "Who is Tim Wu?" in pressed(card)
    handed = f"moderators:{AUDIENCE.question}:{AUDIENCE.asker}"
    assert handed in pressed(card).values()
    assert colour(card) == COLOURS[Outcome.NONE].value
    assert handed not in pressed(answer_card(silent(), ENGLISH, AUDIENCE, offered)).values()
    unkept = answer_card(
        silent(), ENGLISH, dataclasses.replace(AUDIENCE, question=None), ask_moderators=True
    )
    assert not pressed(unkept)
    (text,) = displayed(unkept)
    assert text.endswith("\nI do nothing but quote articles, and none of their passages fits.")


def check(card: Card) -> None:
    check_components(card.to_components())  # type: ignore[no-untyped-call]


@given(quotes, quotes, WRITING, st.integers(0, 2), st.sampled_from(Language))
def test_a_card_is_always_valid(
    quote: Quote, neighbour: Quote, question: str, at: int, language: Language
) -> None:
    phrases = BOOKS[language]
    quote = dataclasses.replace(quote, title="@" * 300, publisher="|" * 300)
    found = Found(quote, None, OtherText(Language.ENGLISH, 999), None)
    head = escaped(shortened(question, LONGEST_ECHO))
    places = [PassageReference(f"{number:016x}", 999) for number in range(3)]
    check(passage_card(found, phrases))
    check(shown_card(Look(f"**{head}**", Standing.CLOSEST), found, phrases, AUDIENCE))
    check(others_card(found, places, at, phrases))
    check(context_card(found, neighbour, neighbour, phrases))
    check(whole_card(found, at, phrases))


# Line breaks, right-to-left letters and what opens a block of Markdown, within paragraphs.
HOSTILE = st.text(
    st.sampled_from("aא1 \n*_`~|<>[]()@#:/\\-+=.!&\U0001f642\u202e\u200b"), min_size=1
)


def document_of(
    paragraphs: list[str], title: str, section: str, question: str, first: int
) -> Document:
    """A document in both languages, each of its paragraphs a passage of one sentence."""
    text, passages = "", []
    for number, paragraph in enumerate(paragraphs, 1):
        span = Span(len(text), len(text) + len(paragraph))
        text += f"{paragraph}\n\n"
        written = PassageText(span, (span,), section)
        questions = {Language.FRENCH: (question[:100],)}
        texts = dict.fromkeys(Language, written)
        passages.append(Passage(f"{first + number:016x}", number, texts, questions))
    about = FrontMatter(title=title, language=Language.FRENCH, publisher=title, author=title)
    return Document("slug", dict.fromkeys(Language, Edition(about, text)), tuple(passages))


documents = st.builds(
    document_of,
    st.lists(HOSTILE.map(lambda text: f"x{text}x"), min_size=1, max_size=9),
    HOSTILE.map(lambda text: f"x{text}x" * 20).map(lambda text: text[:300].strip()),
    st.just("") | HOSTILE.map(lambda text: f"x{text}" * 20),
    HOSTILE.map(lambda text: f"x{text}x"),
    st.integers(0, 50).map(lambda number: 10 * number),
)


def answer_of(
    document: Document,
    question: str = "Who?",
    outcome: Outcome = Outcome.ANSWER,
    language: Language = Language.ENGLISH,
) -> Answer:
    """An answer with all passages of a document."""
    part = TextScore(0, 9.0, 1.0, 1.0, 1.0)
    matches = tuple(
        Match(
            Located(document, passage),
            9.0,
            0.9,
            RankedPassage(at, 9.0, part, None),
            lambda: dict.fromkeys(Language, 0),
        )
        for at, passage in enumerate(document.passages)
    )
    result = Result(language, outcome, matches, Verdict(9.0, 4.2), EMBEDDING)
    return Answer(question, DetectedLanguage(language, None), language, result)


def article(passages: int) -> Document:
    """A document of so many short passages."""
    paragraphs = [f"Passage {number}." for number in range(1, passages + 1)]
    return document_of(paragraphs, "Title", "", "Who?", 0)


def test_the_quote_comes_first_where_it_answers() -> None:
    card = answer_card(answer_of(article(1)), ENGLISH, AUDIENCE)
    quote, about, question = displayed(card)
    assert quote == "> **Passage 1.**"
    source, said = about.split("\n")
    assert source.startswith("-# Title") and source.endswith("passage 1 of 1")
    assert (said, question) == ("-# ✓ What the articles say about it.", "-# **Who?**")
    assert colour(card) == GREEN


def test_what_may_be_about_something_else_says_so_before_it_is_read() -> None:
    card = answer_card(answer_of(article(1), outcome=Outcome.CLOSEST), ENGLISH, AUDIENCE)
    said, quote, about, question = displayed(card)
    assert said == "≈ The closest passage; it may be about something else."
    assert (quote, question) == ("> **Passage 1.**", "-# **Who?**")
    assert "\n" not in about
    assert colour(card) == AMBER


def test_every_standing_has_a_colour_a_sign_and_words_of_its_own() -> None:
    for phrases in map(BOOKS.__getitem__, Language):
        said = [each.said(phrases) for each in Standing]
        assert len({each[0] for each in said}) == len({each[1:] for each in said}) == len(said)
    colours = [each.colour for each in Standing]
    assert [Standing.shown_by(each) for each in colours] == list(Standing)
    assert all(Standing(each).colour == COLOURS[each] for each in Outcome)


def test_what_moderators_chose_is_said_to_be_chosen() -> None:
    pin = Pin(1, "Who?", Language.ENGLISH, "0" * 16, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), None)
    answer = dataclasses.replace(answer_of(article(1)), pin=pin)
    card = answer_card(answer, ENGLISH, AUDIENCE)
    said = "\n-# ★ The passage that the moderators chose for this question."
    assert displayed(card)[0] == "> **Passage 1.**"
    assert displayed(card)[1].endswith(said)
    assert colour(card) == Standing.PINNED.colour.value


def test_below_an_answer_are_three_others_opinions_and_what_the_asker_may_do() -> None:
    answer = answer_of(article(6))
    first, *others = (each.id for each in article(6).passages)
    kept = AUDIENCE.question
    opinions = [f"helpful:{first}:{kept}", f"unhelpful:{first}:{kept}"]
    turning = f"others:open:0:en:{','.join(f'{each}0' for each in others[:3])}"
    everyone, delete = f"everyone:{first}0:en:{kept}", f"delete:{AUDIENCE.asker}"
    asking, context = f"moderators:{kept}:{AUDIENCE.asker}", f"context:{first}0:en"
    public = answer_card(answer, ENGLISH, AUDIENCE, ask_moderators=True)
    assert list(pressed(public).values())[1:] == [*opinions, context, turning, asking, delete]
    private = dataclasses.replace(AUDIENCE, private=True)
    shown_privately = answer_card(answer, ENGLISH, private)
    assert list(pressed(shown_privately).values())[1:] == [*opinions, context, turning, everyone]
    unkept = dataclasses.replace(AUDIENCE, question=None)
    only = answer_card(answer_of(article(1)), ENGLISH, unkept, ask_moderators=True)
    assert list(pressed(only).values())[1:] == [context, delete]


def test_under_an_answer_are_at_most_three_controls_and_two_thumbs() -> None:
    document = article(6)
    answer = answer_of(document)
    for ask in (True, False):
        card = answer_card(answer, ENGLISH, AUDIENCE, ask_moderators=ask)
        (container,) = card.to_components()  # type: ignore[no-untyped-call]
        rows = [each["components"] for each in container["components"] if each["type"] == 1]
        *reading, helpful, unhelpful = rows[0]
        assert len(rows) == 2 and len(reading) <= 2 and len(rows[1]) == 1
        assert (helpful["emoji"]["name"], unhelpful["emoji"]["name"]) == ("👍", "👎")


def test_small_talk_is_answered_without_an_echo() -> None:
    result = dataclasses.replace(silent().result, small_talk=SmallTalkKind.THANKS)
    card = answer_card(dataclasses.replace(silent(), result=result), ENGLISH, AUDIENCE)
    assert displayed(card) == ["You are welcome! If you have another question, I am here."]
    assert colour(card) == COLOURS[Outcome.NONE].value


@given(
    documents,
    HOSTILE.map(lambda text: f"x{text}"),
    st.sampled_from([Outcome.ANSWER, Outcome.CLOSEST]),
    st.builds(Audience, st.just(2**64 - 1), private=st.booleans()),
    st.sampled_from(Language),
)
def test_an_answer_shows_question_and_quote_to_the_letter(
    document: Document, question: str, outcome: Outcome, audience: Audience, language: Language
) -> None:
    answer = answer_of(document, question, outcome, language)
    card = answer_card(answer, BOOKS[language], audience)
    check(card)
    *_, head = displayed(card)
    echoed = shortened(on_one_line(question), LONGEST_ECHO)
    assert head == f"-# **{escaped(echoed)}**"
    (quote,) = (each for each in displayed(card) if each.startswith("> "))
    assert shown(quote) in document.original.text


@given(
    st.lists(documents, min_size=1, max_size=3, unique_by=lambda each: each.passages[0].id),
    st.integers(0, 8),
    st.sampled_from(Language),
)
def test_topics_and_reading_are_always_valid(
    every: list[Document], at: int, language: Language
) -> None:
    phrases = BOOKS[language]
    check(topics_card(every, at, phrases))
    document = every[0]
    passage = document.passages[min(at, len(document.passages) - 1)]
    card = reading_card(Located(document, passage), language, phrases)
    check(card)
    assert any(shown(each) in document.original.text for each in displayed(card)[:2])


@given(WRITING.map(lambda text: f"x{text}"), st.sampled_from(Language))
def test_a_card_without_a_quote_is_always_valid(question: str, language: Language) -> None:
    answer = Answer(
        question * 50,
        DetectedLanguage(language, None),
        language,
        Result(language, Outcome.NONE, (), Verdict(0.0, 4.2), EMBEDDING),
    )
    offered = [Suggestion(f"{number} {question}", language, "0" * 16) for number in range(3)]
    check(answer_card(answer, BOOKS[language], AUDIENCE, offered))
