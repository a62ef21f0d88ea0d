"""The token table on disk: a record for each token, in 4 or 8 bits a number, read when asked for.

A question touches a dozen or two of 250,000 records, so nothing is loaded. They are read, not
mapped: mapping one row makes 64 KB around it resident, and a hundred questions the whole table.
A row is cut into blocks of 32 numbers, each `code × scale`. Models whose weights already are such
4-bit codes (checked, not assumed) keep them without loss; all others get 8 bits.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from index.encoders.encoder import FloatArray
from index.encoders.exported.parts import PackedRows, Rows

Bytes: TypeAlias = npt.NDArray[np.uint8]

TABLE = "tokens.bin"
LAYOUT = "tokens.json"

_BLOCK = 32
_EXACT_BITS = 4
_BITS = 8
_CHUNK = 8192
"""Rows converted at once, so that the export needs little memory."""


class Layout(BaseModel):
    """The shape of a table and the bits of a number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tokens: int
    width: int
    bits: int

    @property
    def record(self) -> int:
        """The bytes of a row: its codes, then its scales in float16."""
        return self.width // _BLOCK * (_BLOCK * self.bits // 8 + 2)


class TokenTable:
    """Reads rows; safe for concurrent readers."""

    def __init__(self, folder: Path) -> None:
        """Open what `write_table` wrote.

        Raises:
            OSError: A file is missing.
            ValueError: The layout cannot be read.
        """
        self._layout = Layout.model_validate_json((folder / LAYOUT).read_bytes())
        self._file = (folder / TABLE).open("rb", buffering=0)

    def rows(self, ids: Sequence[int]) -> FloatArray:
        """The rows of the given tokens: float32 of shape (ids, width)."""
        size = self._layout.record
        descriptor = self._file.fileno()
        records = b"".join(os.pread(descriptor, size, number * size) for number in ids)
        data = np.frombuffer(records, np.uint8).reshape(len(ids), size)
        at = size - 2 * (self._layout.width // _BLOCK)
        scales = np.ascontiguousarray(data[:, at:]).view(np.float16).astype(np.float32)
        return _decode(data[:, :at], scales, self._layout.bits)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def write_table(table: Rows, folder: Path) -> None:
    """Write a table of shape (tokens, width).

    Raises:
        ValueError: The width is no multiple of 32, or a number is not finite.
        OSError: It cannot be written.
    """
    tokens, width = table.shape
    if width % _BLOCK:
        raise ValueError(f"hidden states must be a multiple of {_BLOCK} wide, got {width}")
    path = folder / TABLE
    bits = next(bits for bits in (_EXACT_BITS, _BITS) if _write(table, bits, path))
    layout = Layout(tokens=tokens, width=width, bits=bits)
    (folder / LAYOUT).write_text(layout.model_dump_json(), encoding="utf-8")


def _write(table: Rows, bits: int, path: Path) -> bool:
    """Write all records; stop at the first chunk that 4 bits would not keep exactly."""
    with path.open("wb") as file:
        for start in range(0, table.shape[0], _CHUNK):
            some = slice(start, start + _CHUNK)
            if bits == _EXACT_BITS and isinstance(table, PackedRows):
                codes, scales = table.packed(some)
                _check_finite(scales)
            else:
                chunk = table[some]
                _check_finite(chunk)
                codes, scales = _encode(chunk.reshape(len(chunk), -1, _BLOCK), bits)
                if bits == _EXACT_BITS:
                    kept = _decode(codes, scales.astype(np.float32), bits)
                    if not np.array_equal(kept, chunk):
                        return False
            file.write(np.concatenate([codes, scales.view(np.uint8)], axis=1).tobytes())
    return True


def _check_finite(numbers: npt.NDArray[np.floating[Any]]) -> None:
    if not np.isfinite(numbers).all():
        raise ValueError("the token table has numbers that are not finite")


def _encode(blocks: FloatArray, bits: int) -> tuple[Bytes, npt.NDArray[np.float16]]:
    """Codes (rows, bytes) and scales (rows, blocks) of (rows, blocks, 32)."""
    half = 1 << (bits - 1)
    if bits == _EXACT_BITS:
        # The number furthest from zero has code 0, as in llama.cpp's Q4_0.
        at = np.abs(blocks).argmax(axis=-1)[..., None]
        scales = (np.take_along_axis(blocks, at, axis=-1) / -half).astype(np.float16)
    else:
        scales = (np.abs(blocks).max(axis=-1, keepdims=True) / (half - 1)).astype(np.float16)
    wide = scales.astype(np.float32)
    codes = np.round(blocks / np.where(wide == 0, 1, wide)) + half
    small = np.clip(codes, 0, 2 * half - 1).astype(np.uint8)
    if bits == _EXACT_BITS:
        high = np.left_shift(small[..., _BLOCK // 2 :], np.uint8(4), dtype=np.uint8)
        small = small[..., : _BLOCK // 2] | high
    return small.reshape(len(blocks), -1), scales[..., 0]


def _decode(codes: Bytes, scales: FloatArray, bits: int) -> FloatArray:
    """The inverse of `_encode`: (rows, width)."""
    rows, blocks = scales.shape
    packed = codes.reshape(rows, blocks, -1)
    values = np.empty((rows, blocks, _BLOCK), np.float32)
    if bits == _EXACT_BITS:
        # Two codes a byte: the low halves are a block's first half.
        np.subtract(packed & 15, np.float32(8), out=values[:, :, : _BLOCK // 2])
        np.subtract(packed >> 4, np.float32(8), out=values[:, :, _BLOCK // 2 :])
    else:
        np.subtract(packed, np.float32(128), out=values)
    values *= scales[:, :, None]
    return values.reshape(rows, blocks * _BLOCK)
