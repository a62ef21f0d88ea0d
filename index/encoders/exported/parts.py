"""What an export is made of, wherever it was taken from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, Self, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from index.encoders.encoder import Encoded, FloatArray
from index.encoders.exported.manifest import Pooling
from index.encoders.exported.tokenizer import TokenizerSource

Activation: TypeAlias = Literal["gelu", "relu"]


class Rows(Protocol):
    """A table that is read some rows at a time, such as an array."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many rows there are, and how wide they are."""

    def __getitem__(self, some: slice, /) -> FloatArray:
        """Those rows: float32 (rows, width)."""


@runtime_checkable
class PackedRows(Rows, Protocol):
    """A table that is kept in 4 bits already, as it is to be written."""

    def packed(self, some: slice, /) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float16]]:
        """Those rows: uint8 (rows, width / 2), and a scale for 32 numbers (rows, width / 32).

        A byte has two codes; the low halves of 16 bytes are the first half of a block. A number
        is (code - 8) times its block's scale.
        """


@dataclass(frozen=True, slots=True)
class Linear:
    """`x @ weight.T + bias`: weight (out, in), bias (out,)."""

    weight: FloatArray
    bias: FloatArray

    @classmethod
    def joined(cls, every: Sequence[Self]) -> Self:
        """One that gives what all of them give of the same input, one after the other."""
        return cls(
            np.concatenate([each.weight for each in every]),
            np.concatenate([each.bias for each in every]),
        )


@dataclass(frozen=True, slots=True)
class Norm:
    """Layer norm: scale and shift, both (width,)."""

    scale: FloatArray
    shift: FloatArray


@dataclass(frozen=True, slots=True)
class Layer:
    """One encoder layer."""

    query_key_value: Linear
    attention_out: Linear
    attention_norm: Norm
    up: Linear
    down: Linear
    output_norm: Norm


@dataclass(frozen=True, slots=True)
class Layers:
    """All that lies behind the token table.

    Attributes:
        positions: (longest, width), the token-type row added.
        embedding_norm: The norm of the sum of tokens and positions.
        every: The layers, from the first to the last.
        heads: Of each layer.
        epsilon: Of each norm.
        activation: Of each layer.
    """

    positions: FloatArray
    embedding_norm: Norm
    every: Sequence[Layer]
    heads: int
    epsilon: float
    activation: Activation


@dataclass(frozen=True, slots=True)
class Head:
    """One score of a text: `score(tanh(dense(first hidden state)))`."""

    dense: Linear
    score: Linear


@dataclass(frozen=True, slots=True)
class Measured:
    """What a model in float32 does with the built-in texts, which takes 90 MB to find.

    Attributes:
        peaks: float32 (balanced layers, width), as `measured_peaks` gives them.
        questions, passages: The texts as the model encodes them.
    """

    peaks: FloatArray
    questions: Sequence[Encoded]
    passages: Sequence[Encoded]


@dataclass(frozen=True, slots=True)
class ModelParts:
    """A model, taken apart.

    Attributes:
        tokenizer: Its tokenizer.
        table: Its token table: (tokens, width).
        layers: Gives what lies behind that, once it is needed: it is large.
        pooling: How hidden states become an embedding.
        longest: How many tokens it reads.
        measured: What was measured of it before, for a model that is always the same.
    """

    tokenizer: TokenizerSource
    table: Rows
    layers: Callable[[], Layers]
    pooling: Pooling
    longest: int
    measured: Measured | None = None
