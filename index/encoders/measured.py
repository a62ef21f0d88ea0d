"""What ships of the bundled model: how it encodes the built-in texts in float32.

An export of it is balanced and checked by that (`index.encoders.exported`). To find it again takes
the graph in float32, 90 MB: `python -m benchmarks.bundled`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.encoders.bundled import BUNDLED_REVISION, PASSAGE_PROMPT, QUERY_PROMPT
from index.encoders.encoder import Encoded
from index.encoders.exported.parts import Measured
from index.encoders.exported.probes import PASSAGES, QUESTIONS
from index.errors import DamagedIndexError
from index.files import read_sealed_arrays, storable, write_sealed

_KINDS = {"questions": QUESTIONS, "passages": PASSAGES}


def bundled_measured(query_prompt: str, passage_prompt: str) -> Measured | None:
    """What was measured of the bundled model; None where it does not ship with these prompts."""
    path = measured_path()
    if (query_prompt, passage_prompt) != (QUERY_PROMPT, PASSAGE_PROMPT) or not path.exists():
        return None
    try:
        arrays = read_sealed_arrays(path)
        return Measured(
            arrays["peaks"], *(_encoded(arrays, kind, len(texts)) for kind, texts in _KINDS.items())
        )
    except (DamagedIndexError, OSError, KeyError):
        return None


def write_measured(path: Path, measured: Measured) -> None:
    """Write what was measured.

    Raises:
        OSError: It cannot be written.
    """
    from safetensors.numpy import save

    arrays: dict[str, npt.NDArray[Any]] = {"peaks": measured.peaks}
    for kind, every in zip(_KINDS, (measured.questions, measured.passages), strict=True):
        arrays[f"{kind}.embeddings"] = np.stack([each.embedding for each in every])
        arrays[f"{kind}.tokens"] = np.concatenate([each.tokens for each in every]).astype("<f2")
        arrays[f"{kind}.offsets"] = np.concatenate([each.offsets for each in every])
        counts = [len(each.tokens) for each in every]
        arrays[f"{kind}.starts"] = np.cumsum([0, *counts]).astype(np.int64)
    write_sealed(path, save(storable(arrays)))


def measured_path() -> Path:
    """Where it ships."""
    return Path(str(resources.files("index") / "data" / f"{BUNDLED_REVISION}.safetensors"))


def _encoded(arrays: Mapping[str, npt.NDArray[Any]], kind: str, count: int) -> Sequence[Encoded]:
    starts = arrays[f"{kind}.starts"]
    if len(starts) != count + 1:
        # The built-in texts are others now.
        raise KeyError(kind)
    return [
        Encoded(
            arrays[f"{kind}.embeddings"][number],
            arrays[f"{kind}.tokens"][first:last].astype(np.float32),
            arrays[f"{kind}.offsets"][first:last],
        )
        for number, (first, last) in enumerate(pairwise(starts))
    ]
