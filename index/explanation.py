"""Where the score of a passage comes from."""

from __future__ import annotations

from dataclasses import dataclass

from index.ranking.bm25 import MatchedWord
from index.ranking.ranking import QUESTION_SHARE, SENTENCE_WEIGHT, TOKENS_WEIGHT, WORDS_WEIGHT
from knowledge import Language


@dataclass(frozen=True, slots=True)
class Weights:
    """What the parts of a score weigh.

    Attributes:
        tokens, sentence, words: What each part is multiplied by, before they are added up.
        curated_question: How far of the way to its own score a curated question raises the
            score of its passage.
    """

    tokens: float = TOKENS_WEIGHT
    sentence: float = SENTENCE_WEIGHT
    words: float = WORDS_WEIGHT
    curated_question: float = QUESTION_SHARE


@dataclass(frozen=True, slots=True)
class ExplainedText:
    """Why a text has the score that it has.

    Attributes:
        language: Its language.
        content: The text.
        score: Its score: the three parts, weighed.
        tokens, sentence: In standard deviations above what unrelated questions reach.
        words: The share of the question's words that it has, in [0, 1].
        matched_words: Those words, heaviest first.
    """

    language: Language
    content: str
    score: float
    tokens: float
    sentence: float
    words: float
    matched_words: tuple[MatchedWord, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a passage has the score that it has.

    Attributes:
        text: The text of it that fits best.
        question: The curated question that raises it, or None.
        weights: What the parts weigh.
    """

    text: ExplainedText
    question: ExplainedText | None
    weights: Weights
