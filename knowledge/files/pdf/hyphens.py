"""Hyphens at the ends of lines: of a word that is divided there, or the word's own."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_ELIDED = re.compile(r"^.*['’]")
_BEFORE = frozenset(
    # French
    [
        "rendez",
        "peut",
        "grand",
        "grands",
        "grande",
        "grandes",
        "petit",
        "petits",
        "petite",
        "petites",
        "arrière",
        "beau",
        "beaux",
        "belle",
        "demi",
        "semi",
        "mi",
        "sous",
        "vice",
        "ex",
        "non",
        "quasi",
        "porte",
        "garde",
        "pare",
        "chef",
        "vis",
        "tête",
        "celui",
        "celle",
        "ceux",
        "celles",
        "avant",
        "après",
        "contre",
        "mot",
        "plate",
        "sage",
        "chou",
        "haut",
        "bas",
        "bien",
        "au",
        "par",
        "là",
        "ci",
        "est",
        "sont",
        "dix",
        "vingt",
        "trente",
        "quarante",
        "cinquante",
        "soixante",
        "quatre",
        "nord",
        "sud",
        "saint",
        "sainte",
        "libre",
        "compte",
        "procès",
        "mieux",
        "nouveau",
        "self",
        "well",
        "co",
        "cross",
        "half",
        "high",
        "low",
        "full",
        "part",
        "two",
        "three",
        "four",
        "five",
        "long",
        "short",
        "all",
        "so",
        "day",
        "mother",
        "father",
        "brother",
        "sister",
    ]
)
"""What stands before a hyphen of its own far more often than at the end of a line."""
_AFTER = frozenset(
    [
        "là",
        "ci",
        "je",
        "tu",
        "il",
        "ils",
        "nous",
        "vous",
        "moi",
        "toi",
        "lui",
        "leur",
        "même",
        "mêmes",
        "parole",
    ]
)
_PRONOUNS = frozenset(["elle", "elles", "on", "le", "la", "les", "ce", "en", "y"])


class Hyphens:
    """Decides by the words of a document, then by rules of French and English."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Take the words that stand within lines."""
        self._words = {word for each in lines for word in _WORD.findall(each.lower())}

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
        part = second.split("-")[0]
        own = (
            not second
            or not after[0].islower()
            or not first.isalpha()
            or first in _BEFORE
            or part in _AFTER
            or (part in _PRONOUNS and first.endswith(("t", "d", "ez")))
        )
        return "-" if own else ""
