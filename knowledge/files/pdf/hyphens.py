"""Hyphens at the ends of lines: of a word that is divided there, or the word's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_ELIDED = re.compile(r"^.*['’/(\[«“\"]|^\W+")
_BEFORE = """
rendez peut grand grands grande grandes petit petits petite petites arrière beau beaux belle
demi semi mi sous vice ex non quasi porte garde pare chef vis tête celui celle ceux celles
avant après contre mot plate sage chou haut bas bien au par là ci est sont dix vingt trente
quarante cinquante soixante quatre nord sud saint sainte libre compte procès mieux nouveau self
well co cross half high low full part two three four five long short all so day mother father
brother sister
"""
"""What stands before a hyphen of its own far more often than at the end of a line."""
_BEFORE_ALSO = frozenset(["well", "full", "long", "self", "follow", "non", "up"])
"""The same in English, though what follows has been written without a hyphen, too."""
_AFTER = "là ci je tu il ils nous vous moi toi lui leur même mêmes parole"
_PRONOUNS = frozenset(["elle", "elles", "on", "le", "la", "les", "ce", "en", "y"])


_FRENCH = frozenset(
    ["le", "la", "les", "des", "et", "est", "une", "un", "du", "dans", "pour", "au"]
)
_ENGLISH = frozenset(
    ["the", "of", "and", "to", "in", "is", "a", "for", "be", "by", "shall", "with"]
)
_ADVERBS = """
longtemps nonobstant pourtant dorénavant néanmoins quelquefois plusieurs autrefois parfois davantage
ailleurs aussitôt partout quiconque toujours beaucoup combien comment pourquoi dehors dessus
auparavant auxquels auxquelles desquels desquelles duquel auquel auxdits hormis plutôt sitôt souvent
"""
"""French words that the list of words has not; nor has it those in -ment."""
_LEAST = 3
"""Letters of a part of a word that may be a word by itself."""


class Hyphens:
    """Decides by the words of a document, then by those of its language, then by rules."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Take the words that stand within lines."""
        counted = Counter(word for each in lines for word in _WORD.findall(each.lower()))
        self._words = counted.keys()
        self._before, self._after = {*_BEFORE.split()}, {*_AFTER.split()}
        self._adverbs = {*_ADVERBS.split()}
        french, english = (sum(counted[each] for each in some) for some in (_FRENCH, _ENGLISH))
        self._language = "en" if english > french else "fr"

    def between(self, before: str, after: str) -> str:
        """What stands between the two parts: a hyphen, or nothing.

        Args:
            before: The last word of a line, without its hyphen.
            after: The first word of the next.
        """
        first = _ELIDED.sub("", before.lower())
        second = found[0] if (found := _WORD.match(after.lower())) else ""
        if f"{first}-{second}" in self._words:
            return "-"
        if first + second in self._words:
            return ""
        if not second or not after[0].islower() or not first.isalpha():
            return "-"
        part = second.split("-")[0]
        usual = (
            first in self._before
            or part in self._after
            or (part in _PRONOUNS and first.endswith(("t", "d", "ez")))
        )
        if self._is_word(first + part):
            own = self._language == "en" and first in _BEFORE_ALSO and len(part) >= _LEAST
            return "-" if own and self._is_word(part) else ""
        both = len(first) >= _LEAST and len(part) >= _LEAST
        return "-" if usual or (both and self._is_word(first) and self._is_word(part)) else ""

    def _is_word(self, word: str) -> bool:
        if self._language == "fr" and (word in self._adverbs or word.endswith("ement")):
            return True
        # Slow to load, and of use for few documents.
        from simplemma import is_known

        return is_known(word, self._language)
