"""Knowing when there is no answer, and how sure an answer is.

The bundled unrelated questions are asked of this very knowledge base when it is built. What
they reach is noise, and a percentile of it is the threshold. No number is fitted to one
knowledge base; the constants below are shared by all, and docs/quality.md says what they give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import numpy as np
from pydantic import BaseModel, ConfigDict

from index.calibration.unrelated import UnrelatedFinds
from index.encoders.encoder import FloatArray
from index.ranking.ranking import GROUPS, Noise, Query, Ranking
from knowledge import Language

_SAMPLE = 512
"""Texts of a group that noise is measured on, where there are more."""
_FEW = 60
"""Of more texts than that, one question in `_EVERY` is enough."""
_EVERY = 4
_LEAST_SPREAD = 1e-3

_LEAD_WEIGHT = 0.25
_LEAD_OVER = 4
_MARGIN_CAP = 4.0
_CEILING = 7.0
_USUAL_CAP = 4.0


class Outcome(StrEnum):
    """What can be said of the best passage."""

    ANSWER = "answer"
    CLOSEST = "closest"
    NONE = "none"


class Strictness(StrEnum):
    """How sure the bot must be before it speaks."""

    STRICT = "strict"
    BALANCED = "balanced"
    EAGER = "eager"


@dataclass(frozen=True, slots=True)
class Point:
    """What a strictness means.

    Attributes:
        percentile: Of the unrelated questions' best, the place of the threshold.
        floor: The least threshold, in deviations of noise: where a knowledge base is about
            one matter, unrelated questions stay so low that their percentile would let
            questions on a neighbouring matter through.
        confidence: What an `answer` needs; below it is `closest`.
    """

    percentile: float
    floor: float
    confidence: float


POINTS = {
    Strictness.STRICT: Point(97, 5.0, 0.6),
    Strictness.BALANCED: Point(94, 4.2, 0.5),
    Strictness.EAGER: Point(88, 3.4, 0.4),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How the best passage stands.

    Attributes:
        score: Its score.
        margin: How far it is ahead of the next passage that says something else.
        lead: How far it is ahead of the mean of the next four.
    """

    score: float
    margin: float
    lead: float

    @property
    def evidence(self) -> float:
        """What the threshold is compared with."""
        return self.score + _LEAD_WEIGHT * self.lead


class Threshold(BaseModel):
    """What one knowledge base needs of questions in one language.

    Attributes:
        noise: What unrelated questions reach on its texts.
        usual: The median of the best scores of unrelated questions, four at the most.
        evidence: For each strictness, the least evidence that is not `none`.
        doubtful: Whether the bundled questions look as though this knowledge base answers
            them. A ceiling then takes the place of their percentile, and a warning is due.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    noise: Noise
    usual: float
    evidence: dict[Strictness, float]
    doubtful: bool

    @classmethod
    def of(cls, noise: Noise, unrelated: Sequence[Sequence[float]]) -> Self:
        """Find the threshold.

        Args:
            noise: What unrelated questions reach.
            unrelated: For each of them the scores of different passages, best first.
        """
        usual = min(float(np.median([scores[0] for scores in unrelated])), _USUAL_CAP)
        evidence = [_standing(scores, usual).evidence for scores in unrelated]
        wanted = {
            each: max(float(np.percentile(evidence, point.percentile)), point.floor)
            for each, point in POINTS.items()
        }
        balanced = POINTS[Strictness.BALANCED]
        return cls(
            noise=noise,
            usual=usual,
            evidence={
                each: min(wanted[each], _CEILING + point.floor - balanced.floor)
                for each, point in POINTS.items()
            },
            doubtful=wanted[Strictness.BALANCED] > _CEILING,
        )

    def standing(self, scores: Sequence[float]) -> Standing:
        """How the best of different passages stands; `scores` are best first."""
        return _standing(scores, self.usual)

    def judge(self, standing: Standing, confidence: float, strictness: Strictness) -> Outcome:
        """What can be said of the best passage.

        Args:
            standing: How it stands.
            confidence: The probability that it answers.
            strictness: How sure to be.
        """
        if standing.evidence < self.evidence[strictness]:
            return Outcome.NONE
        sure = confidence >= POINTS[strictness].confidence
        return Outcome.ANSWER if sure else Outcome.CLOSEST


def _standing(scores: Sequence[float], usual: float) -> Standing:
    # No rival counts as weaker than usual, so that a knowledge base of one passage or of two
    # strangers is not thought surer than it is.
    rivals = [max(each, usual) for each in scores[1 : 1 + _LEAD_OVER]] or [usual]
    margin = min(max(scores[0] - rivals[0], 0.0), _MARGIN_CAP)
    return Standing(scores[0], margin, max(scores[0] - sum(rivals) / len(rivals), 0.0))


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the unrelated questions of each language say of one segment.

    Attributes:
        noises: What they reach on its texts.
        finds: What they find in it.
    """

    noises: Mapping[Language, Noise]
    finds: Mapping[Language, UnrelatedFinds]

    @classmethod
    def measure(
        cls,
        ranking: Ranking,
        unrelated: Mapping[Language, Sequence[Query]],
        beside: Mapping[Language, Sequence[Noise]],
    ) -> Self:
        """Ask the questions.

        Args:
            ranking: The segment's.
            unrelated: The questions of each language.
            beside: What they reach on the segments that this one is searched with.
        """
        noises = {language: measured_noise(ranking, every) for language, every in unrelated.items()}
        together = {
            language: Noise.pooled([noise, *beside[language]]) for language, noise in noises.items()
        }
        finds = {
            language: UnrelatedFinds.measure(ranking, every, together[language])
            for language, every in unrelated.items()
        }
        return cls(noises, finds)


def measured_noise(ranking: Ranking, queries: Sequence[Query]) -> Noise:
    """What unrelated questions of one language reach on the texts of a segment."""
    moments = [_moments(ranking, queries, group) for group in range(len(GROUPS))]
    tokens, around_tokens, sentences, around_sentences, texts = zip(*moments, strict=True)
    return Noise(tokens, around_tokens, sentences, around_sentences, texts)


def _moments(
    ranking: Ranking, queries: Sequence[Query], group: int
) -> tuple[float, float, float, float, int]:
    texts = ranking.sample(group, _SAMPLE)
    if not len(texts):
        return 0.0, 1.0, 0.0, 1.0, 0
    asked = queries if len(texts) < _FEW else queries[::_EVERY]
    tokens = ranking.token_similarities(asked, texts)
    sentences = ranking.sentence_similarities(asked, texts)
    count = ranking.count(group)
    return *_mean_and_spread(tokens), *_mean_and_spread(sentences), count


def _mean_and_spread(values: FloatArray) -> tuple[float, float]:
    return float(values.mean()), max(float(values.std()), _LEAST_SPREAD)
