"""What a score is made of, on the real article."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import Encoder, Index, build_index
from index.ranking import QUESTION_SHARE, SENTENCE_WEIGHT, TOKENS_WEIGHT, WORDS_WEIGHT, Part
from index.reference import unrelated_questions
from knowledge import Language, PassageLimits, read_library

ENGLISH = Language.ENGLISH
QUESTIONS = ("Who is Lina Khan?", "fees of the sellers", "pourquoi une coalition", "xyz")


def _sum(part: Part) -> float:
    return TOKENS_WEIGHT * part.tokens + SENTENCE_WEIGHT * part.sentence + WORDS_WEIGHT * part.words


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_score_is_the_sum_of_its_parts(index: Index, question: str) -> None:
    for match in index.search(question, ENGLISH, limit=20).matches:
        why = match.why
        assert why.text.score == pytest.approx(_sum(why.text), abs=1e-4)
        if why.question is None:
            assert match.score == pytest.approx(why.text.score, abs=1e-4)
        else:
            rise = why.question.score - why.text.score
            assert rise > 0
            assert match.score == pytest.approx(why.text.score + QUESTION_SHARE * rise, abs=1e-4)


def test_a_curated_question_raises_its_passage_half_of_the_way(index: Index) -> None:
    first = index.search("Who is part of the coalition?", ENGLISH).matches[0]
    assert first.why.question is not None
    assert first.why.text.score < first.score < first.why.question.score


def test_unrelated_questions_are_what_scores_are_measured_by(index: Index) -> None:
    """Their texts' scores spread around nothing, so one threshold means the same everywhere."""
    for language, questions in unrelated_questions().items():
        results = index.search_many(questions[::8], [language] * len(questions[::8]), limit=20)
        texts = [match.why.text for result in results for match in result.matches]
        assert abs(sum(each.tokens for each in texts) / len(texts)) < 1.5


def test_passages_that_say_the_same_count_once(tmp_path: Path, encoder: Encoder) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / "articles" / name).mkdir(parents=True)
        text = f"---\ntitle: {name}\nlanguage: en\n---\nBees make honey from nectar.\n"
        (tmp_path / "articles" / name / "en.md").write_text(text)
    library = read_library(tmp_path / "articles", PassageLimits())
    build_index(library, encoder, tmp_path / "index")
    result = Index.open(tmp_path / "index", encoder).search("What do bees make?", ENGLISH)
    assert len(result.matches) == 3
    assert result.matches[0].confidence is not None
    assert result.matches[0].confidence > 0.5
    assert result.matches[1].confidence is None


def test_two_hundred_passages_are_ranked_as_nine_are(tmp_path: Path, encoder: Encoder) -> None:
    """More sentences than are all compared: the nearest and those that share words remain."""
    folder = tmp_path / "articles" / "many"
    folder.mkdir(parents=True)
    body = "\n\n".join(
        f"Plant number {number} grows in valley {number}. It needs {number % 7} days of rain."
        for number in range(200)
    )
    text = f"---\ntitle: Plants\nlanguage: en\n---\n{body}\n\nBees make honey from nectar.\n"
    (folder / "en.md").write_text(text)
    library = read_library(tmp_path / "articles", PassageLimits(0, 1200))
    build_index(library, encoder, tmp_path / "index")
    (first, *_) = (
        Index.open(tmp_path / "index", encoder).search("What do bees make?", ENGLISH).matches
    )
    assert "honey" in first.passage.texts[ENGLISH].span.of(first.document.editions[ENGLISH].text)
