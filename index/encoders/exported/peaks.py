"""How large the numbers are that layers read, by which weights and activations are balanced."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from index.encoders.encoder import FloatArray
from index.encoders.exported.encoder import INPUT, open_session
from index.encoders.exported.graph import PEAKS
from index.encoders.exported.table import TokenTable
from index.encoders.exported.tokenizer import open_tokenizer

_LEAST_PEAK = 1e-5
_STEPS = 8
"""Steps between a peak and its double."""


def measured_peaks(folder: Path, texts: Iterable[str], longest: int) -> FloatArray:
    """The largest absolute inputs of balanced layers: float32 (layers, width).

    They are in eighths of an octave, which keeps the last bits of sums, in which machines differ,
    out of the files.

    Args:
        folder: Has tokenizer and table, and what `build_watching_graph` gave as its graph.
        texts: Typical texts, each with its prompt.
        longest: How many tokens of a text are read.
    """
    session = open_session(folder)
    tokenizer = open_tokenizer(folder)
    table = TokenTable(folder)
    try:
        found = [
            session.run([PEAKS], {INPUT: table.rows(tokenizer.read(each, longest).ids)[None]})[0]
            for each in texts
        ]
    finally:
        table.close()
    octaves = np.log2(np.maximum(np.max(found, axis=0), _LEAST_PEAK))
    return np.asarray(np.exp2(np.round(octaves * _STEPS) / _STEPS), np.float32)
