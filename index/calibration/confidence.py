"""How sure an answer is: the probability that the best passage answers the question.

A logistic model over a handful of signals, fitted on written documents with the questions that they
answer and questions of the same matter that they do not (`index.building.fitting`). Signals mean
nothing across models, so each pair of encoder and reader has weights of its own: those of the
bundled pairs are in `index/data/confidence.json`, others are found when an index is built.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Self

import numpy as np
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from index.calibration.calibration import Standing
from index.errors import DamagedIndexError
from index.files import read_sealed, write_sealed
from index.ranking.support import WordSupport

_RIDGE = 3.0
_STEPS = 50
_CONVERGED = 1e-9
_BUNDLED = "confidence.json"
_STEM = "confidence-"
_DIGITS = 4
_WEAKEST = 2
_SHARED = 0.6
"""From this share of its letters on, a text has a word."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against the best passage.

    Attributes:
        lead: How far it is ahead of the mean of the next four.
        rivalry: How near the next one that says something else comes: 0 from one deviation
            of noise on, 1 where both fit alike.
        tokens: Its token similarity, in deviations of noise.
        covered: How near its tokens come to what is asked, rare words counting more.
        lacking: What it lacks of the two words that it supports least, as `WordSupport` has it:
            the question names what the passage does not.
        names: How many names of the question it has: they say what it is about, not that it
            answers.
        across: 1 where it is in the other language.
        alone: Its score where it has no rival, so that no lead tells; 0 elsewhere.
        passages: How many passages there are, as a natural logarithm.
        reader: What a reader of question and passage gives; None where none has read.
    """

    lead: float
    rivalry: float
    tokens: float
    covered: float
    lacking: float
    names: float
    across: float
    alone: float
    passages: float
    reader: float | None = None

    @classmethod
    def of(
        cls,
        standing: Standing,
        tokens: float,
        words: Sequence[WordSupport],
        *,
        across: bool,
        passages: int,
        alone: bool,
        reader: float | None = None,
    ) -> Self:
        """Put together what is known.

        Args:
            standing: How the best passage stands.
            tokens: Its token similarity, in deviations of noise.
            words: How it supports each word of the question.
            across: Whether it is in the other language.
            passages: How many passages there are.
            alone: Whether no other says something else.
            reader: What a reader gives.
        """
        mass = sum(each.rarity for each in words)
        covered = sum(each.rarity * each.nearest for each in words) / mass if mass else 0.0
        weakest = sorted((each.lacking for each in words), reverse=True)
        return cls(
            lead=standing.lead,
            rivalry=max(0.0, 1.0 - standing.margin),
            tokens=tokens,
            covered=covered,
            lacking=sum(weakest[:_WEAKEST]),
            names=float(sum(each.name and each.shared >= _SHARED for each in words)),
            across=float(across),
            alone=standing.score if alone else 0.0,
            passages=math.log(passages),
            reader=reader,
        )

    def values(self) -> dict[str, float]:
        """What is weighed, by name; without a reader there is no `reader`."""
        every = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in every.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Example:
    """A question that was asked.

    Attributes:
        signals: What spoke for the best passage.
        right: Whether it answers.
        weight: How much it counts.
    """

    signals: Signals
    right: bool
    weight: float


class Confidence(BaseModel):
    """The weights of one pair of encoder and reader.

    Attributes:
        encoder, reader: Their names; None for no reader.
        intercept: What is added.
        weights: What each of `Signals.values` is multiplied by.
        reading: What a reader's score is multiplied by before it is added to a passage's, in
            deviations of noise.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoder: str
    reader: str | None
    intercept: float
    weights: dict[str, float]
    reading: float = 0.0

    @classmethod
    def fitted(
        cls,
        examples: Sequence[Example],
        encoder: str,
        reader: str | None,
        reading: float = 0.0,
    ) -> Self:
        """Fit a logistic regression with a slight ridge, by Newton's method.

        Args:
            examples: Some that are right and some that are not.
            encoder: The encoder's name.
            reader: The reader's; None where none has read.
            reading: What a reader's score was multiplied by.

        Raises:
            ValueError: There are no examples.
        """
        names = list(examples[0].signals.values()) if examples else []
        if not names:
            raise ValueError("nothing to fit on")
        rows = np.array([[each.signals.values()[name] for name in names] for each in examples])
        right = np.array([each.right for each in examples], np.float64)
        counts = np.array([each.weight for each in examples], np.float64)
        counts *= len(counts) / counts.sum()
        means = np.average(rows, axis=0, weights=counts)
        spreads = np.sqrt(np.average((rows - means) ** 2, axis=0, weights=counts))
        # What never varies tells nothing.
        spreads = np.where(spreads > _CONVERGED, spreads, np.inf)
        columns = np.column_stack([np.ones(len(rows)), (rows - means) / spreads])
        ridge = np.diag([_CONVERGED, *([_RIDGE] * len(names))])
        found = np.zeros(columns.shape[1])
        for _ in range(_STEPS):
            said = 1.0 / (1.0 + np.exp(-np.clip(columns @ found, -30, 30)))
            slope = columns.T @ (counts * (right - said)) - ridge @ found
            bend = (columns * (counts * said * (1 - said))[:, None]).T @ columns + ridge
            step = np.linalg.solve(bend, slope)
            found += step
            if np.abs(step).max() < _CONVERGED:
                break
        weights = found[1:] / spreads
        return cls(
            encoder=encoder,
            reader=reader,
            intercept=round(float(found[0] - weights @ means), _DIGITS),
            weights={
                name: round(float(each), _DIGITS) for name, each in zip(names, weights, strict=True)
            },
            reading=reading,
        )

    def of(self, signals: Signals) -> float:
        """The probability that the passage answers, in (0, 1).

        Raises:
            KeyError: A reader should have read and has not.
        """
        values = signals.values()
        logit = self.intercept + sum(weight * values[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-min(max(logit, -30.0), 30.0)))


_MODELS = TypeAdapter(tuple[Confidence, ...])


@lru_cache(maxsize=1)
def bundled_confidences() -> tuple[Confidence, ...]:
    """The weights of the pairs that come with the bot."""
    return _MODELS.validate_json((resources.files("index") / "data" / _BUNDLED).read_bytes())


def known_confidence(folder: Path, encoder: str, reader: str | None = None) -> Confidence | None:
    """The weights of a pair: bundled, or kept in `folder`; None where neither is there intact."""
    for each in bundled_confidences():
        if (each.encoder, each.reader) == (encoder, reader):
            return each
    try:
        return Confidence.model_validate_json(read_sealed(_path(folder, encoder, reader)))
    except (DamagedIndexError, OSError, ValidationError):
        return None


def keep_confidence(folder: Path, confidence: Confidence) -> None:
    """Keep the weights of a pair in `folder`, in place of any other pair's.

    Those of the same encoder without a reader stay.

    Raises:
        OSError: They cannot be written.
    """
    path = _path(folder, confidence.encoder, confidence.reader)
    kept = {path, _path(folder, confidence.encoder, None)}
    for old in folder.glob(f"{_STEM}*{path.suffix}"):
        if old not in kept:
            old.unlink()
    write_sealed(path, confidence.model_dump_json().encode())


def _path(folder: Path, encoder: str, reader: str | None) -> Path:
    signals = ",".join(each.name for each in fields(Signals))
    made_of = f"{encoder}\n{reader}\n{signals}"
    return folder / f"{_STEM}{hashlib.sha256(made_of.encode()).hexdigest()[:16]}.sealed"
