"""Which messages of a channel are questions."""

from __future__ import annotations

import pytest
import yaml

from index.ranking.question_detection import is_question
from tests.conftest import ROOT

DATA = ROOT / "tests" / "data"


def messages(name: str, key: str, language: str, tag: str) -> list[str]:
    listed = yaml.safe_load((DATA / name).read_text("utf-8"))
    return [
        each[key]
        for each in listed
        if each["language"] == language and tag in (each.get("half"), *each.get("tags", ()))
    ]


@pytest.mark.parametrize(("language", "floor"), [("fr", 0.85), ("en", 0.9)])
@pytest.mark.parametrize("half", ["develop", "report"])
def test_questions_are_recognised(language: str, floor: float, half: str) -> None:
    listed = yaml.safe_load((DATA / "questions.yaml").read_text("utf-8"))
    keywords = {each["question"] for each in listed if "keywords" in each["tags"]}
    asked = set(messages("questions.yaml", "question", language, half)) - keywords
    assert sum(map(is_question, asked)) >= floor * len(asked)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("half", ["develop", "report"])
def test_statements_are_no_questions(language: str, half: str) -> None:
    said = messages("statements.yaml", "message", language, half)
    assert len(said) == 30
    assert sum(map(is_question, said)) <= 1


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Amazon did not react?", True),
        ("???", False),
        ("", False),
        ("https://example.com/?page=2", False),
        ("<:who:123456> <@123>", False),
        ("> who is Tim Wu?\nthat one again", False),
        ("thanks!\nwho is Tim Wu", True),
        ("« Qui est Lina Khan » ?", True),
        ("pourquoi Amazon n’a pas réagi", True),
        ("Rendez-vous demain", False),
        ("a-t-il réagi", True),
    ],
)
def test_what_makes_a_question(text: str, asks: bool) -> None:  # noqa: FBT001
    assert is_question(text) is asks
