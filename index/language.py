"""Which language a question is in."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from index.calibration.reference import unrelated_questions
from index.calibration.small_talk import small_talk_messages
from index.ranking.runs import IntArray
from index.ranking.terms import folded_words
from knowledge import Language
from knowledge.visible import visible

# Measured on 9,565 questions: see docs/ground.md.
_TOLD = 1.5
"""Log odds of a question's words at which they tell."""
_MOST_OF_A_WORD = 3.0
_OF_THE_BASE = 1.0
"""Log odds of a word that the knowledge base has in one language alone."""
_TOLD_BY_THE_BASE = 1.0
_TOLD_BY_N_GRAMS = 6.0
_UNSEEN = 0.5
_FOREIGN = ("de", "es", "it", "nl", "pt")
_FOREIGN_CERTAIN = 0.99
_FOREIGN_WORDS = 4

Spoken: TypeAlias = Callable[[Sequence[str]], IntArray]
"""In how many texts of each language a knowledge base has each of some folded words: int64
(words, languages), languages in their order. `Index.spoken` is one."""


@dataclass(frozen=True, slots=True)
class DetectedLanguage:
    """What a question seems to be written in.

    Attributes:
        language: The language to answer in.
        foreign: The code of another language that the question seems to be in, such as
            `de`, or None.
        told: Whether the question itself tells `language`; else it was assumed.
    """

    language: Language
    foreign: str | None = None
    told: bool = True


class LanguageDetector:
    """Tells French from English.

    First by the words of the bundled questions and messages of both languages, then by those
    that the knowledge base has in one language alone, then by n-grams (py3langid). Where none of
    them is evidence the question tells nothing: py3langid alone would say English, since most of
    what it learnt from was.
    """

    def __init__(self) -> None:
        every = LanguageIdentifier.from_pickled_model(MODEL_FILE)
        ours = [language.value for language in Language]
        self._many = _restricted(every, [*ours, *_FOREIGN])
        self._two = _restricted(self._many, ours)
        self._words = _log_odds()

    def detect(
        self, text: str, tie_breaker: Language, spoken: Spoken | None = None
    ) -> DetectedLanguage:
        """The language of `text`; `tie_breaker` where that cannot be told.

        Args:
            text: The question.
            tie_breaker: The language where the question does not tell.
            spoken: What the knowledge base speaks. Words that it has in both languages are
                names, mostly, and tell nothing: “c koi small business rising” is French.
        """
        seen = visible(text)
        found = [(word, seen[start:end]) for word, start, end in folded_words(seen)]
        words = list(dict.fromkeys(word for word, _ in found))
        counts = np.zeros((len(words), len(Language)), np.int64)
        if spoken is not None and words:
            counts = spoken(words)
        names = {word for word, each in zip(words, counts, strict=True) if each.all()}
        # py3langid learnt from small letters; of capitals it knows nothing.
        telling = " ".join(
            written.lower() for word, written in found if word not in names and not word.isdigit()
        )
        french = self._french(words, counts, telling)
        language = Language.FRENCH if french > 0 else Language.ENGLISH
        if not french:
            language = tie_breaker
        foreign = None
        if len(telling.split()) >= _FOREIGN_WORDS:
            code, certainty = self._many.classify(telling)
            foreign = code if code in _FOREIGN and certainty >= _FOREIGN_CERTAIN else None
        return DetectedLanguage(language, foreign, told=bool(french))

    def _french(self, words: Sequence[str], counts: IntArray, telling: str) -> float:
        """Log odds that it is French rather than English; 0 where nothing tells."""
        by_words = sum(self._words.get(word, 0.0) for word in words)
        if abs(by_words) >= _TOLD:
            return by_words
        french, english = (
            counts[:, _NUMBERS[each]] for each in (Language.FRENCH, Language.ENGLISH)
        )
        only = int(((french > 0) & (english == 0)).sum() - ((english > 0) & (french == 0)).sum())
        together = by_words + _OF_THE_BASE * only
        if abs(together) >= _TOLD_BY_THE_BASE:
            return together
        by_n_grams = self._by_n_grams(telling)
        return by_n_grams if abs(by_n_grams) >= _TOLD_BY_N_GRAMS else 0.0

    def _by_n_grams(self, text: str) -> float:
        """What n-grams alone say, without how often a language is met."""
        likelihoods = self._two.instance2fv(text) @ self._two.nb_ptc
        by_code = dict(zip(self._two.nb_classes, likelihoods.tolist(), strict=True))
        return float(by_code[Language.FRENCH] - by_code[Language.ENGLISH])


_NUMBERS = {language: number for number, language in enumerate(Language)}


def _log_odds() -> Mapping[str, float]:
    """For each folded word of what is bundled how much it speaks for French."""
    texts = {language: list(every) for language, every in unrelated_questions().items()}
    for message in small_talk_messages():
        for language in message.languages:
            texts[language].append(message.text)
    counts = {
        language: Counter(
            word for text in every for word in {each for each, _, _ in folded_words(text)}
        )
        for language, every in texts.items()
    }

    def rate(word: str, language: Language) -> float:
        return (counts[language][word] + _UNSEEN) / (len(texts[language]) + 2 * _UNSEEN)

    def odds(word: str) -> float:
        found = math.log(rate(word, Language.FRENCH) / rate(word, Language.ENGLISH))
        return max(-_MOST_OF_A_WORD, min(_MOST_OF_A_WORD, found))

    return {word: odds(word) for each in counts.values() for word in each}


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
