"""Curated questions to offer, for what somebody typed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile
from math import log
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from index import Index, Match
from index.encoders.encoder import FloatArray
from index.ranking.terms import fold
from index.segments.segments import CuratedQuestion
from knowledge import Language
from knowledge.passages.dividing import LONGEST_QUESTION

_SHORTEST_WORD = 3
_FEWEST_WORDS = 2
"""One word has too many meanings."""
_WELL_FORMED = 4
"""How many questions of a passage, the first ones, are written to be shown."""
_WORDS_WEIGHT = 0.01
_MOST_OF_WORDS = 8.0
_BEGINS = 1000.0
"""What a question that begins with what was typed has for its words."""
_BETWEEN = " · "
_BY_MEANING = 10
"""How many questions are offered that share no word with what was typed."""

Suggestion: TypeAlias = CuratedQuestion
"""A curated question that is offered."""

IntArray: TypeAlias = npt.NDArray[np.int64]
_NONE: IntArray = np.zeros(0, np.int64)


class Suggestions:
    """The curated questions of an index, to be chosen from; from any thread."""

    def __init__(self, index: Index) -> None:
        self._index = index
        # The first question of every passage, then the second of every passage, …
        ranked: dict[Language, list[tuple[int, int, Suggestion]]] = defaultdict(list)
        seen: Counter[tuple[str, Language]] = Counter()
        for row, each in enumerate(index.curated):
            rank = seen[each.passage, each.language]
            seen[each.passage, each.language] += 1
            if rank < _WELL_FORMED:
                ranked[each.language].append((rank, row, each))
        curated = {(each.passage, each.language) for each in index.curated}
        self._uncurated = any(
            (passage.id, language) not in curated
            for document in index.documents
            for passage in document.passages
            for language in passage.texts
        )
        self._curated = {passage for passage, _ in curated}
        self._shelves = {
            language: _Shelf(sorted(ranked[language], key=lambda each: each[:2]))
            for language in Language
        }

    def matching(self, typed: str, language: Language, most: int) -> tuple[Suggestion, ...]:
        """Questions that begin with `typed`, then those that share its words, rarest first."""
        shelf = self._shelves[language]
        scores = shelf.words(typed)
        return shelf.best(scores, np.flatnonzero(scores > 0), most)

    def meant(self, typed: str, language: Language, most: int) -> tuple[Suggestion, ...]:
        """Questions that begin with `typed`, then those that mean or share its words.

        Where fewer than two words were typed, as `matching`. What the weights were chosen by
        is in docs/quality.md.
        """
        if len(_words(folded(typed))) < _FEWEST_WORDS:
            return self.matching(typed, language, most)
        shelf = self._shelves[language]
        words = shelf.words(typed)
        (meaning,) = self._index.embed([typed])
        scores = self._scores(shelf, words, meaning)
        by_meaning = np.argsort(-scores, kind="stable")[:_BY_MEANING]
        found = shelf.best(scores, np.union1d(np.flatnonzero(words > 0), by_meaning), most)
        begun = int((words >= _BEGINS).sum())
        return self._with_headings(typed, language, found, begun, most)

    def _with_headings(
        self,
        typed: str,
        language: Language,
        found: tuple[Suggestion, ...],
        begun: int,
        most: int,
    ) -> tuple[Suggestion, ...]:
        """The same with headings of passages that have no curated question.

        Args:
            typed: What somebody typed.
            language: The language to offer them in.
            found: Curated questions, best first.
            begun: How many of them begin with what was typed; these stay first.
            most: How many at the most.
        """
        if not self._uncurated:
            return found
        rest = list(found[begun:])
        ordered = list(found[:begun])
        for match in self._index.search(typed, language, _BY_MEANING).matches:
            identifier = match.passage.id
            if identifier not in self._curated:
                ordered.append(_heading(match, language))
            else:
                ordered += [each for each in rest if each.passage == identifier][:1]
        return tuple(dict.fromkeys((*ordered, *rest)))[:most]

    def nearest(
        self, question: str, meaning: FloatArray, language: Language, most: int
    ) -> tuple[Suggestion, ...]:
        """Questions to offer in place of one that nothing answers, one for each passage.

        Args:
            question: The question.
            meaning: Its embedding: float32 (dimension,).
            language: The language to offer them in.
            most: How many at the most.
        """
        shelf = self._shelves[language]
        scores = self._scores(shelf, shelf.words(question), meaning)
        chosen: dict[str, Suggestion] = {}
        for each in shelf.best(scores, np.arange(len(scores)), len(scores)):
            chosen.setdefault(each.passage, each)
        return tuple(chosen.values())[:most]

    def _scores(self, shelf: _Shelf, words: FloatArray, meaning: FloatArray) -> FloatArray:
        shared = np.where(words < _BEGINS, np.minimum(words, _MOST_OF_WORDS), words)
        similarities = self._index.curated_similarities(meaning)[shelf.rows]
        return np.asarray(similarities + _WORDS_WEIGHT * shared, np.float32)


class _Shelf:
    """The curated questions of one language, found by their words."""

    def __init__(self, ranked: Sequence[tuple[int, int, Suggestion]]) -> None:
        self._all = tuple(each for *_, each in ranked)
        self.rows = np.array([row for _, row, _ in ranked], np.int64)
        beginnings = [folded(each.question) for each in self._all]
        self._sorted = sorted((begins, number) for number, begins in enumerate(beginnings))
        found: dict[str, list[int]] = defaultdict(list)
        for number, begins in enumerate(beginnings):
            for word in set(_words(begins)):
                found[word].append(number)
        self._by_word = {word: np.array(numbers, np.int64) for word, numbers in found.items()}
        self._vocabulary = sorted(found)

    def words(self, typed: str) -> FloatArray:
        """How much each question shares with what was typed: float32 (questions,)."""
        scores = np.zeros(len(self._all), np.float32)
        start = folded(typed)
        for word in _words(start):
            exact = self._by_word.get(word, _NONE)
            if len(word) >= _SHORTEST_WORD:
                longer = (self._by_word[each] for each in self._starting(word) if each != word)
                others = np.unique(np.concatenate([_NONE, *longer]))
                scores[np.setdiff1d(others, exact)] += 1.0
            if len(exact):
                scores[exact] += log(1 + len(self._all) / len(exact))
        at = bisect_left(self._sorted, (start,))
        for begins, number in self._sorted[at:]:
            if not begins.startswith(start):
                break
            scores[number] = _BEGINS
        return scores

    def best(self, scores: FloatArray, among: IntArray, most: int) -> tuple[Suggestion, ...]:
        """The best of the questions `among`, the earlier of equal ones first."""
        order = among[np.argsort(-scores[among], kind="stable")[:most]]
        return tuple(self._all[number] for number in order)

    def _starting(self, start: str) -> Iterator[str]:
        at = bisect_left(self._vocabulary, start)
        return takewhile(lambda word: word.startswith(start), self._vocabulary[at:])


def _heading(match: Match, language: Language) -> Suggestion:
    """What stands in for the question of a passage that has none: its heading and its title."""
    document, passage = match.document, match.passage
    chosen = language if language in passage.texts else language.other
    headings, title = passage.texts[chosen].headings, document.editions[chosen].about.title
    named = f"{headings[-1]}{_BETWEEN}{title}" if headings else title
    return CuratedQuestion(_shortened(named), chosen, passage.id)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUESTION else f"{text[: LONGEST_QUESTION - 1].rstrip()}…"


def folded(text: str) -> str:
    """`text` as words are compared, its apostrophes straight and its white space single."""
    return " ".join(fold(text).replace("’", "'").split())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
