"""Inner products of vectors kept in four bits with those of a question, in whole numbers.

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

LEVELS = 127
"""A question's numbers become whole numbers up to this: twice 15 × 127 fits 16 bits, so that
processors without VNNI, which add in pairs of 16 bits, give the same sums."""
ZERO = 8
"""The code that stands for zero, between 0 and 15."""
_MOST = 7
_SHARES = (1.0, 0.85, 0.7, 0.55, 0.4)
"""Parts of a vector's largest number that may be the largest that its codes reach."""
_LEAST = 1e-12


def to_codes(vectors: FloatArray) -> tuple[CodeArray, FloatArray]:
    """Vectors in four bits a number, and the unit of each.

    Args:
        vectors: float32 (n, dimension).

    Returns:
        uint8 (n, half of the dimension, rounded up), whose low halves are the first half of the
        numbers; and float32 (n,).
    """
    largest = np.maximum(np.abs(vectors).max(axis=1), _LEAST).astype(np.float32) / _MOST
    units = largest
    numbers = _rounded(vectors, largest)
    least = _error(vectors, numbers, largest)
    for share in _SHARES[1:]:
        tried = largest * np.float32(share)
        found = _rounded(vectors, tried)
        error = _error(vectors, found, tried)
        better = error < least
        units, least = np.where(better, tried, units), np.where(better, error, least)
        numbers[better] = found[better]
    half = -(-vectors.shape[1] // 2)
    codes = np.full((len(vectors), 2 * half), ZERO, np.uint8)
    codes[:, : vectors.shape[1]] = numbers + ZERO
    return codes[:, :half] | (codes[:, half:] << np.uint8(4)), units


def _rounded(vectors: FloatArray, units: FloatArray) -> FloatArray:
    return np.asarray(np.clip(np.rint(vectors / units[:, None]), -ZERO, _MOST), np.float32)


def _error(vectors: FloatArray, numbers: FloatArray, units: FloatArray) -> FloatArray:
    return np.asarray(((vectors - numbers * units[:, None]) ** 2).sum(axis=1), np.float32)


def from_codes(codes: CodeArray, units: FloatArray, dimension: int) -> FloatArray:
    """The vectors that codes stand for: float32 (n, dimension)."""
    numbers = unpacked(codes, dimension).astype(np.float32)
    numbers -= np.float32(ZERO)
    numbers *= units[:, None]
    return np.asarray(numbers, np.float32)


def unpacked(codes: CodeArray, dimension: int) -> CodeArray:
    """A byte for each code: uint8 (n, dimension)."""
    half = codes.shape[1]
    numbers = np.empty((len(codes), 2 * half), np.uint8)
    np.bitwise_and(codes, 15, out=numbers[:, :half])
    np.right_shift(codes, 4, out=numbers[:, half:])
    return numbers if dimension == 2 * half else np.ascontiguousarray(numbers[:, :dimension])


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
        codes: uint8 (rows, half of the dimension), as `to_codes` makes them; units aside.
        vectors: The vectors.

    Returns:
        float32 (rows, vectors).
    """
    columns = np.ascontiguousarray(vectors.numbers.T)
    numbers = unpacked(codes, len(columns))
    (sums,) = _session().run(None, {"codes": numbers, "vectors": columns})
    sums -= ZERO * vectors.numbers.sum(axis=1, dtype=np.int32)
    # Sums have 20 bits at the most, so that floats hold them exactly.
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
