from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.calibration.reference import unrelated_questions
from index.encoders.encoder import FloatArray
from index.ranking.bm25 import InvertedIndex, Rarities
from index.ranking.terms import folded_words, word_terms
from tests.conftest import ROOT

ORDINARY = [each for every in unrelated_questions().values() for each in every]
TEXTS = (
    "Les coalitions de petites entreprises ont rédigé une loi.",
    "Members pay a fee once a year, and the fee depends on their turnover.",
    "",
)


class Asked:
    """Some words and how rare they are, ready to be asked."""

    def __init__(self, *segments: Sequence[str], ordinary: Sequence[str] = ORDINARY) -> None:
        self.segments = [InvertedIndex.of(each) for each in segments]
        self.rarities = Rarities(self.segments, InvertedIndex.of(ordinary))

    def ratios(self, question: str) -> FloatArray:
        query = self.rarities.query(question)
        return np.concatenate([each.ratios(query) for each in self.segments])


@pytest.fixture(scope="module")
def words() -> Asked:
    return Asked(TEXTS)


def test_words_are_folded_and_keep_their_places() -> None:
    text = "L’ÉTÉ, œuvres n° 3"
    found = list(folded_words(text))
    assert [each.word for each in found] == ["l", "ete", "oeuvres", "n", "3"]
    assert [text[each.start : each.end] for each in found] == ["L", "ÉTÉ", "œuvres", "n", "3"]


def test_a_word_is_compared_by_its_first_letters_and_by_runs_of_four() -> None:
    assert word_terms("coalitions")[0] == word_terms("coalition")[0] == "p:coalit"
    assert word_terms("fee") == ("p:fee", "g:^fee", "g:fee$")
    assert word_terms("a") == ("p:a", "g:^a$")


@pytest.mark.parametrize(
    ("question", "best"),
    [("C KOI LES COALITION", 0), ("entreprise", 0), ("yearly fees", 1), ("memmbers", 1)],
)
def test_accents_endings_and_typos_do_not_matter(words: Asked, question: str, best: int) -> None:
    ratios = words.ratios(question)
    assert int(np.argmax(ratios)) == best and ratios[best] > 0.1


def test_ordinary_words_weigh_little_however_few_texts_there_are(words: Asked) -> None:
    assert words.ratios("what is the zyxwvut")[1] < words.ratios("turnover of the zyxwvut")[1] / 3


def test_no_word_in_common_is_nothing(words: Asked) -> None:
    assert words.ratios("zyxwvut").tolist() == [0, 0, 0]
    assert words.ratios("?!").tolist() == [0, 0, 0]
    assert Asked([""], ordinary=[]).ratios("fee").tolist() == [0]


def test_the_words_that_matched_are_named_with_their_shares(words: Asked) -> None:
    matched = words.segments[0].matches(words.rarities.query("what turnover, coalition"), 1)
    assert matched[0].word == "turnover"
    assert sum(each.share for each in matched) == pytest.approx(
        words.ratios("what turnover, coalition")[1], abs=1e-5
    )


def test_rare_words_weigh_more_than_ordinary_ones_and_punctuation_hardly(words: Asked) -> None:
    question = "what turnover?"
    offsets = np.array([[0, 4], [4, 13], [13, 14]], np.int32)
    what, turnover, mark = words.rarities.weights(question, offsets)
    assert turnover > what > mark


def test_however_texts_are_divided_a_question_finds_the_same() -> None:
    whole, divided = Asked(TEXTS), Asked(TEXTS[:1], TEXTS[1:2], TEXTS[2:])
    for question in ("yearly fees", "what turnover, coalition", "zyxwvut"):
        assert divided.ratios(question).tolist() == whole.ratios(question).tolist()


def test_the_words_of_some_texts_are_as_if_the_others_never_were() -> None:
    some = InvertedIndex.of(TEXTS).only(np.array([1, 2])).arrays()
    alone = InvertedIndex.of(TEXTS[1:]).arrays()
    assert {name: each.tolist() for name, each in some.items()} == {
        name: each.tolist() for name, each in alone.items()
    }


def test_joined_words_are_those_of_all_texts() -> None:
    joined = InvertedIndex.joined(
        [InvertedIndex.of(TEXTS[:1]), InvertedIndex.of(TEXTS[1:])]
    ).arrays()
    whole = InvertedIndex.of(TEXTS).arrays()
    assert {name: each.tolist() for name, each in joined.items()} == {
        name: each.tolist() for name, each in whole.items()
    }


@given(st.lists(st.text(), min_size=1, max_size=4), st.text())
def test_a_ratio_is_between_nothing_and_one(texts: list[str], question: str) -> None:
    ratios = Asked(texts, ordinary=["who?"]).ratios(question)
    assert ratios.shape == (len(texts),)
    assert np.all((ratios >= 0) & (ratios <= 1 + 1e-6))


@given(st.lists(st.text(), min_size=1, max_size=4), st.text())
def test_a_coverage_is_between_nothing_and_one(texts: list[str], question: str) -> None:
    covered = Asked(["anything"], ordinary=["who?"]).rarities.query(question).coverages(texts)
    assert np.all((covered >= 0) & (covered <= 1 + 1e-6))


def test_every_process_stores_the_same() -> None:
    code = (
        "import json\n"
        "from index.ranking.bm25 import InvertedIndex\n"
        f"stored = InvertedIndex.of({TEXTS!r}).arrays()\n"
        "print(json.dumps({name: each.tolist() for name, each in stored.items()}))"
    )
    stored = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(stored) == 1
