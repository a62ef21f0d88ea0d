"""What a reader's export is made of, wherever it was taken from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.encoders.encoder import FloatArray
from index.encoders.exported.parts import Head, ModelParts


@dataclass(frozen=True, slots=True)
class ReaderParts:
    """A reader, taken apart.

    Attributes:
        model: Tokenizer, token table and layers.
        head: Gives what makes a score of hidden states.
        types: float32 (types, width): what a token of each type has more than one of type 0.
    """

    model: ModelParts
    head: Callable[[], Head]
    types: FloatArray
