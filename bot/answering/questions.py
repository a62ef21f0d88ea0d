"""From what somebody typed to a question that can be searched for."""

from __future__ import annotations

import re
import unicodedata

from bot.errors import QuestionError, QuestionProblem
from index.ranking.terms import fold

_MARKS_ON_A_LETTER = 2


def clean_question(text: str, longest: int) -> str:
    """What is left of `text` when everything that is not writing is taken out.

    Control and invisible formatting characters go (null bytes, right-to-left overrides,
    zero-width spaces), heaps of combining marks are cut down, white space becomes single
    spaces.

    Args:
        text: What somebody typed.
        longest: How long the result may be, in characters.

    Raises:
        QuestionError: Nothing is left, or no word, or too much.
    """
    # What went may have stood between a letter and its mark.
    cleaned = unicodedata.normalize("NFC", " ".join("".join(_written(text)).split()))
    if not cleaned:
        raise QuestionError(QuestionProblem.EMPTY, len(cleaned), longest)
    if len(cleaned) > longest:
        raise QuestionError(QuestionProblem.TOO_LONG, len(cleaned), longest)
    if not any(character.isalnum() for character in cleaned):
        raise QuestionError(QuestionProblem.NO_WORDS, len(cleaned), longest)
    return cleaned


def _written(text: str) -> list[str]:
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if character.isspace():
            kept.append(" ")
        elif category.startswith("C"):
            continue
        elif category.startswith("M"):
            marks += 1
            if marks <= _MARKS_ON_A_LETTER:
                kept.append(character)
            continue
        else:
            kept.append(character)
        marks = 0
    return kept


def folded_question(text: str) -> str:
    """The words of a question as words are compared: equal for what is the same question.

    Case, accents, punctuation and white space do not count.
    """
    return " ".join(re.findall(r"\w+", fold(text)))
