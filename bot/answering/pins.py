"""Questions that moderators chose a passage for, and which other questions surely mean the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.storage import Pin
from bot.storage.same_question import folded_question
from index import Index
from index.encoders.encoder import FloatArray
from index.ranking.courtesies import without_courtesies
from index.ranking.same_meaning import LIKENESS, asks_the_same


class Pinned:
    """The pins of a server. It may be used from any thread."""

    def __init__(self, pins: Sequence[Pin], embeddings: FloatArray) -> None:
        """Hold pins.

        Args:
            pins: At least one.
            embeddings: float32 (pins, dimension): what their questions mean.
        """
        self._pins = tuple(pins)
        self._embeddings = embeddings
        # Of pins that differ in politeness alone, the newest comes first and counts.
        self._by_words = {_words(each.question): each for each in reversed(pins)}

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The pins."""
        return self._pins

    @property
    def embeddings(self) -> FloatArray:
        """float32 (pins, dimension): what their questions mean."""
        return self._embeddings

    def matching(
        self, question: str, embedding: FloatArray, index: Index, read: float | None = None
    ) -> Pin | None:
        """The pin of a question: of the same words, or else of surely the same meaning.

        Args:
            question: The question.
            embedding: float32 (dimension,): what it means.
            index: What it is asked of: a curated question of another passage may be nearer.
            read: What a reader gives for the question and the passage of the nearest pin, in
                [0, 1]; None where none has read.
        """
        return self._matching(question, embedding, self._embeddings @ embedding, index, read)

    def matching_many(
        self, questions: Sequence[str], embeddings: FloatArray, index: Index
    ) -> list[Pin | None]:
        """As `matching`, for many questions.

        Args:
            questions: The questions.
            embeddings: float32 (questions, dimension): what they mean.
            index: What they are asked of.
        """
        every = embeddings @ self._embeddings.T
        return [
            self._matching(question, embedding, likeness, index)
            for question, embedding, likeness in zip(questions, embeddings, every, strict=True)
        ]

    def _matching(
        self,
        question: str,
        embedding: FloatArray,
        likeness: FloatArray,
        index: Index,
        read: float | None = None,
    ) -> Pin | None:
        if same := self._by_words.get(_words(question)):
            return same
        near = np.flatnonzero(likeness >= LIKENESS)
        for at in near[np.argsort(-likeness[near], kind="stable")].tolist():
            pin, alike = self._pins[at], float(likeness[at])
            if asks_the_same(pin.question, question, alike, read=read):
                return None if _curated_elsewhere(pin, alike, embedding, index) else pin
        return None


def _words(question: str) -> str:
    return folded_question(without_courtesies(question))


def _curated_elsewhere(pin: Pin, likeness: float, embedding: FloatArray, index: Index) -> bool:
    """Whether a curated question is nearer than a pin, and belongs to another passage.

    One that asks the same as the pin does not count: the moderators decided otherwise.
    """
    if not index.curated:
        return False
    near = index.curated_similarities(embedding)
    nearest = int(near.argmax())
    curated = index.curated[nearest]
    return (
        float(near[nearest]) > likeness
        and curated.passage != pin.passage
        and not asks_the_same(pin.question, curated.question, 1.0)
    )
