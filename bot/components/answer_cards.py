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
from bot.components.buttons import KeptButton, PassageReference
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
from bot.components.menus import Menu
from bot.components.standing import Standing
from bot.locales import Phrasebook
from index import Outcome, Quote

_QUESTION = 1001
"""The component that holds the question, by which an answer that was sent is read again."""
_SMALL = "-# "


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
        ask_moderators: Whether to offer to hand the question to the moderators.
    """
    if answer.result.small_talk is not None:
        return notice_card(none_reason(answer, phrases))
    standing = Standing.of(answer)
    question = f"**{in_short(answer.question, LONGEST_ECHO)}**"
    asking = _asking_moderators(audience, phrases) if ask_moderators else []
    if not answer.found:
        head = f"{question}\n-# {standing.said(phrases)}\n{none_reason(answer, phrases)}"
        rows = [_row(asking)] if asking else []
        return Card(standing.colour, *_nothing(head, phrases, suggestions), *rows)
    found, *others = answer.found[: 1 + MOST_OTHERS]
    turning = [OtherPassages.opening(others, answer.quote_language, phrases)] if others else []
    return _answering(Look(question, standing), found, phrases, audience, [*turning, *asking])


def passage_card(found: Found, phrases: Phrasebook, head: str = "") -> Card:
    """The card that shows a passage by itself, below `head` where there is one."""
    items = [ui.TextDisplay[Any](head)] if head else []
    return Card(COLOURS[Outcome.ANSWER], *items, *_passage(found, phrases, len(head)))


@dataclass(frozen=True, slots=True)
class Look:
    """What an answer said beside its quote.

    Attributes:
        question: The question, as Markdown.
        standing: What it vouched for.
    """

    question: str
    standing: Standing

    @classmethod
    def of(cls, message: discord.Message | None) -> Look:
        """The look of a message that the bot sent, of this release or an earlier one."""
        for component in () if message is None else message.components:
            if isinstance(component, discord.Container):
                texts = [
                    each for each in component.children if isinstance(each, discord.TextDisplay)
                ]
                standing = Standing.shown_by(component.accent_colour)
                for each in texts:
                    if each.id == _QUESTION:
                        return cls(each.content.removeprefix(_SMALL), standing)
                if texts:
                    # Earlier releases wrote the question first, and on a line of its own.
                    return cls(texts[0].content.partition("\n")[0], standing)
        return cls("\u2014", Standing.CLOSEST)


def shown_card(
    look: Look,
    found: Found,
    phrases: Phrasebook,
    audience: Audience,
    *,
    ask_moderators: bool = False,
) -> Card:
    """The card that shows everybody what a member was answered, as it looked there."""
    asking = _asking_moderators(audience, phrases) if ask_moderators else []
    return _answering(look, found, phrases, audience, asking)


def _answering(
    look: Look,
    found: Found,
    phrases: Phrasebook,
    audience: Audience,
    more: Sequence[KeptButton],
) -> Card:
    """The card with a quote for a question: the quote, its source, the rest in small print.

    What may be about something else says so before the quote.

    Args:
        look: The question, and what can be said of the quote.
        found: The quote.
        phrases: For the rest.
        audience: Who sees it.
        more: What the menu offers beside the context.
    """
    quote, question, standing = found.quote, look.question, look.standing
    said = standing.said(phrases)
    about = source_markdown(quote, phrases)
    doubtful = standing is Standing.CLOSEST
    room = ROOM - len(question) - len(said) - len(about)
    menu: list[KeptButton] = [InContext.of(found, phrases)]
    if is_cut(quote, room):
        menu.append(WholePassage.of(found, phrases))
    menu += more
    if audience.private:
        menu.append(ShowEveryone.of(found, audience.question, phrases))
    else:
        menu.append(Delete.of(audience.asker, phrases))
    row = [*_reading(found, phrases), *_opinions(found, audience.question, phrases)]
    return Card(
        standing.colour,
        *([ui.TextDisplay[Any](said)] if doubtful else []),
        ui.TextDisplay(quote_markdown(quote, room)),
        ui.TextDisplay(about if doubtful else f"{about}\n{_SMALL}{said}"),
        ui.TextDisplay(f"{_SMALL}{question}", id=_QUESTION),
        *([_row(row)] if row else []),
        _row([Menu.of("more", phrases("card.more"), menu)]),
    )


def _asking_moderators(audience: Audience, phrases: Phrasebook) -> list[KeptButton]:
    if audience.question is None:
        return []
    return [AskModerators.of(audience.question, audience.asker, phrases)]


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


def _reading(found: Found, phrases: Phrasebook) -> list[ui.Item[Any]]:
    """What leads to the article, and to the other language."""
    reading: list[ui.Item[Any]] = []
    if found.link is not None:
        reading.append(ui.Button(label=phrases("card.read"), url=found.link))
    if (other := ShowPassage.in_other_language(found, phrases)) is not None:
        reading.append(other)
    return reading


def _passage(
    found: Found, phrases: Phrasebook, spent: int, turning: Sequence[ui.Item[Any]] = ()
) -> list[ui.Item[Any]]:
    quote = found.quote
    about = source_markdown(quote, phrases)
    room = ROOM - spent - len(about)
    reading = [*_reading(found, phrases), InContext.of(found, phrases)]
    if is_cut(quote, room):
        reading.append(WholePassage.of(found, phrases))
    rows = [reading, [*turning]]
    return [
        ui.TextDisplay(quote_markdown(quote, room)),
        ui.TextDisplay(about),
        *(_row(row) for row in rows if row),
    ]
