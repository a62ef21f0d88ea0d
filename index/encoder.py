"""What an encoder is: anything that turns texts into vectors of length one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]

BUNDLED = "bundled"
"""The name of the model that needs no hub."""


class Encoder(Protocol):
    """Turns texts into embeddings whose inner product is their similarity."""

    @property
    def name(self) -> str:
        """Names model, revision, prompts and precision: other vectors, another name."""

    @property
    def dimension(self) -> int:
        """The length of an embedding."""

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Embeddings of questions: float32 of shape (texts, dimension), rows of length 1."""

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Embeddings of what is searched: float32 (texts, dimension), rows of length 1."""


@dataclass(frozen=True, slots=True)
class EncoderChoice:
    """Which model to use.

    Attributes:
        model: `bundled`, a folder, or a name that a model hub knows.
        revision: The hub's revision, for a model from a hub.
        query_prompt: Put before every question; None leaves it to the model.
        passage_prompt: Put before every text that is searched; None leaves it to the model.
    """

    model: str = BUNDLED
    revision: str | None = None
    query_prompt: str | None = None
    passage_prompt: str | None = None
