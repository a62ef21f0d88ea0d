"""What an export is made of, wherever it was taken from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, Self, TypeAlias

import numpy as np

from index.encoders.encoder import FloatArray
from index.encoders.exported.manifest import Pooling

Activation: TypeAlias = Literal["gelu", "relu"]


class Rows(Protocol):
    """A table that is read some rows at a time, such as an array."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many rows there are, and how wide they are."""

    def __getitem__(self, some: slice, /) -> FloatArray:
        """Those rows: float32 (rows, width)."""


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
class ModelParts:
    """A model, taken apart.

    Attributes:
        tokenizer: The content of its `tokenizer.json`.
        table: Its token table: (tokens, width).
        layers: Gives what lies behind that, once it is needed: it is large.
        pooling: How hidden states become an embedding.
        longest: How many tokens it reads.
    """

    tokenizer: str
    table: Rows
    layers: Callable[[], Layers]
    pooling: Pooling
    longest: int
