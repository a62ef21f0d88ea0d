"""Answering: the one road from a question to a quote, for the terminal and for Discord."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from bot.answering.links import sentence_link
from bot.answering.pins import Pinned
from bot.answering.questions import clean_question
from bot.config.settings import QuestionSettings
from bot.storage import Pin
from bot.telemetry.tracing import Stage, stage
from index import (
    DetectedLanguage,
    Index,
    LanguageDetector,
    Located,
    Outcome,
    Quote,
    Result,
    Strictness,
)
from knowledge import Language

_TELLING = 2000
"""Characters of a document by which its language is told."""


@dataclass(frozen=True)
class Answer:
    """A question and what was found for it.

    Attributes:
        question: The question as it was searched for.
        detected: The language that it seems to be in.
        quote_language: The language in which quotes are preferred.
        result: What was found.
        pin: Why the first passage comes first, where moderators chose it.
    """

    question: str
    detected: DetectedLanguage
    quote_language: Language
    result: Result
    pin: Pin | None = None

    @property
    def outcome(self) -> Outcome:
        """What can be said of the best passage."""
        return self.result.outcome

    @cached_property
    def found(self) -> tuple[Found, ...]:
        """The passages, best first; none where nothing fits."""
        return () if self.outcome is Outcome.NONE else self.all_found

    @cached_property
    def all_found(self) -> tuple[Found, ...]:
        """The passages that were found, best first, also where none of them fits."""
        return tuple(
            Found.of(each.located, self.quote_language, each.telling, each.confidence)
            for each in self.result.matches
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A passage as it is shown.

    Attributes:
        quote: The passage in the reader's language, proved to stand in its document.
        link: The publisher's page, opened at the telling sentence of the original.
        other: The other language that the passage has, and the number of its telling
            sentence there; None where it has no other.
        confidence: The probability that the passage answers, where one was computed.
    """

    quote: Quote
    link: str | None
    other: OtherText | None
    confidence: float | None

    @classmethod
    def of(
        cls,
        located: Located,
        language: Language,
        telling: Mapping[Language, int | None] | None = None,
        confidence: float | None = None,
    ) -> Found:
        """A passage in `language`, or in the language that its document has.

        Raises:
            NotVerbatimError: The quote does not stand in the document.
        """
        quote = located.quote(language, telling)
        original, texts = quote.original_language, located.passage.texts
        source = quote.language if original is None or original not in texts else original
        link = sentence_link(located, source, None if telling is None else telling.get(source))
        other, text = None, quote.language.other
        if text in texts:
            other = OtherText(text, None if telling is None else telling.get(text))
        return cls(quote, link, other, confidence)


@dataclass(frozen=True, slots=True)
class OtherText:
    """A passage's text in its other language, and which sentence of it is telling."""

    language: Language
    sentence: int | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The passages before and after one in its document; None where it is the first or last."""

    before: Quote | None
    after: Quote | None


class Answerer:
    """Answers questions from an index. Its methods may be called from any thread."""

    def __init__(
        self, index: Index, detector: LanguageDetector, settings: QuestionSettings
    ) -> None:
        self.index = index
        self._detector = detector
        self._settings = settings

    def language_of(self, text: str, tie_breaker: Language) -> Language:
        """The language that a document is in; `tie_breaker` where that cannot be told."""
        return self._detector.detect(text[:_TELLING], tie_breaker).language

    def beside(self, index: Index) -> Answerer:
        """One that answers from another index, and is the same in all else."""
        return Answerer(index, self._detector, self._settings)

    def answer(
        self,
        text: str,
        tie_breaker: Language | None,
        language: Language | None = None,
        strictness: Strictness | None = None,
        pinned: Pinned | None = None,
    ) -> Answer:
        """Search for what somebody typed.

        Args:
            text: The question as it was typed.
            tie_breaker: What is spoken there, for a question that does not tell its language;
                None where that is not known: then that of the passage that fits best is taken.
            language: The language that quotes should be in; None takes the question's.
            strictness: How sure to be; None takes the configured one.
            pinned: What moderators of the server chose.

        Raises:
            QuestionError: The text is no question that can be searched for.
        """
        question = clean_question(text, self._settings.longest)
        assumed = tie_breaker or Language.ENGLISH
        detected = self._detector.detect(question, assumed, self.index.spoken)
        with stage(Stage.RANK):
            result = self._search(question, detected.language, strictness)
            if tie_breaker is None and not detected.told:
                detected = replace(detected, language=self.index.language_of(result.matches[0]))
                result = self._search(question, detected.language, strictness)
        pin = None
        if pinned is not None:
            pin = pinned.matching(question, result.embedding, self.index)
        chosen = None if pin is None else self._chosen(question, result, pin.passage)
        answer = Answer(
            question,
            detected,
            language or detected.language,
            chosen or result,
            None if chosen is None else pin,
        )
        # Quotes are made and proved here, in a worker's thread, not when the card is.
        _ = answer.found
        return answer

    def _search(self, question: str, language: Language, strictness: Strictness | None) -> Result:
        return self.index.search(question, language, self._settings.passages, strictness)

    def _chosen(self, question: str, result: Result, identifier: str) -> Result | None:
        """The same with a passage first that a person chose; None where it has gone."""
        match = self.index.match(question, result.language, identifier)
        if match is None:
            return None
        others = [each for each in result.matches if each.passage.id != identifier]
        matches = (match, *(replace(each, confidence=None) for each in others))
        return replace(result, outcome=Outcome.ANSWER, matches=matches, small_talk=None)

    def passage(self, identifier: str, language: Language, sentence: int | None) -> Found | None:
        """A passage by its id, or None where it is no longer there.

        Args:
            identifier: The passage's id.
            language: The language to show it in.
            sentence: The number of its telling sentence in that language.
        """
        found = self.index.passage(identifier)
        if found is None:
            return None
        counts = {each: len(text.sentences) for each, text in found.passage.texts.items()}
        count = counts.get(language, 0)
        # Sentences correspond where both texts have as many.
        telling = {
            each: sentence
            for each in counts
            if sentence is not None and sentence < count == counts[each]
        }
        return Found.of(found, language, telling)

    def neighbours(self, identifier: str, language: Language) -> Neighbours:
        """The passages before and after one in its document."""
        found = self.index.passage(identifier)
        if found is None:
            return Neighbours(None, None)
        document, number = found.document, found.passage.number

        def quoted(number: int) -> Quote | None:
            if not 1 <= number <= len(document.passages):
                return None
            return Located(document, document.passages[number - 1]).quote(language)

        return Neighbours(quoted(number - 1), quoted(number + 1))
