"""How well a reader reads: on documents that it was not trained on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from training.documents import Document, Question
from training.pairs import under_title

Scores: TypeAlias = npt.NDArray[np.float32]
Scorer: TypeAlias = Callable[[Sequence[tuple[str, str]]], Scores]
"""Scores pairs of question and passage: float32 (pairs,); more means likelier to answer."""

KEPT = (0.95, 0.9)
"""Shares of right answers at which the near questions that get one are counted."""


@dataclass(frozen=True, slots=True)
class Read:
    """A question and what a reader says of every passage of its document.

    Attributes:
        question: The question.
        language: The document's.
        scores: float32 (passages,).
    """

    question: Question
    language: str
    scores: Scores

    @property
    def right(self) -> bool:
        """Whether the best passage is the one that answers."""
        return self.question.kind == "answered" and int(self.scores.argmax()) == (
            self.question.passage
        )

    @property
    def best(self) -> float:
        """What the best passage has."""
        return float(self.scores.max())

    @property
    def own(self) -> float:
        """What the passage has that the question was written for."""
        return float(self.scores[self.question.passage])


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured on some questions.

    Attributes:
        answered: Questions that a passage answers.
        near: Questions that none does.
        area: Area under the ROC curve of the best passage's score, answered against near.
        own_area: The same for the passage that each question was written for.
        first: Share of answered questions whose passage comes first in its document.
        near_at: Share of near questions that get an answer, by the share of right answers kept.
    """

    answered: int
    near: int
    area: float
    own_area: float
    first: float
    near_at: Mapping[float, float]

    def as_json(self) -> dict[str, object]:
        """For a file."""
        return asdict(self) | {"near_at": {str(kept): each for kept, each in self.near_at.items()}}


def read_all(scorer: Scorer, documents: Sequence[Document]) -> tuple[Read, ...]:
    """Have every question read with every passage of its document, the title above it."""
    pairs = [
        (question.q, under_title(document.title, passage))
        for document in documents
        for question in document.questions
        for passage in document.passages
    ]
    scores = iter(np.asarray(scorer(pairs), np.float32))
    return tuple(
        Read(
            question,
            document.lang,
            np.fromiter((next(scores) for _ in document.passages), np.float32),
        )
        for document in documents
        for question in document.questions
    )


def figures_of(reads: Sequence[Read]) -> Figures | None:
    """What `reads` show; None without both kinds of questions."""
    answered = [each for each in reads if each.question.kind == "answered"]
    near = [each for each in reads if each.question.kind == "near"]
    if not answered or not near:
        return None
    right = np.array([each.best for each in answered if each.right])
    tempted = np.array([each.best for each in near])
    near_at = {
        kept: float((tempted >= _least(right, kept)).mean()) if len(right) else 1.0 for kept in KEPT
    }
    return Figures(
        answered=len(answered),
        near=len(near),
        area=area_under_curve([each.best for each in answered], [each.best for each in near]),
        own_area=area_under_curve([each.own for each in answered], [each.own for each in near]),
        first=float(np.mean([each.right for each in answered])),
        near_at=near_at,
    )


def by_language(reads: Sequence[Read]) -> dict[str, Figures]:
    """The figures of all questions, of each language, and of those across languages."""
    groups: dict[str, list[Read]] = {"all": list(reads)}
    for each in reads:
        groups.setdefault(f"{each.question.lang}→{each.language}", []).append(each)
    found = {name: figures_of(group) for name, group in sorted(groups.items())}
    return {name: each for name, each in found.items() if each is not None}


def table(figures: Mapping[str, Figures]) -> str:
    """The figures as a Markdown table."""
    kept = " | ".join(f"near answered, {each:.0%} kept" for each in KEPT)
    lines = [
        f"| question → text | answered, near | AUROC | AUROC, own passage | first right | {kept} |",
        "|---" * (5 + len(KEPT)) + "|",
    ]
    for name, each in figures.items():
        near_at = " | ".join(f"{each.near_at[share]:.0%}" for share in KEPT)
        lines.append(
            f"| {name} | {each.answered}, {each.near} | {each.area:.3f} | {each.own_area:.3f} "
            f"| {each.first:.1%} | {near_at} |"
        )
    return "\n".join(lines)


def area_under_curve(above: Sequence[float], below: Sequence[float]) -> float:
    """The chance that one of `above` is more than one of `below`; ties count half."""
    high, low = np.asarray(above), np.sort(np.asarray(below))
    less = np.searchsorted(low, high, "left")
    alike = np.searchsorted(low, high, "right") - less
    return float((less + alike / 2).mean() / len(low))


def _least(right: npt.NDArray[np.float64], kept: float) -> float:
    """The highest threshold that keeps so large a share of `right`."""
    ordered = np.sort(right)
    return float(ordered[int(np.floor((1 - kept) * len(ordered) + 1e-9))])
