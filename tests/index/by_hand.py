"""Bases so small that what ranking makes of them can be reckoned by hand.

What stands on one line of `_MEANINGS` means the same: one vector, at right angles to all others.
A question in other words than a text's has its vectors in common with it, and no letters.
"""

from __future__ import annotations

import re

import numpy as np

from index.encoders.encoder import Encoded
from index.ranking.bm25 import InvertedIndex, Rarities
from index.ranking.late_interaction import TokenEncoding, TokenVectors, unit
from index.ranking.ranking import GROUPS, Noise, Query, Ranking
from index.ranking.texts import Text, TextKind
from index.ranking.vectors import hold_vectors
from knowledge import Language, Span

_MEANINGS = (
    ("bee", "abeille"),
    ("honey", "miel"),
    ("sea", "mer"),
    ("forest", "bois"),
)
WORDS = tuple(word for words in _MEANINGS for word in words)
_AXES = {word: axis for axis, words in enumerate(_MEANINGS) for word in words}
NOWHERE = np.zeros(len(_MEANINGS), np.float32)
"""A mean token that moves nothing."""
AXES = np.eye(len(_MEANINGS), dtype=np.float32)
"""The vector of each meaning: float32 (meanings, dimension)."""
PLAIN = Noise(4 * (0.0,), 4 * (1.0,), 4 * (0.0,), 4 * (1.0,), 4 * (1,))
"""Under it, deviations are the similarities themselves."""


def said(passage: int, content: str, language: Language = Language.ENGLISH) -> Text:
    """A text of a passage; a full stop ends each of its sentences."""
    sentences = tuple(Span(*found.span()) for found in re.finditer(r"[^. ][^.]*", content))
    return Text(passage, TextKind.PASSAGE, language, content, sentences)


def asked(passage: int, content: str, language: Language = Language.ENGLISH) -> Text:
    """A curated question of a passage."""
    return Text(passage, TextKind.QUESTION, language, content, (Span(0, len(content)),))


def read(text: str) -> Encoded:
    """`text` as an encoder reads it: a token a word."""
    words = list(re.finditer(r"\w+", text))
    tokens = AXES[[_AXES[each.group()] for each in words]]
    offsets = np.array([each.span() for each in words], np.int32)
    return Encoded(unit(tokens.mean(axis=0, keepdims=True))[0], tokens, offsets)


class Base:
    """Texts that can be ranked."""

    def __init__(self, *texts: Text) -> None:
        encodings = [
            TokenEncoding.of(read(each.content), each.sentences, NOWHERE) for each in texts
        ]
        languages = np.array([list(Language).index(each.language) for each in texts])
        centres = np.zeros((len(Language), len(NOWHERE)), np.float32)
        self.words = InvertedIndex.of([each.words for each in texts])
        self.rarities = Rarities([self.words], InvertedIndex.of([]))
        self.ranking = Ranking(
            texts,
            hold_vectors(np.concatenate([each.sentences for each in encodings]).astype(np.float32)),
            TokenVectors.measured(encodings, languages, len(Language), centres),
            np.concatenate([each.ranges for each in encodings]),
            self.words,
        )

    def query(self, question: str) -> Query:
        return Query.of(question, read(question), NOWHERE, self.rarities)


def group(language: Language, kind: TextKind) -> int:
    """Its number."""
    return GROUPS.index((language, kind))
