"""The telling sentence: which sentence of a passage answers best, if one stands out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from index.encoders.encoder import FloatArray
from knowledge import Language

Telling: TypeAlias = Mapping[Language, int | None]
"""For each language of a passage, the number of the sentence that answers best; None where the
whole is needed."""
LEAST_LEAD = 0.5
"""Below this lead, in deviations of noise, the whole passage is needed."""


def telling_sentence(scores: FloatArray, least_lead: float) -> int | None:
    """The number of the sentence that stands out.

    Args:
        scores: float32 (sentences,).
        least_lead: How far it must be ahead of the second.

    The only sentence of a text tells it all.
    """
    if len(scores) == 1:
        return 0
    second, best = np.argsort(scores, kind="stable")[-2:]
    return int(best) if scores[best] - scores[second] >= least_lead else None
