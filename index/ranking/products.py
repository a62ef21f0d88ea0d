"""Inner products of vectors kept in bytes with those of a question, in whole numbers.

ONNX Runtime multiplies bytes several times as fast as NumPy multiplies the same numbers as
floats, and lets other threads run meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from index.encoders.encoder import FloatArray
from index.encoders.onnx_runtime import onnxruntime

CodeArray: TypeAlias = npt.NDArray[np.uint8]

ZERO = 128
"""The byte that stands for zero."""
LEVELS = 63
"""A question's numbers become whole numbers up to this: twice 255 × 63 fits 16 bits, so that
processors without VNNI, which add in pairs of 16 bits, give the same sums."""
_LEAST = 1e-12


def to_codes(values: FloatArray) -> CodeArray:
    """Numbers in [-127, 127] as bytes, rounded."""
    return np.asarray(np.rint(values) + ZERO, np.uint8)


def from_codes(codes: CodeArray) -> FloatArray:
    """The numbers that bytes stand for."""
    return np.asarray(codes, np.float32) - np.float32(ZERO)


@dataclass(frozen=True, slots=True)
class QuantisedVectors:
    """Vectors in whole numbers of eight bits.

    Attributes:
        numbers: int8 (vectors, dimension), `LEVELS` at the most.
        steps: float32 (vectors,): what they are multiplied by.
    """

    numbers: npt.NDArray[np.int8]
    steps: FloatArray

    @classmethod
    def of(cls, vectors: FloatArray) -> QuantisedVectors:
        """Round float32 (vectors, dimension)."""
        steps = np.maximum(np.abs(vectors).max(axis=1), _LEAST) / np.float32(LEVELS)
        return cls(np.rint(vectors / steps[:, None]).astype(np.int8), steps)

    def inner_products(self, rows: FloatArray) -> FloatArray:
        """The inner product of every row of floats with every vector: (rows, vectors)."""
        return np.asarray((rows @ self.numbers.T.astype(np.float32)) * self.steps, np.float32)

    @classmethod
    def together(cls, every: Sequence[QuantisedVectors]) -> QuantisedVectors:
        """The vectors of several, one after the other."""
        if len(every) == 1:
            return every[0]
        return cls(
            np.concatenate([each.numbers for each in every]),
            np.concatenate([each.steps for each in every]),
        )


def inner_products(codes: CodeArray, vectors: QuantisedVectors) -> FloatArray:
    """The inner product of every row with every vector.

    Args:
        codes: uint8 (rows, dimension), as `to_codes` makes them.
        vectors: The vectors.

    Returns:
        float32 (rows, vectors).
    """
    columns = np.ascontiguousarray(vectors.numbers.T)
    (sums,) = _session().run(None, {"codes": codes, "vectors": columns})
    sums -= ZERO * vectors.numbers.sum(axis=1, dtype=np.int32)
    # Sums have 23 bits at the most, so that floats hold them exactly.
    return np.asarray(np.multiply(sums, vectors.steps, dtype=np.float32))


@lru_cache(maxsize=1)
def _session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # An arena would keep room for the largest result for ever.
    options.enable_cpu_mem_arena = False
    graph = (resources.files("index") / "data" / "products.onnx").read_bytes()
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
