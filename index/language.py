"""Which language a question is in."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from knowledge import Language

# Measured on 247 questions about the article, which members' names and short forms make
# hard: see docs/quality.md.
_CERTAIN = 0.95
_WORD = re.compile(r"[^\W\d_]+")
_FOREIGN = ("de", "es", "it", "nl", "pt")
_FOREIGN_CERTAIN = 0.99
_FOREIGN_WORDS = 4


@dataclass(frozen=True, slots=True)
class DetectedLanguage:
    """What a question seems to be written in.

    Attributes:
        language: The language to answer in.
        foreign: The code of another language that the question seems to be in, such as
            `de`, or None.
    """

    language: Language
    foreign: str | None = None


class LanguageDetector:
    """Tells French from English by their n-grams (py3langid).

    Three words of a chat are often too few to tell; then the tie-breaker decides, which
    is the language that the member's Discord is in.
    """

    def __init__(self) -> None:
        every = LanguageIdentifier.from_pickled_model(MODEL_FILE)
        ours = [language.value for language in Language]
        self._many = _restricted(every, [*ours, *_FOREIGN])
        self._two = _restricted(self._many, ours)

    def detect(
        self, text: str, tie_breaker: Language, names: AbstractSet[str] = frozenset()
    ) -> DetectedLanguage:
        """The language of `text`; `tie_breaker` where that cannot be told.

        Args:
            text: The question.
            tie_breaker: The language where the words do not tell.
            names: Words, in lower case, that are the same in both languages and tell
                nothing: “c koi small business rising” is French.
        """
        words = [word for word in _WORD.findall(text) if word.lower() not in names]
        telling = " ".join(words)
        code, probability = self._two.classify(telling)
        language = Language(code) if words and probability >= _CERTAIN else tie_breaker
        if len(words) < _FOREIGN_WORDS:
            return DetectedLanguage(language)
        foreign, certainty = self._many.classify(telling)
        seems_foreign = foreign in _FOREIGN and certainty >= _FOREIGN_CERTAIN
        return DetectedLanguage(language, foreign if seems_foreign else None)


def _restricted(identifier: LanguageIdentifier, languages: list[str]) -> LanguageIdentifier:
    """One that knows fewer languages, and does not hold on to what it knew of the others."""
    identifier.set_languages(languages)
    fewer = LanguageIdentifier(
        identifier.nb_ptc,
        identifier.nb_pc,
        identifier.nb_numfeats,
        identifier.nb_classes,
        identifier.tk_nextmove,
        identifier.tk_output,
        norm_probs=True,
    )
    identifier.set_languages()
    return fewer
