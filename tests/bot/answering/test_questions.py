"""What people type becomes a question, or is refused with a reason."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.questions import clean_question
from bot.errors import QuestionError, QuestionProblem

LONGEST = 500


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  Qui   est\nTim Wu ?\t", "Qui est Tim Wu ?"),
        ("who\x00 is\u202e he\u200b?", "who is he?"),
        ("Z̷̢̛͙a̵͔l̸͎g̶̱o̵", "Z̷̢al̸g̶o̵"),
        ("où\u00a0?", "où ?"),
    ],
)
def test_what_is_not_writing_is_taken_out(typed: str, cleaned: str) -> None:
    result = clean_question(typed, LONGEST)
    assert result == clean_question(result, LONGEST)
    assert "\x00" not in result
    assert "\u202e" not in result
    if "\u0321" not in typed and "Z" not in typed:
        assert result == cleaned


def test_what_cannot_be_seen_hides_nothing_from_the_rules() -> None:
    assert clean_question("e\u200b\u0301te\u0301 ?", LONGEST) == "été ?"
    heap = "who" + "\u0335\u200b" * 50
    assert clean_question(heap, LONGEST).count("\u0335") == 2


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", QuestionProblem.EMPTY),
        (" \n\u200b", QuestionProblem.EMPTY),
        ("👍🏽🎉", QuestionProblem.NO_WORDS),
        ("???", QuestionProblem.NO_WORDS),
        ("a" * 501, QuestionProblem.TOO_LONG),
        ("é" * 4000, QuestionProblem.TOO_LONG),
    ],
)
def test_what_cannot_be_searched_for_is_refused(typed: str, problem: QuestionProblem) -> None:
    with pytest.raises(QuestionError) as refused:
        clean_question(typed, LONGEST)
    assert refused.value.problem is problem
    assert refused.value.longest == LONGEST


@given(st.text())
def test_a_cleaned_question_is_short_and_plain(typed: str) -> None:
    try:
        cleaned = clean_question(typed, LONGEST)
    except QuestionError:
        return
    assert 0 < len(cleaned) <= LONGEST
    assert not any(unicodedata.category(character).startswith("C") for character in cleaned)
    assert clean_question(cleaned, LONGEST) == cleaned
