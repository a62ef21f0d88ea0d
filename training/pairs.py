"""What the reader is shown: pairs of a question and a text, and whether the one answers.

First come parts of passages, a sentence or two (`windows`), and before all a round of questions
that are answered, each with its answer and with something else: what has to do with what is learnt
before what answers what. Later rounds show whole passages. In each round every question is shown
with what it was written for, and some of them also with

- another passage of their document;
- a passage of another document that shares words with them;
- and passages with questions that have nothing to do with any, and with small talk.

A third of the questions are typed carelessly. A title stands above some of the texts, as a
document's titles may in the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from index.calibration.reference import unrelated_questions
from index.calibration.small_talk import small_talk_messages
from training.careless import carelessly
from training.documents import Document, Question
from training.windows import part_like, part_with, part_without

_CARELESS = 0.35
_TITLED = 0.5
_PARTS_TITLED = 0.2
_FAR = 0.4
_FOREIGN = 0.08
_BESIDE_ANSWERED = 0.5
_BESIDE_NEAR = 0.12
_EMPTY = 0.06
_NEIGHBOURS = 8


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a text.

    Attributes:
        question: The question.
        passage: The text, a passage or a part of one.
        label: 1 where the text answers the question, else 0.
        start: Where in the text the answer starts; 0 where there is none.
        end: Where it ends; 0 where there is none.
    """

    question: str
    passage: str
    label: float
    start: int = 0
    end: int = 0


def under_title(title: str, passage: str) -> str:
    """A passage as the reader reads it: its titles above it."""
    return f"{title}\n{passage}" if title else passage


def make_rounds(
    documents: Sequence[Document], rounds: int, in_parts: int, seed: int
) -> Iterator[tuple[Pair, ...]]:
    """The pairs of every round.

    Args:
        documents: What they are made of.
        rounds: How often each question is shown with its own passage.
        in_parts: How many rounds, the first ones, show a sentence or two in place of a passage.
        seed: The same seed gives the same pairs; more rounds begin with the same ones.
    """
    maker = _Maker(documents, Random(seed))
    for number in range(rounds):
        if number == 0 and in_parts:
            yield tuple(maker.matching())
        elif number < in_parts:
            yield tuple(maker.parts())
        else:
            yield tuple(maker.passages())


class _Maker:
    def __init__(self, documents: Sequence[Document], chance: Random) -> None:
        self._documents = documents
        self._chance = chance
        self._everywhere = [
            (number, each) for number, one in enumerate(documents) for each in one.passages
        ]
        self._neighbours = _neighbours(documents, self._everywhere)
        self._beside = [*_unrelated(), *(each.text for each in small_talk_messages())]

    def matching(self) -> Iterator[Pair]:
        """Answered questions, with the part that answers and one that has to do with little."""
        chance = self._chance
        for row, document, question in self._questions():
            if question.span is None:
                continue
            words = self._typed(question)
            own = document.passages[question.passage]
            part = part_with(own, document.lang, question.span, chance)
            yield self._pair(_PARTS_TITLED, document, words, part, question.span)
            if self._happens(_FAR):
                yield self._foreign(words, question, row, _PARTS_TITLED, whole=False)
            else:
                other = document.passages[self._another(document, question)]
                part = part_like(other, document.lang, words, chance)
                yield self._pair(_PARTS_TITLED, document, words, part)

    def parts(self) -> Iterator[Pair]:
        """All questions, with parts of their own passages and of others."""
        chance = self._chance
        for row, document, question in self._questions():
            words = self._typed(question)
            own = document.passages[question.passage]
            if question.span is None:
                part = part_like(own, document.lang, words, chance)
                yield self._pair(_PARTS_TITLED, document, words, part)
            else:
                part = part_with(own, document.lang, question.span, chance)
                yield self._pair(_PARTS_TITLED, document, words, part, question.span)
                if self._happens(_BESIDE_ANSWERED):
                    other = document.passages[self._another(document, question)]
                    without = part_without(own, document.lang, question.span, chance)
                    if without is None or self._happens(_BESIDE_ANSWERED):
                        without = part_like(other, document.lang, words, chance)
                    yield self._pair(_PARTS_TITLED, document, words, without)
            yield from self._besides(words, question, row, _PARTS_TITLED, whole=False)

    def passages(self) -> Iterator[Pair]:
        """All questions, with their own passages and others."""
        for row, document, question in self._questions():
            words = self._typed(question)
            own = document.passages[question.passage]
            yield self._pair(_TITLED, document, words, own, question.span)
            if self._happens(_BESIDE_ANSWERED if question.span else _BESIDE_NEAR):
                other = document.passages[self._another(document, question)]
                yield self._pair(_TITLED, document, words, other)
            yield from self._besides(words, question, row, _TITLED, whole=True)

    def _besides(
        self, words: str, question: Question, row: int, titled: float, *, whole: bool
    ) -> Iterator[Pair]:
        if self._happens(_FOREIGN):
            yield self._foreign(words, question, row, titled, whole=whole)
        if self._happens(_EMPTY):
            asked = self._chance.choice(self._beside)
            yield self._foreign(asked, question, None, titled, whole=whole)

    def _foreign(
        self, words: str, question: Question, row: int | None, titled: float, *, whole: bool
    ) -> Pair:
        """A passage of another document: one that shares words with a question, or any."""
        chance = self._chance
        near = self._neighbours[row] if row is not None and self._neighbours else None
        place = chance.randrange(len(self._everywhere)) if near is None else chance.choice(near)
        number, passage = self._everywhere[place]
        document = self._documents[number]
        if question in document.questions:
            # There is no other document, or small talk has to do with none.
            words = chance.choice(self._beside)
        text = passage if whole else part_like(passage, document.lang, words, chance)
        return self._pair(titled, document, words, text)

    def _questions(self) -> Iterator[tuple[int, Document, Question]]:
        row = 0
        for document in self._documents:
            for question in document.questions:
                yield row, document, question
                row += 1

    def _typed(self, question: Question) -> str:
        if self._happens(_CARELESS):
            return carelessly(question.q, question.lang, self._chance)
        return question.q

    def _another(self, document: Document, question: Question) -> int:
        other = self._chance.randrange(len(document.passages) - 1)
        return other + (other >= question.passage)

    def _happens(self, share: float) -> bool:
        return self._chance.random() < share

    def _pair(
        self, titled: float, document: Document, words: str, text: str, span: str | None = None
    ) -> Pair:
        title = document.title if self._happens(titled) else ""
        read = under_title(title, text)
        if span is None:
            return Pair(words, read, 0.0)
        start = read.index(span, len(read) - len(text))
        return Pair(words, read, 1.0, start, start + len(span))


def _unrelated() -> Iterator[str]:
    for questions in unrelated_questions().values():
        yield from questions


def _neighbours(
    documents: Sequence[Document], passages: Sequence[tuple[int, str]]
) -> list[list[int]]:
    """For each question the passages of other documents that share most words with it."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    if len(documents) == 1:
        return []
    counted = TfidfVectorizer(sublinear_tf=True)
    rows = counted.fit_transform([each for _, each in passages])
    owners = np.array([number for number, _ in passages])
    found = []
    for number, document in enumerate(documents):
        asked = counted.transform([each.q for each in document.questions])
        alike = (asked @ rows.T).toarray()
        alike[:, owners == number] = -1
        found += np.argsort(-alike, axis=1, kind="stable")[:, :_NEIGHBOURS].tolist()
    return found
