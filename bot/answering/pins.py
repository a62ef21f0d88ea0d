"""Questions that moderators chose a passage for, and which other questions mean the same."""

from __future__ import annotations

from collections.abc import Sequence

from bot.storage import Pin
from bot.storage.same_question import folded_question
from index.encoders.encoder import FloatArray
from index.reading import ALIKE


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

    def matching(self, question: str, embedding: FloatArray) -> Pin | None:
        """The pin of a question: of the same words, or else of the nearest meaning.

        Args:
            question: The question.
            embedding: float32 (dimension,): what it means.
        """
        same = self._by_words.get(folded_question(question))
        if same is not None:
            return same
        likeness = self._embeddings @ embedding
        nearest = int(likeness.argmax())
        return self._pins[nearest] if likeness[nearest] >= ALIKE else None
