"""What would be answered differently, once what is known or pinned is another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bot.answering.answers import Answerer, Found
from bot.answering.pins import Pinned
from bot.storage import Pin
from bot.storage.same_question import folded_question
from index import Outcome, Result, Strictness
from index.comparing import Comparison, KnownQuestion
from index.ranking.runs import IntArray

_AT_ONCE = 16
"""Questions after which it is looked whether anybody still wants to know."""


class Difference(StrEnum):
    """How an answer differs."""

    LOST = "lost"
    OTHER = "other"
    REWORDED = "reworded"
    DOUBTED = "doubted"
    SURER = "surer"
    GAINED = "gained"


@dataclass(frozen=True, slots=True)
class Given:
    """What a question is given.

    Attributes:
        outcome: What can be said of it.
        found: The passage; None where nothing fits.
    """

    outcome: Outcome
    found: Found | None

    @property
    def passage(self) -> str | None:
        """The passage's id."""
        return None if self.found is None else self.found.quote.passage_id


@dataclass(frozen=True, slots=True)
class Changed:
    """A question that would be answered differently.

    Attributes:
        question: The question.
        how: How its answer differs.
        before, after: What it is given, and what it would be.
    """

    question: str
    how: Difference
    before: Given
    after: Given


@dataclass(frozen=True, slots=True)
class Foresight:
    """What would be answered differently.

    Attributes:
        changed: Those questions; the worst first, and of alike ones those asked most.
        asked: How many questions were asked.
        left: How many there are beside them that were not asked, because they were too many.
    """

    changed: tuple[Changed, ...]
    asked: int
    left: int = 0

    @property
    def only_gains(self) -> bool:
        """Whether no question would have a worse or another answer than it has."""
        return all(each.how in {Difference.GAINED, Difference.SURER} for each in self.changed)


class GivenUp(Exception):  # noqa: N818 - it is no error
    """Nobody wants to know any more."""


@dataclass(frozen=True, slots=True)
class Known:
    """What questions are answered from.

    Attributes:
        answerer: Has the documents.
        pinned: What moderators chose.
    """

    answerer: Answerer
    pinned: Pinned | None

    def pins_of(self, questions: Sequence[KnownQuestion]) -> list[Pin | None]:
        """The pin of each question whose passage is there."""
        if self.pinned is None:
            return [None] * len(questions)
        index = self.answerer.index
        meanings = np.stack([each.embedding for each in questions])
        found = self.pinned.matching_many([each.text for each in questions], meanings, index)
        return [None if pin is None or index.passage(pin.passage) is None else pin for pin in found]


def foresee(
    before: Known,
    after: Known,
    questions: Sequence[KnownQuestion],
    strictness: Strictness | None,
    told: Callable[[int, int], bool],
) -> Foresight:
    """Ask questions of what is known and of what would be.

    Args:
        before: What is known.
        after: What would be.
        questions: Those asked most first.
        strictness: How sure to be; None takes the configured one.
        told: Called now and then with how many questions are settled, and of how many; whether
            to go on.

    Raises:
        GivenUp: It was told not to.
    """
    if not questions:
        return Foresight((), 0)
    suspects = _suspects(before, after, questions)
    settled = len(questions) - len(suspects)
    changed: list[Changed] = []
    for start in range(0, len(suspects), _AT_ONCE):
        if not told(settled + start, len(questions)):
            raise GivenUp
        some = [questions[at] for at in suspects[start : start + _AT_ONCE].tolist()]
        changed += _differences(before, after, some, strictness)
    order = list(Difference)
    changed.sort(key=lambda each: order.index(each.how))
    return Foresight(tuple(changed), len(questions))


def _suspects(before: Known, after: Known, questions: Sequence[KnownQuestion]) -> IntArray:
    """The numbers of questions whose answers may differ."""
    old, new = (known.pins_of(questions) for known in (before, after))
    # A pin that stays keeps its answer, whatever fits better.
    free = [at for at, each in enumerate(old) if each is None and new[at] is None]
    pins = [at for at, each in enumerate(old) if _passage(each) != _passage(new[at])]
    comparison = Comparison(before.answerer.index, after.answerer.index)
    near = comparison.unsettled([questions[at] for at in free])
    return np.sort(np.array([*pins, *(free[at] for at in near.tolist())], np.int64))


def _passage(pin: Pin | None) -> str | None:
    return None if pin is None else pin.passage


def _differences(
    before: Known,
    after: Known,
    questions: Sequence[KnownQuestion],
    strictness: Strictness | None,
) -> Iterator[Changed]:
    index = before.answerer.index
    read = index.read([each.text for each in questions])
    languages = [each.language for each in questions]
    given = []
    for known in (before, after):
        results = known.answerer.index.results(read, languages, 1, strictness)
        pins = known.pins_of(questions)
        given.append(
            [
                _given(known.answerer, each, result, pin)
                for each, result, pin in zip(questions, results, pins, strict=True)
            ]
        )
    for question, old, new in zip(questions, *given, strict=True):
        how = _how(old, new, before.answerer, after.answerer)
        if how is not None:
            yield Changed(question.text, how, old, new)


def _given(answerer: Answerer, question: KnownQuestion, result: Result, pin: Pin | None) -> Given:
    if pin is not None:
        return Given(Outcome.ANSWER, answerer.passage(pin.passage, question.language, None))
    if result.outcome is Outcome.NONE:
        return Given(Outcome.NONE, None)
    match = result.matches[0]
    return Given(result.outcome, Found.of(match.located, question.language, match.telling))


def _how(old: Given, new: Given, before: Answerer, after: Answerer) -> Difference | None:
    """How an answer differs; None where it does not."""
    if old.found is None or new.found is None:
        how = Difference.LOST if new.found is None else Difference.GAINED
        return None if old.found is new.found else how
    was, would = old.found.quote, new.found.quote
    if was.passage_id == would.passage_id:
        if was.text != would.text:
            return Difference.REWORDED
        surer = Difference.SURER if new.outcome is Outcome.ANSWER else Difference.DOUBTED
        return None if old.outcome is new.outcome else surer
    gone = after.index.passage(was.passage_id) is None
    fresh = before.index.passage(would.passage_id) is None
    same = (was.document, was.section) == (would.document, would.section)
    return Difference.REWORDED if gone and fresh and same else Difference.OTHER


def different(questions: Iterable[KnownQuestion]) -> list[KnownQuestion]:
    """Of questions of the same words the first."""
    found: dict[str, KnownQuestion] = {}
    for each in questions:
        found.setdefault(folded_question(each.text), each)
    return list(found.values())
