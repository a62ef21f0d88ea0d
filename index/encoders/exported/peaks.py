"""How large the numbers are that layers read, by which weights and activations are balanced."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from index.encoders.encoder import FloatArray
from index.encoders.exported.encoder import INPUT, open_session
from index.encoders.exported.graph import PEAKS

_LEAST_PEAK = 1e-5
_STEPS = 8
"""Steps between a peak and its double."""


def measured_peaks(folder: Path, texts: Iterable[FloatArray]) -> FloatArray:
    """The largest absolute inputs of balanced layers: float32 (layers, width).

    They are in eighths of an octave, which keeps the last bits of sums, in which machines differ,
    out of the files.

    Args:
        folder: Has what `build_watching_graph` gave as its graph.
        texts: The token rows of typical texts: each float32 (tokens, width).
    """
    session = open_session(folder)
    found = [session.run([PEAKS], {INPUT: each[None]})[0] for each in texts]
    octaves = np.log2(np.maximum(np.max(found, axis=0), _LEAST_PEAK))
    return np.asarray(np.exp2(np.round(octaves * _STEPS) / _STEPS), np.float32)
