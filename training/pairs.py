"""What the reader is shown: pairs of a question and a passage, and whether the one answers.

Every round shows each question with the passage that it was written for. What else it is shown
with changes from round to round:

- an answered question with another passage of its document;
- any question, now and then, with the passage of another document that shares most words with it;
- questions that have nothing to do with any document, and small talk, with a passage by chance.

Half of the questions are typed carelessly. The title stands above most passages, as a document's
titles do in the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from index.reference import unrelated_questions
from index.small_talk import small_talk_messages
from training.careless import carelessly
from training.documents import Document, Question

_CARELESS = 0.35
_UNTITLED = 0.5
_FOREIGN = 0.08
_BESIDE_ANSWERED = 0.5
_BESIDE_NEAR = 0.12
_EMPTY = 0.06
_NEIGHBOURS = 8


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, a passage, and 1 where the passage answers it, else 0."""

    question: str
    passage: str
    label: float


def under_title(title: str, passage: str) -> str:
    """A passage as the reader reads it: its titles above it."""
    return f"{title}\n{passage}" if title else passage


def make_rounds(
    documents: Sequence[Document], rounds: int, seed: int
) -> Iterator[tuple[Pair, ...]]:
    """The pairs of every round.

    Args:
        documents: What they are made of.
        rounds: How often each question is shown with its own passage.
        seed: The same seed gives the same pairs.
    """
    chance = Random(seed)
    passages = [(number, each) for number, one in enumerate(documents) for each in one.passages]
    neighbours = _neighbours(documents, passages) if len(documents) > 1 else None
    beside = [*_unrelated(), *(each.text for each in small_talk_messages())]

    def pair(document: Document, words: str, passage: str, label: float) -> Pair:
        title = "" if chance.random() < _UNTITLED else document.title
        return Pair(words, under_title(title, passage), label)

    for _ in range(rounds):
        pairs: list[Pair] = []
        row = 0
        for document in documents:
            for question in document.questions:
                words = question.q
                if chance.random() < _CARELESS:
                    words = carelessly(words, question.lang, chance)
                answered = question.kind == "answered"
                own = document.passages[question.passage]
                pairs.append(pair(document, words, own, float(answered)))
                if chance.random() < (_BESIDE_ANSWERED if answered else _BESIDE_NEAR):
                    other = _another(document, question, chance)
                    pairs.append(pair(document, words, document.passages[other], 0.0))
                if neighbours is not None and chance.random() < _FOREIGN:
                    found, passage = passages[chance.choice(neighbours[row])]
                    pairs.append(pair(documents[found], words, passage, 0.0))
                if chance.random() < _EMPTY:
                    number, passage = chance.choice(passages)
                    pairs.append(pair(documents[number], chance.choice(beside), passage, 0.0))
                row += 1
        yield tuple(pairs)


def _unrelated() -> Iterator[str]:
    for questions in unrelated_questions().values():
        yield from questions


def _another(document: Document, question: Question, chance: Random) -> int:
    other = chance.randrange(len(document.passages) - 1)
    return other + (other >= question.passage)


def _neighbours(
    documents: Sequence[Document], passages: Sequence[tuple[int, str]]
) -> list[list[int]]:
    """For each question the passages of other documents that share most words with it."""
    from sklearn.feature_extraction.text import TfidfVectorizer

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
