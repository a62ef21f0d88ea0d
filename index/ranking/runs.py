"""Runs of numbers that follow one another, as arrays that keep things of many owners have them."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

IntArray: TypeAlias = npt.NDArray[np.int64]


def runs(starts: IntArray, counts: IntArray) -> IntArray:
    """The numbers from each start on, as many as its count: int64 (sum of counts,).

    Args:
        starts: int64 (runs,).
        counts: int64 (runs,).
    """
    before = np.cumsum(counts) - counts
    return np.asarray(np.arange(counts.sum()) + np.repeat(starts - before, counts), np.int64)
