"""The language of a question, with the member's as tie-breaker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index import Index, LanguageDetector
from index.evaluation import read_cases
from index.ranking.runs import IntArray
from knowledge import Language

QUESTIONS = Path(__file__).parents[1] / "data" / "questions.yaml"

FRENCH, ENGLISH = Language.FRENCH, Language.ENGLISH


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector()


@pytest.mark.parametrize("tie_breaker", list(Language))
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Qui fait partie de la coalition ?", FRENCH),
        ("Who is part of the coalition?", ENGLISH),
        ("pourquoi ils en veulent a amazon", FRENCH),
        ("why do they hate amazon so much", ENGLISH),
    ],
)
def test_a_sentence_tells_its_language(
    detector: LanguageDetector, text: str, language: Language, tie_breaker: Language
) -> None:
    assert detector.detect(text, tie_breaker).language is language


@pytest.mark.parametrize("tie_breaker", list(Language))
@pytest.mark.parametrize("text", ["?", "42", "👍", ""])
def test_what_tells_nothing_is_in_the_members_language(
    detector: LanguageDetector, text: str, tie_breaker: Language
) -> None:
    assert detector.detect(text, tie_breaker).language is tie_breaker


@pytest.mark.parametrize("tie_breaker", list(Language))
@pytest.mark.parametrize("text", ["Tim Wu", "gafa", "xyzzy", "Jürgen", "nvidia"])
def test_names_and_unknown_words_tell_nothing(
    detector: LanguageDetector, index: Index, text: str, tie_breaker: Language
) -> None:
    found = detector.detect(text, tie_breaker, index.spoken)
    assert found.language is tie_breaker
    assert not found.told


@pytest.mark.parametrize("tie_breaker", list(Language))
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("qui", FRENCH),
        ("who", ENGLISH),
        ("c koi small business rising", FRENCH),
        ("who r small business rising", ENGLISH),
        ("small business rising membres", FRENCH),
        ("comment reinitialiser mon telephone samsung ?", FRENCH),
        ("quin\u00adcaille\u00adries coali\u00adtion", FRENCH),
    ],
)
def test_few_words_tell_their_language_whatever_the_member_speaks(
    detector: LanguageDetector,
    index: Index,
    text: str,
    language: Language,
    tie_breaker: Language,
) -> None:
    found = detector.detect(text, tie_breaker, index.spoken)
    assert found.language is language
    assert found.told


def test_a_word_of_the_knowledge_base_tells_what_it_speaks(detector: LanguageDetector) -> None:
    def french_alone(words: Sequence[str]) -> IntArray:
        numbers = [each is FRENCH for each in Language]
        return np.array([[3 * french for french in numbers] for _ in words], np.int64)

    assert detector.detect("piscine", ENGLISH).told is False
    found = detector.detect("piscine", ENGLISH, french_alone)
    assert (found.language, found.told) == (FRENCH, True)


def test_the_index_says_what_it_speaks(index: Index) -> None:
    (coalition, members, membres) = index.spoken(["coalition", "members", "membres"]).tolist()
    by_language = list(Language)
    french, english = by_language.index(FRENCH), by_language.index(ENGLISH)
    assert min(coalition) > 0
    assert members[english] > 0 == members[french]
    assert membres[french] > 0 == membres[english]
    assert index.spoken(["xyzzy"]).tolist() == [[0, 0]]


def test_questions_are_hardly_ever_taken_for_the_other_language(
    detector: LanguageDetector, index: Index
) -> None:
    cases = [each for each in read_cases(QUESTIONS, index) if each.language is not None]
    assert len(cases) > 400
    taken = [
        each.question
        for each in cases
        for found in [detector.detect(each.question, FRENCH, index.spoken)]
        if found.told and found.language is not each.language
    ]
    # 2 of 486; py3langid alone: 20 French ones.
    assert len(taken) <= 4, taken


def test_capitals_tell_what_small_letters_tell(detector: LanguageDetector) -> None:
    text = "Wer gehört zur Koalition der kleinen Unternehmen und was fordern sie?"
    assert detector.detect(text.upper(), ENGLISH).foreign == "de"
    rare = "subventionner l'isolation thermique"
    assert detector.detect(rare, ENGLISH).told
    assert detector.detect(rare.upper(), ENGLISH) == detector.detect(rare, ENGLISH)


def test_german_is_named_and_still_searched_for(detector: LanguageDetector) -> None:
    text = "Wer gehört zur Koalition der kleinen Unternehmen und was fordern sie?"
    assert detector.detect(text, ENGLISH).foreign == "de"
    assert detector.detect("Who is part of the coalition?", ENGLISH).foreign is None
