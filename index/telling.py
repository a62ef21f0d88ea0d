"""The telling sentence: which sentence of a passage answers best, if one stands out."""

from __future__ import annotations

import numpy as np

from index.encoder import FloatArray

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
