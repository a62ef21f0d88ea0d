"""What the page can ask for, answered with the cards that Discord would be sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.answering.answers import Answer, Answerer, Found
from bot.answering.catalogue import Catalogue, Order
from bot.answering.explanation import explanation
from bot.answering.suggestions import Suggestion, Suggestions
from bot.answering.wording import likelihood, refusal
from bot.cogs.members.documents import ListDocuments, OpenDocument, documents_card
from bot.cogs.members.topics import (
    ReadPassage,
    TopicsPage,
    headings_card,
    reading_card,
    topics_card,
)
from bot.components.answer_buttons import (
    AskSuggestion,
    InContext,
    OtherPassages,
    ShowPassage,
    WholePassage,
    suggested_question,
)
from bot.components.answer_cards import (
    Audience,
    answer_card,
    context_card,
    others_card,
    passage_card,
    whole_card,
)
from bot.components.buttons import KeptButton, button_of
from bot.components.cards import Card, notice_card
from bot.errors import BusyError, QuestionError
from bot.guilds.catalogue import Catalogued
from bot.locales import Phrasebook, Phrasebooks
from bot.operations.preview.markdown import elements
from bot.operations.preview.server import Server
from bot.process.worker import Worker
from index import Located, Outcome
from knowledge import Language

_TEXT_DISPLAY = 10
_MEMBER = 1
_KEPT = "-" * 16
"""Instead of the id of a kept question: with one, a card asks for opinions, as in a server."""
_OFFERED = 3
_MOST_SUGGESTED = 25


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page is to show.

    Attributes:
        said: What happened, in one sentence for the reader of the page.
        card: The message; None where there is none.
        quote_language: The language of what it quotes.
        in_place: Whether it takes the place of the one with the button.
        private: Whether the member alone would see it.
        explained: Where the score comes from; None where nothing was searched for.
    """

    said: str
    card: Card | None = None
    quote_language: Language | None = None
    in_place: bool = False
    private: bool = False
    explained: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """The same for the page."""
        components = None if self.card is None else _payload(self.card)
        return {
            "said": self.said,
            "components": components,
            "quote_language": self.quote_language,
            "in_place": self.in_place,
            "private": self.private,
            "explanation": self.explained,
        }


