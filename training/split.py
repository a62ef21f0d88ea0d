"""Which documents are trained on, chosen on and looked at last: by their titles, for good."""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256


class Split(StrEnum):
    """What a document serves."""

    TRAIN = "train"
    CALIBRATION = "calibration"
    TEST = "test"


def split_of(title: str) -> Split:
    """The part that a document belongs to, all its passages and questions with it.

    Seven tenths are trained on. It depends on the title alone, so that a new document moves
    no other.
    """
    share = int.from_bytes(sha256(title.encode()).digest()[:8], "big") / 2**64
    if share < 0.7:  # noqa: PLR2004
        return Split.TRAIN
    return Split.CALIBRATION if share < 0.85 else Split.TEST  # noqa: PLR2004
