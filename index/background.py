"""Questions that have nothing to do with any knowledge base, to know silence by.

What a similarity means differs from one knowledge base to the next; how the best passage
scores for some hundreds of unrelated questions tells what it means in this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from importlib import resources
from typing import Self

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict

from index.encoder import FloatArray
from index.ranking import Moments, Query, Ranking, Scale
from index.results import Outcome
from knowledge import Language

_SAMPLE = 2000
"""Passages over which similarities are averaged, where there are more."""


class Strictness(StrEnum):
    """How sure the bot must be, in shares of unrelated questions that it keeps silent on."""

    STRICT = "strict"
    BALANCED = "balanced"
    EAGER = "eager"

    @property
    def answer(self) -> float:
        """The share of unrelated questions that are not answered."""
        return {"strict": 0.995, "balanced": 0.97, "eager": 0.9}[self]

    @property
    def closest(self) -> float:
        """The share of unrelated questions for which not even the closest passage is shown."""
        return {"strict": 0.95, "balanced": 0.85, "eager": 0.6}[self]


def unrelated_questions() -> Mapping[Language, tuple[str, ...]]:
    """The bundled questions of each language."""
    text = (resources.files("index") / "data" / "unrelated.yaml").read_text("utf-8")
    return {Language(code): tuple(found) for code, found in yaml.safe_load(text).items()}


class Background(BaseModel):
    """How unrelated questions score in one knowledge base.

    Attributes:
        bundled: SHA-256 of the bundled questions and messages.
        scales: For each language of question, what similarities mean.
        scores: For each language of question, the scores of the best passage, ascending.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    bundled: str
    scales: dict[Language, Scale]
    scores: dict[Language, tuple[float, ...]]

    @classmethod
    def measure(
        cls,
        ranking: Ranking,
        unrelated: Mapping[Language, tuple[str, ...]],
        embedded: Mapping[Language, FloatArray],
        bundled: str,
    ) -> Self:
        """Ask unrelated questions.

        Args:
            ranking: Ranks the passages of the knowledge base.
            unrelated: The questions of each language.
            embedded: Their embeddings, float32 of shape (questions, dimension).
            bundled: SHA-256 of the bundled questions and messages.
        """
        count = min(ranking.passages, _SAMPLE)
        sample = np.linspace(0, ranking.passages - 1, count).astype(np.int64)
        found = {
            language: ranking.similarities(embeddings, sample)
            for language, embeddings in embedded.items()
        }
        scales = {
            language: Scale(Moments.of(each.text), Moments.of(each.question))
            for language, each in found.items()
        }
        scores = {
            language: tuple(
                sorted(
                    ranking.rank(Query(text, embedding), scales[language], 1)[0].score
                    for text, embedding in zip(texts, embedded[language], strict=True)
                )
            )
            for language, texts in unrelated.items()
        }
        return cls(bundled=bundled, scales=scales, scores=scores)

    def judge(self, score: float, language: Language, strictness: Strictness) -> Outcome:
        """What can be said of a best passage with that score."""
        scores = np.asarray(self.scores[language])
        if score > np.quantile(scores, strictness.answer):
            return Outcome.ANSWER
        if score > np.quantile(scores, strictness.closest):
            return Outcome.CLOSEST
        return Outcome.NONE

    def confidence(self, score: float, language: Language) -> float:
        """The share of unrelated questions whose best passage scores less, in [0, 1]."""
        scores = self.scores[language]
        return float(np.searchsorted(scores, score)) / len(scores)
