"""Small talk is told from questions, on messages that are not the bundled ones."""

from __future__ import annotations

import pytest
import yaml

from index import Index, Outcome
from index.evaluation import read_cases
from knowledge import Language
from tests.conftest import ROOT

MESSAGES = yaml.safe_load((ROOT / "tests" / "data" / "small_talk.yaml").read_text("utf-8"))


def test_most_small_talk_is_recognised(index: Index) -> None:
    """A floor against regressions; docs/quality.md has the figures."""
    results = index.search_many(
        [each["message"] for each in MESSAGES], [Language(each["language"]) for each in MESSAGES]
    )
    recognised = [result.small_talk is not None for result in results]
    assert sum(recognised) / len(MESSAGES) > 0.75
    assert sum(result.outcome is Outcome.ANSWER for result in results) / len(MESSAGES) < 0.05


def test_no_question_about_the_article_is_small_talk(index: Index) -> None:
    cases = [
        case
        for case in read_cases(ROOT / "tests" / "data" / "questions.yaml", index)
        if case.answerable and "develop" in case.tags
    ]
    results = index.search_many(
        [case.question for case in cases],
        [case.language or Language.ENGLISH for case in cases],
    )
    assert all(result.small_talk is None for result in results)


@pytest.mark.parametrize(
    ("message", "kind"),
    [("Bonjour !", "greeting"), ("thank you so much", "thanks"), ("lol", "chatter")],
)
def test_a_message_gets_its_kind(index: Index, message: str, kind: str) -> None:
    result = index.search(message, Language.FRENCH)
    assert result.small_talk == kind
    assert result.outcome is Outcome.NONE
