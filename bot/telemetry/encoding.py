"""Noting how long a question's encoding takes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.telemetry.tracing import Stage, stage
from index import Encoder
from index.encoders.encoder import Encoded


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
