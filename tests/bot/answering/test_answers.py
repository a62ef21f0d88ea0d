"""The language of an answer, where the question does not tell it."""

from __future__ import annotations

import pytest

from bot.answering.answers import Answerer
from bot.config.settings import QuestionSettings
from index import Encoder, Index, LanguageDetector, build_index
from knowledge import Language, PassageLimits, read_library

FRENCH, ENGLISH = Language.FRENCH, Language.ENGLISH
PAGE = """La piscine de Clairac ouvre à sept heures et ferme à vingt heures, sauf le dimanche.

Le bourgmestre Jürgen Maelstrom tient sa permanence le mardi matin à la maison communale.
"""


@pytest.fixture(scope="module")
def french(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Answers from one French document."""
    folder = tmp_path_factory.mktemp("french")
    article = folder / "articles" / "commune" / "fr.md"
    article.parent.mkdir(parents=True)
    article.write_text(f"---\ntitle: Commune\nlanguage: fr\n---\n{PAGE}", "utf-8")
    build_index(read_library(folder / "articles", PassageLimits()), encoder, folder / "index")
    index = Index.open(folder / "index", encoder)
    return Answerer(index, LanguageDetector(), QuestionSettings())


@pytest.mark.parametrize("question", ["Jürgen Maelstrom", "xyzzy"])
def test_where_nothing_is_known_the_passage_decides(french: Answerer, question: str) -> None:
    answer = french.answer(question, None)
    assert answer.detected.language is FRENCH
    assert answer.quote_language is FRENCH
    assert answer.result.language is FRENCH


def test_what_is_spoken_there_comes_before_the_passage(french: Answerer) -> None:
    answer = french.answer("xyzzy", ENGLISH)
    assert (answer.detected.language, answer.detected.told) == (ENGLISH, False)


def test_what_the_question_tells_comes_before_all(french: Answerer) -> None:
    answer = french.answer("When does the swimming pool open?", FRENCH)
    assert (answer.detected.language, answer.detected.told) == (ENGLISH, True)
    assert answer.all_found[0].quote.language is FRENCH
