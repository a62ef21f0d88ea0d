"""A Unigram vocabulary on disk, read through the page cache.

`tokenizers` builds a trie of all pieces in memory: with 250,000 pieces 0.85 s and 280 MB at
every start, for a question that touches a few dozen of them. Here the trie is a hash table in
memory-mapped files: opening it costs nothing, and only touched pages become resident. Splitting
a word is all that is done here; `tokenizers` does the rest. The segmentation is the best path of
the Unigram model (Kudo 2018, https://arxiv.org/abs/1804.10959), found in one left-to-right
pass; ties go to the piece that starts first, as in SentencePiece and in `tokenizers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeAlias

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict
from tokenizers import Token

Slots: TypeAlias = npt.NDArray[np.uint64]

VOCABULARY = "vocabulary.json"

_KEYS = "vocabulary.keys.npy"
_PIECES = "vocabulary.pieces.npy"
_SCORES = "vocabulary.scores.npy"
_EMPTY = 0xFFFFFFFFFFFFFFFF
_SPREAD = 0x9E3779B97F4A7C15
"""2^64 over the golden ratio, for Knuth's multiplicative hash."""
_CHARACTER_BITS = 21
_ROOT = -1
_UNKNOWN_PENALTY = 10.0
"""SentencePiece's kUnkPenalty."""
_REMEMBERED = 10_000
"""Words whose pieces are kept in memory."""


class VocabularyFacts(BaseModel):
    """What stands beside the table.

    Attributes:
        unknown: The id for characters without a piece.
        least_score: The least score of a piece.
        before: The ids put before every text.
        after: The ids put after every text.
        special: Texts that are tokens as they stand, with their ids.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    unknown: int
    least_score: float
    before: tuple[int, ...]
    after: tuple[int, ...]
    special: dict[str, int]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a vocabulary, in the order of their ids.

    Attributes:
        characters: uint32 (characters,): their code points, one piece after the other.
        ends: int64 (pieces,): where each ends in that.
        scores: float64 (pieces,): their log probabilities.
    """

    characters: npt.NDArray[np.uint32]
    ends: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float64]

    @classmethod
    def of(cls, pieces: Sequence[tuple[str, float]]) -> Self:
        """Those of texts, each with its score."""
        texts = [text for text, _ in pieces]
        return cls(
            np.frombuffer("".join(texts).encode("utf-32-le"), "<u4"),
            np.cumsum([len(each) for each in texts]).astype(np.int64),
            np.array([score for _, score in pieces], np.float64),
        )


class Vocabulary:
    """Splits a pre-tokenized word into pieces.

    The table holds an entry for each prefix of a piece. The key of an entry is its parent's
    slot and its last character, so a slot is a node of the trie. Safe for concurrent readers:
    the files are read-only, and only finished splits are remembered.
    """

    def __init__(self, folder: Path) -> None:
        """Open what `write_vocabulary` wrote.

        Raises:
            OSError: A file is missing.
            ValueError: A file cannot be read.
        """
        self.facts = VocabularyFacts.model_validate_json((folder / VOCABULARY).read_bytes())
        self._unknown_score = self.facts.least_score - _UNKNOWN_PENALTY
        self._keys = _open(folder / _KEYS)
        self._pieces = _open(folder / _PIECES)
        self._scores = _open(folder / _SCORES)
        self._known: dict[str, list[Token]] = {}

    def split(self, word: str) -> list[Token]:
        """The pieces of a word, with offsets in bytes of UTF-8.

        Neighbouring characters without a piece are one token.
        """
        known = self._known.get(word)
        if known is None:
            known = self._split(word)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[word] = known
        return known

    def _split(self, word: str) -> list[Token]:
        chosen, origin = self._best_path(word)
        spans: list[tuple[int, int, int]] = []
        end = len(word)
        while end > 0:
            start, piece = origin[end], chosen[end]
            if spans and piece == self.facts.unknown == spans[-1][0]:
                spans[-1] = (piece, start, spans[-1][2])
            else:
                spans.append((piece, start, end))
            end = start
        at = [0]
        for character in word:
            at.append(at[-1] + len(character.encode()))
        return [Token(piece, "", (at[start], at[end])) for piece, start, end in reversed(spans)]

    def _best_path(self, word: str) -> tuple[list[int], list[int]]:
        """For each end of a piece on the best path, the piece and where it starts."""
        keys, pieces, scores = self._keys, self._pieces, self._scores
        root = len(keys)
        mask = root - 1
        points = [ord(character) for character in word]
        size = len(points)
        score = [0.0] * (size + 1)
        origin = [-1] * (size + 1)
        chosen = [0] * (size + 1)
        for start in range(size):
            base = score[start]
            covered = False
            node = root
            for end in range(start + 1, size + 1):
                key = node << _CHARACTER_BITS | points[end - 1]
                node = ((key * _SPREAD) >> 32) & mask
                while (held := keys[node]) != key and held != _EMPTY:
                    node = (node + 1) & mask
                if held == _EMPTY:
                    break
                if (piece := pieces[node]) < 0:
                    continue
                covered = covered or end == start + 1
                total = scores[piece] + base
                if origin[end] < 0 or total > score[end]:
                    score[end], origin[end], chosen[end] = total, start, piece
            if not covered:
                total = self._unknown_score + base
                end = start + 1
                if origin[end] < 0 or total > score[end]:
                    score[end], origin[end], chosen[end] = total, start, self.facts.unknown
        return chosen, origin


