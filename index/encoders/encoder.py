"""What an encoder is: anything that turns texts into vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from index.errors import EncoderError

FloatArray: TypeAlias = npt.NDArray[np.float32]
OffsetArray: TypeAlias = npt.NDArray[np.int32]

BUNDLED = "bundled"
"""The name of the model that needs no hub."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as the encoder read it.

    Attributes:
        embedding: float32 of shape (dimension,), of length 1.
        tokens: float32 (tokens, dimension): the last hidden state of each token of the text,
            without those of the prompt and of the markers around it.
        offsets: int32 (tokens, 2): where each token starts and ends in the text, in
            characters. The tokens of a text beyond the encoder's reach are missing.
    """

    embedding: FloatArray
    tokens: FloatArray
    offsets: OffsetArray


def finite(texts: Sequence[str], encoded: Sequence[Encoded]) -> Sequence[Encoded]:
    """What an encoder gave for texts, once every number of it is known to be one.

    Raises:
        EncoderError: A number is infinite, or is none. No score can be made of it.
    """
    for text, each in zip(texts, encoded, strict=True):
        if not (np.isfinite(each.embedding).all() and np.isfinite(each.tokens).all()):
            raise EncoderError(
                f"The model gave numbers that are not finite for a text of {len(text)} "
                "characters. Choose another model under `encoder.model`.",
                "model_not_finite",
                length=len(text),
            )
    return encoded


class Encoder(Protocol):
    """Turns texts into embeddings whose inner product is their similarity."""

    @property
    def name(self) -> str:
        """Names model, revision, prompts and precision: other vectors, another name."""

    @property
    def dimension(self) -> int:
        """The length of an embedding."""

    def encode_queries(self, texts: Sequence[str]) -> list[Encoded]:
        """Questions, each as the encoder reads it."""

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        """Texts that are searched, each as the encoder reads it."""


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
