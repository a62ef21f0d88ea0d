"""What a reader is: anything that scores a question and a passage, read together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from index.encoders.encoder import FloatArray
from index.errors import ReaderError

BUNDLED = "bundled"
"""The name of the reader that comes with the bot."""
NONE = "none"
"""The name that stands for no reader."""
DEFAULT = NONE
"""What is chosen where nothing is said."""
BLANK = -12.0
"""What a passage without a word gets: it answers nothing."""


class Reader(Protocol):
    """Says how likely passages are to answer a question, by reading both at once."""

    @property
    def name(self) -> str:
        """Names model, revision, prompt and precision: other scores, another name."""

    def scores(self, question: str, passages: Sequence[str]) -> FloatArray:
        """How likely each passage answers: float32 (passages,), before the sigmoid.

        A passage is read alone: its score does not depend on what is read beside it. One that is
        longer than the reader reads is read in windows, of which the best counts. A blank one
        gets `BLANK`.

        Raises:
            ReaderError: A score is not finite.
        """


@dataclass(frozen=True, slots=True)
class ReaderChoice:
    """Which reader to use.

    Attributes:
        model: `bundled`, `none`, a folder, or a name that a model hub knows.
        revision: The hub's revision, for a model from a hub.
        prompt: Put before every question; None leaves it to the model.
    """

    model: str = DEFAULT
    revision: str | None = None
    prompt: str | None = None


def finite_score(score: float, question: str, passage: str) -> float:
    """The same, once it is known to be a number.

    Raises:
        ReaderError: It is infinite, or none.
    """
    if not np.isfinite(score):
        raise ReaderError(
            f"The reader gave {score} for a question of {len(question)} characters and a passage "
            f"of {len(passage)}, expected a finite number. Choose another under `reader.model`, "
            "or none."
        )
    return score