class Previewer:
    """Answers the page; nothing that it is asked is kept."""

    def __init__(
        self,
        answerer: Answerer,
        books: Phrasebooks,
        worker: Worker,
        server: Server | None = None,
    ) -> None:
        """Start.

        Args:
            answerer: Answers from the shared documents.
            books: The words of the cards, and of what is said of them.
            worker: Answers without blocking.
            server: As where to answer; None for a server that has nothing of its own.
        """
        self._answerer = answerer if server is None else server.knowledge.answerer
        self._books = books
        self._worker = worker
        self._server = server
        self._catalogued = (
            Catalogued(Catalogue(answerer.index, {}), {}) if server is None else server.catalogued
        )
        self._suggestions = (
            Suggestions(answerer.index) if server is None else server.knowledge.suggestions
        )

    def scope(self, phrases: Phrasebook) -> str:
        """What is answered from, in one sentence."""
        server = self._server
        if server is None:
            return phrases("preview.scope.shared")
        return phrases(
            "preview.scope.server",
            server=server.id,
            documents=server.documents,
            pins=server.pins,
            strictness=phrases(f"settings.strictness.{server.strictness}"),
        )

    async def ask(
        self,
        text: str,
        member: Language,
        reader: Language,
        language: Language | None = None,
        *,
        private: bool = False,
    ) -> Shown:
        """Answer what a member asks.

        Args:
            text: What is typed.
            member: The language of the member's Discord.
            reader: The language of the page.
            language: The language of the quote; None takes the question's.
            private: Whether the member alone sees the answer.
        """
        phrases = self._books[member]
        try:
            asked = await self._worker.run(self._asked, text, member, language)
        except (QuestionError, BusyError) as error:
            card = notice_card(refusal(error, phrases))
            return Shown(refusal(error, self._books[reader]), card, private=True)
        answer = asked.answer
        audience = Audience(_MEMBER, private, _KEPT)
        server = self._server
        ask = server is None or server.has_moderators
        card = answer_card(answer, phrases, audience, asked.suggestions, ask_moderators=ask)
        return Shown(
            _said(answer, self._books[reader]),
            card,
            answer.quote_language,
            private=private,
            explained=asked.explained,
        )

    async def suggest(self, typed: str, member: Language) -> list[str]:
        """The curated questions that `/ask` would suggest to a member for what is typed."""
        suggested = self._suggestions.meant if typed.strip() else self._suggestions.matching
        try:
            offered = await self._worker.run(suggested, typed, member, _MOST_SUGGESTED)
        except BusyError:
            return []
        return [each.question for each in offered]

    def topics(self, member: Language, reader: Language) -> Shown:
        """What `/topics` shows to a member."""
        phrases, found = self._books[member], self._catalogued
        if len(found.catalogue.entries) > 1:
            card = documents_card(found, Order.ASKED, 0, "", phrases)
        else:
            card = topics_card(self._answerer.index.documents, 0, phrases)
        return Shown(self._books[reader]("preview.said.topics"), card, private=True)

    async def press(self, custom_id: str, member: Language, reader: Language) -> Shown:
        """What happens when a member presses a button.

        Args:
            custom_id: The button's.
            member: The language of the member's Discord.
            reader: The language of the page.
        """
        said, phrases = self._books[reader], self._books[member]
        button = button_of(custom_id)
        if isinstance(button, AskSuggestion):
            identifier, check = button.fields["passage"], button.fields["check"]
            index = self._answerer.index
            question = suggested_question(index, identifier, button.language, check)
            if question is not None:
                return await self.ask(question, member, reader, button.language, private=True)
        elif isinstance(button, TopicsPage | ListDocuments):
            card = self._listed(button, self._books[button.language])
            return Shown(said("preview.said.turned"), card, in_place=True, private=True)
        elif isinstance(button, OpenDocument | ReadPassage):
            located = self._answerer.index.passage(button.fields["passage"])
            if located is not None:
                return _opened(button, self._read(button, located, phrases), said)
        elif isinstance(button, OtherPassages | ShowPassage | InContext | WholePassage):
            place = button.place
            found = self._answerer.passage(place.passage, button.language, place.sentence)
            if found is not None:
                return _opened(button, self._following(button, found, phrases), said)
        else:
            return Shown(said("preview.said.only_discord"))
        gone = notice_card(phrases("problem.gone"))
        return Shown(said("problem.gone"), gone, private=True)

    def _asked(self, text: str, member: Language, language: Language | None) -> _Asked:
        server = self._server
        strictness = None if server is None else server.strictness
        pinned = None if server is None else server.pinned
        answer = self._answerer.answer(text, member, language, strictness, pinned)
        suggestions: tuple[Suggestion, ...] = ()
        if answer.outcome is Outcome.NONE and answer.result.small_talk is None:
            suggestions = self._suggestions.nearest(
                answer.question, answer.result.embedding, member, _OFFERED
            )
        return _Asked(answer, explanation(self._answerer.index, answer), suggestions)

    def _listed(self, button: TopicsPage | ListDocuments, phrases: Phrasebook) -> Card:
        if isinstance(button, TopicsPage):
            return topics_card(self._answerer.index.documents, button.at, phrases)
        order, tag = Order(button.fields["order"]), button.fields["tag"]
        return documents_card(self._catalogued, order, button.at, tag, phrases)

    def _read(
        self, button: OpenDocument | ReadPassage, located: Located, phrases: Phrasebook
    ) -> Card:
        if isinstance(button, OpenDocument):
            return headings_card(located.document, button.at, self._books[button.language])
        return reading_card(located, button.language, phrases)

    def _following(self, button: KeptButton, found: Found, phrases: Phrasebook) -> Card:
        if isinstance(button, OtherPassages):
            return others_card(found, button.places, button.at, phrases)
        if isinstance(button, WholePassage):
            return whole_card(found, button.at, phrases)
        if isinstance(button, InContext):
            quote = found.quote
            around = self._answerer.neighbours(quote.passage_id, quote.language)
            return context_card(found, around.before, around.after, phrases)
        return passage_card(found, phrases)


@dataclass(frozen=True, slots=True)
class _Asked:
    answer: Answer
    explained: dict[str, Any]
    suggestions: tuple[Suggestion, ...]


def _opened(button: KeptButton, card: Card, said: Phrasebook) -> Shown:
    happened = said("preview.said.turned" if button.in_place else "preview.said.opened")
    return Shown(happened, card, button.language, in_place=button.in_place, private=True)


def _said(answer: Answer, phrases: Phrasebook) -> str:
    kind = answer.outcome if answer.result.small_talk is None else "small_talk"
    verdict = answer.result.verdict
    said = phrases(
        f"preview.said.{kind}",
        evidence=phrases.decimal(verdict.evidence),
        needed=phrases.decimal(verdict.needed),
    )
    sure = answer.result.matches[0].confidence if answer.result.matches else None
    if sure is None or answer.result.small_talk is not None:
        return said
    return f"{said} {phrases('testing.confidence', confidence=likelihood(sure, phrases))}"


def _payload(card: Card) -> list[dict[str, Any]]:
    """What Discord would be sent, each text beside what Discord makes of it."""
    components: list[dict[str, Any]] = card.to_components()  # type: ignore[no-untyped-call]
    return [_with_elements(each) for each in components]


def _with_elements(component: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(component)
    if result["type"] == _TEXT_DISPLAY:
        result["elements"] = [each.as_json() for each in elements(result["content"])]
    if "components" in result:
        result["components"] = _all_with_elements(result["components"])
    return result


def _all_with_elements(components: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_with_elements(each) for each in components]
