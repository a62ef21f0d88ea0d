"""Noting how long a question's encoding takes, and its reading with passages."""

from __future__ import annotations

from collections.abc import Sequence

from bot.telemetry.tracing import Stage, stage
from index import Encoder, Reader
from index.encoders.encoder import Encoded, FloatArray


class TimedEncoder:
    """An encoder whose time is noted for the question that is being answered."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dimension = encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> list[Encoded]:
        """As the encoder does."""
        with stage(Stage.ENCODE):
            return self._encoder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        """As the encoder does."""
        return self._encoder.encode_passages(texts)


class TimedReader:
    """A reader whose time is noted for the question that is being answered."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.name = reader.name

    def scores(self, question: str, passages: Sequence[str]) -> FloatArray:
        """As the reader does."""
        with stage(Stage.READ):
            return self._reader.scores(question, passages)
