"""A passage's score is the sum of its parts, and each part counts."""

from __future__ import annotations

import numpy as np
import pytest

from index.ranking import LEXICAL_WEIGHT, Moments, Query, Ranking, Scale
from index.rows import Row, RowKind
from index.vectors import FlatVectors
from knowledge import Language

SCALE = Scale(text=Moments(0.5, 0.1), question=Moments(0.6, 0.2))


def _ranking(*questions: str) -> Ranking:
    """Two passages: the first is nearer to the query (1, 0), the second has its words.

    Curated questions belong to the second and are as near as can be.
    """
    texts = ((0, "Nothing in common."), (1, "The turnover of members."))
    rows = [
        Row(passage, kind, Language.ENGLISH, 0, text)
        for passage, text in texts
        for kind in (RowKind.PASSAGE, RowKind.SENTENCE)
    ]
    rows += [Row(1, RowKind.QUESTION, Language.ENGLISH, 0, question) for question in questions]
    embeddings = [[0.8, 0.6], [0.6, 0.8], [0.6, 0.8], [0.6, 0.8]] + [[1, 0]] * len(questions)
    return Ranking(rows, FlatVectors.of(np.array(embeddings, np.float32)), ["who won the match?"])


def _query(text: str) -> Query:
    return Query(text, np.array([1, 0], np.float32))


def test_a_score_is_made_of_its_parts() -> None:
    second, first = _ranking().rank(_query("turnover?"), SCALE, 2)
    # The means of text and sentence are 0.7 and 0.6.
    assert first.standardised == pytest.approx(2.0, abs=1e-4)
    assert second.standardised == pytest.approx(1.0, abs=1e-4)
    for each in (first, second):
        assert each.score == pytest.approx(
            each.standardised + LEXICAL_WEIGHT * each.ratio, abs=1e-4
        )


def test_shared_words_decide_where_vectors_hardly_do() -> None:
    assert [each.passage for each in _ranking().rank(_query("xyz"), SCALE, 2)] == [0, 1]
    assert [each.passage for each in _ranking().rank(_query("turnover"), SCALE, 2)] == [1, 0]


def test_a_curated_question_counts_as_much_as_the_text() -> None:
    ranked = {each.passage: each for each in _ranking("abc").rank(_query("xyz"), SCALE, 2)}
    assert ranked[0].standardised == pytest.approx(2.0, abs=1e-4)
    assert ranked[1].standardised == pytest.approx((1.0 + 2.0) / 2, abs=1e-4)


def test_similarities_that_do_not_differ_have_a_deviation_of_one() -> None:
    assert Moments.of(np.full((2, 3), 0.25, np.float32)) == (0.25, 1.0)
    assert Moments.of(np.full((2, 3), -np.inf, np.float32)) == (0.0, 1.0)
