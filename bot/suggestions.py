"""Curated questions to offer, for what somebody typed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

from index import fold
from knowledge import Document, Language

_SHORTEST_WORD = 3
_WELL_FORMED = 4
"""How many questions of a passage, the first ones, are written to be shown."""


@dataclass(frozen=True)
class Suggestion:
    """A curated question.

    Attributes:
        question: The question.
        language: Its language.
        passage: The id of the passage that answers it.
    """

    question: str
    language: Language
    passage: str

    @cached_property
    def folded(self) -> str:
        """The question in lower case, without accents."""
        return folded(self.question)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of `folded`."""
        return frozenset(_words(self.folded))


class Suggestions:
    """All curated questions of some documents, to be chosen from."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._all: dict[Language, list[Suggestion]] = {language: [] for language in Language}
        for document in documents:
            # The first question of every passage, then the second of every passage, …
            ranks = [
                (rank, passage.number, Suggestion(question, language, passage.id))
                for passage in document.passages
                for language, questions in passage.questions.items()
                for rank, question in enumerate(questions[:_WELL_FORMED])
            ]
            for *_, each in sorted(ranks, key=lambda ranked: ranked[:2]):
                self._all[each.language].append(each)
        self._spread = {
            language: Counter(word for each in every for word in each.words)
            for language, every in self._all.items()
        }

    def matching(self, typed: str, language: Language, most: int) -> tuple[Suggestion, ...]:
        """Questions that begin with `typed`, then those that contain its words, rarest first."""
        start = folded(typed)
        words = _words(start)
        scored = [(self._score(each, start, words), each) for each in self._all[language]]
        ranked = sorted((one for one in scored if one[0] > 0), key=lambda one: -one[0])
        return tuple(each for _, each in ranked[:most])

    def nearest(self, question: str, language: Language, most: int) -> tuple[Suggestion, ...]:
        """Questions to offer in place of one that nothing answers, one for each passage."""
        matching = self.matching(question, language, len(self._all[language]))
        chosen: dict[str, Suggestion] = {}
        for each in (*matching, *self._all[language]):
            chosen.setdefault(each.passage, each)
        return tuple(chosen.values())[:most]

    def _score(self, each: Suggestion, start: str, words: Sequence[str]) -> float:
        if each.folded.startswith(start):
            return 1000.0
        total = len(self._all[each.language])
        spread = self._spread[each.language]
        score = 0.0
        for word in words:
            if word in each.words:
                score += log(1 + total / spread[word])
            elif len(word) >= _SHORTEST_WORD and any(it.startswith(word) for it in each.words):
                score += 1.0
        return score


def folded(text: str) -> str:
    """`text` as words are compared, its apostrophes straight and its white space single."""
    return " ".join(fold(text).replace("’", "'").split())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