def write_vocabulary(pieces: Pieces, facts: VocabularyFacts, folder: Path) -> None:
    """Write the pieces.

    Raises:
        ValueError: A piece is empty or occurs twice.
        OSError: It cannot be written.
    """
    levels, leaves = _prefixes(pieces)
    if len(np.unique(leaves)) != len(leaves) or (leaves == _ROOT).any():
        raise ValueError("the vocabulary has an empty or a repeated piece")
    prefixes = sum(len(each.characters) for each in levels)
    # At most two thirds full.
    size = 1 << (prefixes * 3 // 2).bit_length()
    keys = np.full(size, _EMPTY, np.uint64)
    slots = np.empty(prefixes, np.uint64)
    first = 0
    for each in levels:
        # A parent is a level higher, so it has its slot.
        parents = np.where(each.parents == _ROOT, np.uint64(size), slots[each.parents])
        own = (parents << np.uint64(_CHARACTER_BITS)) | each.characters
        slots[first : first + len(own)] = _placed(keys, own)
        first += len(own)
    numbers = np.full(size, -1, np.int32)
    numbers[slots[leaves]] = np.arange(len(leaves), dtype=np.int32)
    np.save(folder / _KEYS, keys)
    np.save(folder / _PIECES, numbers)
    np.save(folder / _SCORES, pieces.scores)
    (folder / VOCABULARY).write_text(facts.model_dump_json(), encoding="utf-8")


class _Level(NamedTuple):
    """The prefixes of one length.

    Attributes:
        parents: int64 (prefixes,): the number of each without its last character.
        characters: uint64 (prefixes,): its last character.
    """

    parents: npt.NDArray[np.int64]
    characters: npt.NDArray[np.uint64]


def _prefixes(pieces: Pieces) -> tuple[list[_Level], npt.NDArray[np.int64]]:
    """All prefixes, numbered from the shortest on, and the number of each piece: (pieces,)."""
    starts = np.concatenate([[0], pieces.ends[:-1]]).astype(np.int64)
    lengths = pieces.ends - starts
    nodes = np.full(len(starts), _ROOT, np.int64)
    levels: list[_Level] = []
    first = 0
    for length in range(int(lengths.max(initial=0))):
        longer = np.flatnonzero(lengths > length)
        characters = pieces.characters[starts[longer] + length].astype(np.int64)
        both = (nodes[longer] + 1 << _CHARACTER_BITS) | characters
        found, numbers = np.unique(both, return_inverse=True)
        levels.append(
            _Level(
                (found >> _CHARACTER_BITS) - 1,
                (found & ((1 << _CHARACTER_BITS) - 1)).astype(np.uint64),
            )
        )
        nodes[longer] = first + numbers
        first += len(found)
    return levels, nodes


def _placed(keys: Slots, own: Slots) -> Slots:
    """Put keys into the table, each at the first free place from its own on; gives the places."""
    mask = np.uint64(len(keys) - 1)
    places = ((own * np.uint64(_SPREAD)) >> np.uint64(32)) & mask
    waiting = np.arange(len(own))
    while len(waiting):
        wanted = places[waiting]
        free = np.flatnonzero(keys[wanted] == _EMPTY)
        _, firsts = np.unique(wanted[free], return_index=True)
        put = waiting[free[firsts]]
        keys[places[put]] = own[put]
        waiting = np.delete(waiting, free[firsts])
        places[waiting] = (places[waiting] + np.uint64(1)) & mask
    return places


def _open(path: Path) -> memoryview[Any]:
    # An item of a memoryview is a plain int or float, several times as fast to read as an array's.
    return memoryview(np.load(path, mmap_mode="r"))
