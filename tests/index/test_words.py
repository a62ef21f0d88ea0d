from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.reference import unrelated_questions
from index.words import Words, folded_words, word_terms
from tests.conftest import ROOT

ORDINARY = [each for every in unrelated_questions().values() for each in every]
TEXTS = (
    "Les coalitions de petites entreprises ont rédigé une loi.",
    "Members pay a fee once a year, and the fee depends on their turnover.",
    "",
)


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.build(TEXTS, ORDINARY)


def test_words_are_folded_and_keep_their_places() -> None:
    text = "L’ÉTÉ, œuvres n° 3"
    found = list(folded_words(text))
    assert [word for word, _, _ in found] == ["l", "ete", "oeuvres", "n", "3"]
    assert [text[start:end] for _, start, end in found] == ["L", "ÉTÉ", "œuvres", "n", "3"]


def test_a_word_is_compared_by_its_first_letters_and_by_runs_of_four() -> None:
    assert word_terms("coalitions")[0] == word_terms("coalition")[0] == "p:coalit"
    assert word_terms("fee") == ("p:fee", "g:^fee", "g:fee$")
    assert word_terms("a") == ("p:a", "g:^a$")


@pytest.mark.parametrize(
    ("question", "best"),
    [("C KOI LES COALITION", 0), ("entreprise", 0), ("yearly fees", 1), ("memmbers", 1)],
)
def test_accents_endings_and_typos_do_not_matter(words: Words, question: str, best: int) -> None:
    ratios = words.ratios(words.query(question))
    assert int(np.argmax(ratios)) == best and ratios[best] > 0.1


def test_ordinary_words_weigh_little_however_few_texts_there_are(words: Words) -> None:
    assert (
        words.ratios(words.query("what is the zyxwvut"))[1]
        < words.ratios(words.query("turnover of the zyxwvut"))[1] / 3
    )


def test_no_word_in_common_is_nothing(words: Words) -> None:
    assert words.ratios(words.query("zyxwvut")).tolist() == [0, 0, 0]
    assert words.ratios(words.query("?!")).tolist() == [0, 0, 0]
    empty = Words.build([""], [])
    assert empty.ratios(empty.query("fee")).tolist() == [0]


def test_the_words_that_matched_are_named_with_their_shares(words: Words) -> None:
    matched = words.matches("what turnover, coalition", 1)
    assert matched[0].word == "turnover"
    assert sum(each.share for each in matched) == pytest.approx(
        words.ratios(words.query("what turnover, coalition"))[1], abs=1e-5
    )


def test_rare_words_weigh_more_than_ordinary_ones_and_punctuation_hardly(words: Words) -> None:
    question = "what turnover?"
    offsets = np.array([[0, 4], [4, 13], [13, 14]], np.int32)
    what, turnover, mark = words.weights(question, offsets)
    assert turnover > what > mark


def test_what_is_stored_gives_the_same(words: Words) -> None:
    again = Words.stored(words.vocabularies(), **words.arrays())
    assert (
        again.ratios(again.query("yearly fees")).tolist()
        == words.ratios(words.query("yearly fees")).tolist()
    )


@given(st.lists(st.text(), min_size=1, max_size=4), st.text())
def test_a_ratio_is_between_nothing_and_one(texts: list[str], question: str) -> None:
    words = Words.build(texts, ["who?"])
    ratios = words.ratios(words.query(question))
    assert ratios.shape == (len(texts),)
    assert np.all((ratios >= 0) & (ratios <= 1 + 1e-6))


@given(st.lists(st.text(), min_size=1, max_size=4), st.text())
def test_a_coverage_is_between_nothing_and_one(texts: list[str], question: str) -> None:
    words = Words.build(["anything"], ["who?"])
    covered = words.coverages(words.query(question), texts)
    assert np.all((covered >= 0) & (covered <= 1 + 1e-6))


def test_every_process_stores_the_same() -> None:
    code = (
        "import json\n"
        "from index.words import Words\n"
        f"print(json.dumps(Words.build({TEXTS!r}, {ORDINARY[:20]!r}).vocabularies()))"
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
