"""When two questions are the same question."""

from __future__ import annotations

import re

from index.ranking.terms import fold


def folded_question(text: str) -> str:
    """The words of a question as words are compared: equal for what is the same question.

    Case, accents, punctuation and white space do not count.
    """
    return " ".join(re.findall(r"\w+", fold(text)))
