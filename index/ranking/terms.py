"""What a text is compared by letter for letter: words without accents, and terms of them.

The terms of a word are its first six letters and its runs of four letters. They need no
language; the runs find typos, endings and what French and English have in common.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from knowledge.visible import UNSEEN, visible

_WORD = re.compile(rf"(?:[^\W_]|[\u0300-\u036f{UNSEEN}])+")
_PREFIX = 6
_RUN = 4


def fold(text: str) -> str:
    """`text` in lower case, without accents, ligatures and signs that nobody sees."""
    plain = visible(text).lower().replace("œ", "oe").replace("æ", "ae")
    parts = unicodedata.normalize("NFKD", plain)
    return "".join(each for each in parts if not unicodedata.combining(each))


class FoldedWord(NamedTuple):
    """A word as it is compared, and where it starts and ends in its text, in characters."""

    word: str
    start: int
    end: int


def folded_words(text: str) -> Iterator[FoldedWord]:
    """Each word of `text`, folded."""
    for found in _WORD.finditer(text):
        if folded := fold(found.group()):
            yield FoldedWord(folded, found.start(), found.end())


def word_terms(word: str) -> tuple[str, ...]:
    """The terms of one folded word."""
    framed = f"^{word}$"
    runs = (framed[at : at + _RUN] for at in range(max(1, len(framed) - _RUN + 1)))
    return (f"p:{word[:_PREFIX]}", *(f"g:{run}" for run in runs))


def _hash(term: str) -> int:
    """Eight bytes that stand for a term, the same in every process."""
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")


class HashedWord(NamedTuple):
    """What stands for a word as a whole, and for its terms."""

    whole: int
    terms: tuple[int, ...]


@lru_cache(maxsize=1 << 14)
def hashed(word: str) -> HashedWord:
    """A folded word as it is stored."""
    return HashedWord(_hash(f"w:{word}"), tuple(map(_hash, word_terms(word))))


def terms(text: str) -> list[int]:
    """All terms of `text`, as they are stored, as often as they occur."""
    return [term for each in folded_words(text) for term in hashed(each.word).terms]


@lru_cache(maxsize=1 << 11)
def different_terms(text: str) -> frozenset[int]:
    """The terms of a text, kept for the next question that finds its passage."""
    return frozenset(terms(text))
