"""Encoding what is seen of texts: signs that nobody sees part no word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from index.encoders.encoder import Encoded, OffsetArray
from knowledge.visible import unseen, visible


def encode_visible(
    encode: Callable[[Sequence[str]], list[Encoded]], texts: Sequence[str]
) -> list[Encoded]:
    """Encode what is seen of texts; offsets are those of the texts as they are."""
    encoded = encode([visible(text) for text in texts])
    return [
        replace(each, offsets=_in_whole(each.offsets, text))
        for each, text in zip(encoded, texts, strict=True)
    ]


def _in_whole(offsets: OffsetArray, text: str) -> OffsetArray:
    """Where tokens stand in `text`, by where they stand in what is seen of it."""
    left_out = list(unseen(text))
    if not left_out:
        return offsets
    seen = np.ones(len(text), np.bool_)
    for start, end in left_out:
        seen[start:end] = False
    places = np.append(np.flatnonzero(seen), len(text)).astype(np.int32)
    starts, ends = offsets[:, 0], offsets[:, 1]
    # A token ends after its last character, not before the next one's.
    last = places[np.maximum(ends - 1, 0)] + 1
    return np.stack([places[starts], np.where(ends > starts, last, places[starts])], axis=1)
