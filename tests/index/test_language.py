"""The language of a question, with the member's as tie-breaker."""

from __future__ import annotations

import pytest

from index import Index, LanguageDetector
from knowledge import Language

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


@pytest.mark.parametrize(
    ("text", "language"),
    [("c koi small business rising", FRENCH), ("who r small business rising", ENGLISH)],
)
def test_names_tell_nothing(
    detector: LanguageDetector, index: Index, text: str, language: Language
) -> None:
    assert {"small", "business", "rising", "tim", "wu", "gafa"} <= index.names
    assert detector.detect(text, language, index.names).language is language


def test_german_is_named_and_still_searched_for(detector: LanguageDetector) -> None:
    text = "Wer gehört zur Koalition der kleinen Unternehmen und was fordern sie?"
    assert detector.detect(text, ENGLISH).foreign == "de"
    assert detector.detect("Who is part of the coalition?", ENGLISH).foreign is None
