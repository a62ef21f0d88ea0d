from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.background import unrelated_questions
from index.words import Words, features, folded_words

ORDINARY = [each for every in unrelated_questions().values() for each in every]
TEXTS = (
    "Les coalitions de petites entreprises ont rédigé une loi.",
    "Members pay a fee once a year, and the fee depends on their turnover.",
    "",
)


def test_words_are_folded() -> None:
    assert folded_words("L’ÉTÉ, œuvres n° 3 – straße") == [
        "l", "ete", "oeuvres", "n", "3", "strasse",
    ]  # fmt: skip


def test_a_word_is_compared_by_its_first_letters_and_by_runs_of_four() -> None:
    assert features("coalitions")[0] == features("coalition")[0] == "p:coalit"
    assert features("fee") == ("p:fee", "g:^fee", "g:fee$")
    assert features("a") == ("p:a", "g:^a$")


@pytest.mark.parametrize(
    ("question", "best"),
    [("C KOI LES COALITION", 0), ("entreprise", 0), ("yearly fees", 1), ("memmbers", 1)],
)
def test_accents_endings_and_typos_do_not_matter(question: str, best: int) -> None:
    ratios = Words(TEXTS, ORDINARY).ratios(question)

    assert int(np.argmax(ratios)) == best and ratios[best] > 0.1


def test_ordinary_words_weigh_little_however_few_texts_there_are() -> None:
    words = Words(TEXTS, ORDINARY)

    assert words.ratios("what is the zyxwvut")[1] < words.ratios("turnover of the zyxwvut")[1] / 3


def test_no_word_in_common_is_nothing() -> None:
    assert Words(TEXTS, ORDINARY).ratios("zyxwvut").tolist() == [0, 0, 0]
    assert Words(TEXTS, ORDINARY).ratios("?!").tolist() == [0, 0, 0]
    assert Words([""], []).ratios("fee").tolist() == [0]


@given(st.lists(st.text(), min_size=1, max_size=4), st.text())
def test_a_ratio_is_between_nothing_and_one(texts: list[str], question: str) -> None:
    ratios = Words(texts, ["who?"]).ratios(question)

    assert ratios.shape == (len(texts),)
    assert np.all((ratios >= 0) & (ratios <= 1))
