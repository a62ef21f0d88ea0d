"""Knowing when there is no answer: thresholds, outcomes, and how sure an answer is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Encoder, Index, Outcome, Strictness, build_index
from index.calibration.calibration import Threshold
from index.calibration.reference import unrelated_questions
from index.ranking.ranking import Noise
from knowledge import Language, PassageLimits, read_library

ENGLISH = Language.ENGLISH
NOISE = Noise((0.0,), (1.0,), (0.0,), (1.0,), (1,))
STRICTNESS = (Strictness.STRICT, Strictness.BALANCED, Strictness.EAGER)


def _threshold(*best: float) -> Threshold:
    return Threshold.of(NOISE, [[each, each - 1] for each in best])


def test_where_unrelated_questions_stay_low_a_floor_holds() -> None:
    assert [_threshold(0.1, 0.2).evidence[each] for each in STRICTNESS] == [5.0, 4.2, 3.4]


def test_where_they_come_close_their_percentile_decides() -> None:
    threshold = _threshold(*(number / 100 for number in range(500, 600)))
    assert 5.9 < threshold.evidence[Strictness.BALANCED] < 6.3
    assert not threshold.doubtful


def test_a_knowledge_base_that_answers_them_is_doubted_and_gets_a_ceiling() -> None:
    threshold = _threshold(12.0, 13.0, 14.0)
    assert threshold.doubtful
    assert threshold.evidence[Strictness.BALANCED] == pytest.approx(7.0)


def test_such_a_knowledge_base_is_named(tmp_path: Path, encoder: Encoder) -> None:
    folder = tmp_path / "articles" / "everything"
    folder.mkdir(parents=True)
    body = "\n\n".join(unrelated_questions()[ENGLISH][:150])
    (folder / "en.md").write_text(f"---\ntitle: Everything\nlanguage: en\n---\n{body}\n")
    library = read_library(tmp_path / "articles", PassageLimits(0, 1200))
    build_index(library, encoder, tmp_path / "index")
    index = Index.open(tmp_path / "index", encoder)
    assert ENGLISH in index.doubtful
    assert index.search("How are you doing the laundry of a whale?", ENGLISH).matches


@given(st.lists(st.floats(-5, 20), min_size=1, max_size=6).map(lambda each: sorted(each)[::-1]))
def test_evidence_rises_with_the_margin(scores: list[float]) -> None:
    threshold = _threshold(1.0, 2.0)
    standing = threshold.standing(scores)
    ahead = threshold.standing([scores[0] + 1, *scores[1:]])
    assert ahead.margin >= standing.margin
    assert ahead.evidence > standing.evidence


@pytest.mark.parametrize("confidence", [0.1, 0.45, 0.55, 0.9])
@pytest.mark.parametrize("score", [0.0, 3.5, 4.5, 6.0, 9.0])
def test_a_stricter_point_never_says_more(score: float, confidence: float) -> None:
    threshold = _threshold(0.5, 1.0)
    order = [Outcome.NONE, Outcome.CLOSEST, Outcome.ANSWER]
    said = [
        order.index(threshold.judge(threshold.standing([score, 0.0]), confidence, each))
        for each in STRICTNESS
    ]
    assert said == sorted(said)
