from __future__ import annotations

import numpy as np
import pytest

from index.ranking import LEXICAL_WEIGHT, Moments, Query, Ranking
from index.rows import Row, RowKind
from index.vectors import FlatVectors
from knowledge import Language

SCALE = Moments(0.5, 0.1)


def _ranking() -> Ranking:
    """Two passages: the first is nearer to the query (1, 0), the second has its words."""
    texts = ((0, "Nothing in common."), (1, "The turnover of members."))
    rows = [
        Row(passage, kind, Language.ENGLISH, 0, text)
        for passage, text in texts
        for kind in (RowKind.PASSAGE, RowKind.SENTENCE)
    ]
    embeddings = np.array([[0.8, 0.6], [0.6, 0.8], [0.6, 0.8], [0.6, 0.8]], np.float32)
    return Ranking(rows, FlatVectors.of(embeddings), ["who won the match?"])


def _query(text: str) -> Query:
    return Query(text, np.array([1, 0], np.float32))


def test_a_score_is_made_of_its_parts() -> None:
    for ranked in _ranking().rank(_query("turnover?"), SCALE, 2):
        similarity = (ranked.whole + ranked.sentence) / 2

        assert ranked.standardised == pytest.approx((similarity - 0.5) / 0.1, abs=1e-4)
        assert ranked.score == pytest.approx(
            ranked.standardised + LEXICAL_WEIGHT * ranked.ratio, abs=1e-4
        )


def test_shared_words_decide_where_vectors_hardly_do() -> None:
    assert [each.passage for each in _ranking().rank(_query("xyz"), SCALE, 2)] == [0, 1]
    assert [each.passage for each in _ranking().rank(_query("turnover"), SCALE, 2)] == [1, 0]


def test_similarities_that_do_not_differ_have_a_deviation_of_one() -> None:
    assert Moments.of(np.full((2, 3), 0.25, np.float32)) == (0.25, 1.0)
