"""Questions that moderators chose a passage for, and which other questions mean the same."""

from __future__ import annotations

from collections.abc import Sequence

from bot.storage import Pin
from bot.storage.same_question import folded_question
from index.encoders.encoder import FloatArray

ALIKE = 0.93
"""The cosine from which two questions mean the same; docs/quality.md says what it gives."""


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
        self._by_words = {folded_question(each.question): each for each in pins}

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The pins."""
        return self._pins

    @property
    def embeddings(self) -> FloatArray:
        """float32 (pins, dimension): what their questions mean."""
        return self._embeddings

    def matching(self, question: str, embedding: FloatArray) -> Pin | None:
        """The pin of a question: of the same words, or else of the nearest meaning.

        Args:
            question: The question.
            embedding: float32 (dimension,): what it means.
        """
        (found,) = self.matching_many([question], embedding[None])
        return found

    def matching_many(self, questions: Sequence[str], embeddings: FloatArray) -> list[Pin | None]:
        """As `matching`, for many questions.

        Args:
            questions: The questions.
            embeddings: float32 (questions, dimension): what they mean.
        """
        likeness = embeddings @ self._embeddings.T
        nearest = likeness.argmax(axis=1)
        alike = likeness.max(axis=1) >= ALIKE
        return [
            self._by_words.get(folded_question(question)) or (self._pins[at] if near else None)
            for question, at, near in zip(questions, nearest.tolist(), alike.tolist(), strict=True)
        ]
