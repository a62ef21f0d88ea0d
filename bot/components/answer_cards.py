"""The cards that answer, and those that show a passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.answering.answers import Answer, Found
from bot.answering.suggestions import Suggestion
from bot.answering.wording import none_reason
from bot.components.answer_buttons import (
    MOST_OTHERS,
    AskModerators,
    AskSuggestion,
    Delete,
    Helpful,
    InContext,
    NotHelpful,
    OtherPassages,
    ShowEveryone,
    ShowPassage,
    WholePassage,
)
from bot.components.buttons import PassageReference
from bot.components.cards import (
    COLOURS,
    LONGEST_ECHO,
    ROOM,
    Card,
    is_cut,
    notice_card,
    page_markdown,
    pages_of,
    quote_markdown,
    source_markdown,
    turning_buttons,
)
from bot.components.markup import in_short
from bot.locales import Phrasebook
from index import Outcome, Quote


@dataclass(frozen=True, slots=True)
class Audience:
    """Who asked, and who sees the answer.

    Attributes:
        asker: The member's id.
        private: Whether the asker alone sees it.
        question: The id under which the question is kept; None where it is not, and nobody is
            asked for an opinion.
    """

    asker: int
    private: bool
    question: str | None = None


def answer_card(
    answer: Answer,
    phrases: Phrasebook,
    audience: Audience,
    suggestions: Sequence[Suggestion] = (),
    *,
    ask_moderators: bool = False,
) -> Card:
    """The card that answers a question.

    Args:
        answer: The answer.
        phrases: For what surrounds the quote.
        audience: Who sees it.
        suggestions: Curated questions to offer where nothing fits.
        ask_moderators: Whether to offer, there, to hand the question to the moderators.
    """
    if answer.result.small_talk is not None:
        return notice_card(none_reason(answer, phrases))
    question = in_short(answer.question, LONGEST_ECHO)
    said = phrases("outcome.pinned" if answer.pin else f"outcome.{answer.outcome}")
    head = f"**{question}**\n-# {said}"
    colour = COLOURS[answer.outcome]
    if not answer.found:
        items = _nothing(f"{head}\n{none_reason(answer, phrases)}", phrases, suggestions)
        if ask_moderators and audience.question is not None:
            items.append(_row([AskModerators.of(audience.question, audience.asker, phrases)]))
        return Card(colour, *items)
    found, *others = answer.found[: 1 + MOST_OTHERS]
    more = _opinions(found, audience.question, phrases)
    if audience.private:
        more.append(ShowEveryone.of(found, audience.question, phrases))
    else:
        more.append(Delete.of(audience.asker, phrases))
    turning = [OtherPassages.opening(others, answer.quote_language, phrases)] if others else []
    return Card(
        colour,
        ui.TextDisplay(head),
        *_passage(found, phrases, len(head), turning, more),
    )


def passage_card(found: Found, phrases: Phrasebook, head: str = "") -> Card:
    """The card that shows a passage by itself, below `head` where there is one."""
    items = [ui.TextDisplay[Any](head)] if head else []
    return Card(COLOURS[Outcome.ANSWER], *items, *_passage(found, phrases, len(head)))


@dataclass(frozen=True, slots=True)
class Look:
    """How an answer looked above its quote.

    Attributes:
        head: The question and the outcome, as Markdown.
        colour: The colour of the outcome.
    """

    head: str
    colour: discord.Colour


def shown_card(look: Look, found: Found, phrases: Phrasebook, audience: Audience) -> Card:
    """The card that shows everybody what a member was answered, as it looked there."""
    more = [*_opinions(found, audience.question, phrases), Delete.of(audience.asker, phrases)]
    return Card(
        look.colour,
        ui.TextDisplay(look.head),
        *_passage(found, phrases, len(look.head), more=more),
    )


def _opinions(found: Found, question: str | None, phrases: Phrasebook) -> list[ui.Item[Any]]:
    if question is None:
        return []
    return [Helpful.of(found, question, phrases), NotHelpful.of(found, question, phrases)]


def others_card(
    found: Found, places: Sequence[PassageReference], at: int, phrases: Phrasebook
) -> Card:
    """The card that pages through the other passages that were found; `at` counts from 0."""
    head = f"-# {phrases('card.other_of', number=at + 1, of=len(places))}"
    language = found.quote.language

    def button(label: str, to: int) -> ui.Item[Any]:
        return OtherPassages.turning(label, to, language, places)

    row = turning_buttons(at, len(places), phrases, button)
    return Card(
        COLOURS[Outcome.CLOSEST],
        ui.TextDisplay(head),
        *_passage(found, phrases, len(head), row),
    )


def context_card(
    found: Found, before: Quote | None, after: Quote | None, phrases: Phrasebook
) -> Card:
    """The card that shows a passage between its neighbours."""
    about = source_markdown(found.quote, phrases)
    parts = [each for each in (before, found.quote, after) if each is not None]
    room = (ROOM - len(about)) // len(parts)
    return Card(
        COLOURS[Outcome.ANSWER],
        *(ui.TextDisplay(quote_markdown(each, room)) for each in parts),
        ui.TextDisplay(about),
    )


def whole_card(found: Found, at: int, phrases: Phrasebook) -> Card:
    """The card that shows page `at` of a long passage, counted from 0; the last if past it."""
    about = source_markdown(found.quote, phrases)
    pages = pages_of(found.quote, ROOM - len(about))
    at = min(at, len(pages) - 1)
    head = f"-# {phrases('card.page_of', number=at + 1, of=len(pages))}"

    def button(label: str, to: int) -> ui.Item[Any]:
        return WholePassage.turning(label, to, found)

    row = turning_buttons(at, len(pages), phrases, button)
    items: list[ui.Item[Any]] = [
        ui.TextDisplay(head),
        ui.TextDisplay(page_markdown(found.quote, pages[at])),
        ui.TextDisplay(about),
    ]
    return Card(COLOURS[Outcome.ANSWER], *items, *([_row(row)] if row else []))


def _nothing(
    text: str, phrases: Phrasebook, suggestions: Sequence[Suggestion]
) -> list[ui.Item[Any]]:
    if not suggestions:
        return [ui.TextDisplay(text)]
    return [
        ui.TextDisplay(f"{text}\n\n{phrases('none.suggestions')}"),
        *(_row([AskSuggestion.of(each)]) for each in suggestions),
    ]


def _row(buttons: Sequence[ui.Item[Any]]) -> ui.ActionRow[Any]:
    return ui.ActionRow(*buttons)


def _passage(
    found: Found,
    phrases: Phrasebook,
    spent: int,
    turning: Sequence[ui.Item[Any]] = (),
    more: Sequence[ui.Item[Any]] = (),
) -> list[ui.Item[Any]]:
    quote = found.quote
    about = source_markdown(quote, phrases)
    room = ROOM - spent - len(about)
    reading: list[ui.Item[Any]] = []
    if found.link is not None:
        reading.append(ui.Button(label=phrases("card.read"), url=found.link))
    if (other := ShowPassage.in_other_language(found, phrases)) is not None:
        reading.append(other)
    reading.append(InContext.of(found, phrases))
    if is_cut(quote, room):
        reading.append(WholePassage.of(found, phrases))
    rows = [[*reading], [*turning, *more]]
    return [
        ui.TextDisplay(quote_markdown(quote, room)),
        ui.TextDisplay(about),
        *(_row(row) for row in rows if row),
    ]
