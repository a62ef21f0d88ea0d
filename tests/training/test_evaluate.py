"""Figures, on readers whose answers are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from training.documents import Document, load_documents
from training.evaluate import Scores, area_under_curve, by_language, figures_of, read_all, table


@pytest.fixture(scope="module")
def documents() -> Sequence[Document]:
    return load_documents()[:6]


class Knowing:
    """A reader that knows which passage answers; it is tempted by a share of near questions."""

    def __init__(self, documents: Sequence[Document], tempted: float) -> None:
        self._answers: set[tuple[str, str]] = set()
        near: list[tuple[str, str]] = []
        for each in documents:
            for question in each.questions:
                pair = (question.q, each.passages[question.passage])
                if question.kind == "answered":
                    self._answers.add(pair)
                else:
                    near.append(pair)
        self._answers |= set(near[: round(tempted * len(near))])

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> Scores:
        return np.array(
            [(question, text.split("\n", 1)[1]) in self._answers for question, text in pairs],
            np.float32,
        )


def test_a_perfect_reader_has_perfect_figures(documents: Sequence[Document]) -> None:
    figures = figures_of(read_all(Knowing(documents, 0), documents))
    assert figures is not None
    assert (figures.area, figures.own_area, figures.first) == (1, 1, 1)
    assert figures.near_at == {0.95: 0, 0.9: 0}


def test_near_questions_that_tempt_are_counted(documents: Sequence[Document]) -> None:
    figures = figures_of(read_all(Knowing(documents, 0.25), documents))
    assert figures is not None
    assert figures.near_at[0.95] == pytest.approx(0.25, abs=0.01)
    assert figures.area == pytest.approx(0.875, abs=0.01)


def test_a_reader_that_cannot_tell_lets_everything_through(documents: Sequence[Document]) -> None:
    def blind(pairs: Sequence[tuple[str, str]]) -> Scores:
        return np.zeros(len(pairs), np.float32)

    figures = figures_of(read_all(blind, documents))
    assert figures is not None
    assert figures.area == 0.5
    assert figures.near_at[0.95] == 1


def test_every_pair_of_languages_has_its_row(documents: Sequence[Document]) -> None:
    reads = read_all(Knowing(documents, 0), documents)
    figures = by_language(reads)
    answered = sum(each.question.kind == "answered" for each in reads)
    assert figures["all"].answered == answered
    assert sum(each.answered for name, each in figures.items() if name != "all") == answered
    assert table(figures).count("\n") == 1 + len(figures)


def test_nothing_is_said_of_one_kind_alone(documents: Sequence[Document]) -> None:
    reads = read_all(Knowing(documents, 0), documents)
    assert figures_of([each for each in reads if each.question.kind == "near"]) is None


def test_the_area_is_what_scikit_learn_finds() -> None:
    drawn = np.random.default_rng(0)
    above, below = drawn.integers(0, 9, 50), drawn.integers(0, 7, 70)
    labels = [1] * 50 + [0] * 70
    expected = roc_auc_score(labels, np.concatenate([above, below]))
    assert area_under_curve(above.tolist(), below.tolist()) == pytest.approx(expected)
