"""From a text to token ids and their places in the text, without transformers.

* `MappedTokenizer` for Unigram vocabularies (XLM-R, multilingual e5, CamemBERT): normaliser,
  pre-tokenizer and offsets are those of `tokenizers`; the vocabulary stays on disk.
* `WholeTokenizer` for all others (WordPiece, BPE): `tokenizers` does it all in memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from tokenizers import PreTokenizedString, Tokenizer

from index.encoders.encoder import OffsetArray
from index.encoders.exported.vocabulary import (
    VOCABULARY,
    Pieces,
    Vocabulary,
    VocabularyFacts,
    write_vocabulary,
)

DEFINITION = "tokenizer.json"

_UNLIMITED = 1 << 30


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text between the markers that a model puts around it.

    Attributes:
        ids: All ids, markers included.
        first: How many markers stand before the text.
        offsets: int32 (tokens of the text, 2): where each starts and ends, in characters.
    """

    ids: list[int]
    first: int
    offsets: OffsetArray


@dataclass(frozen=True, slots=True)
class ApartVocabulary:
    """A vocabulary that stands apart from its tokenizer.

    Attributes:
        pieces: Its pieces.
        unknown: The id for characters without a piece.
        special: Texts that are tokens as they stand, with their ids.
    """

    pieces: Pieces
    unknown: int
    special: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TokenizerSource:
    """A tokenizer that is to be written.

    Attributes:
        definition: The content of its `tokenizer.json`. Of one whose vocabulary stands apart, the
            same with no pieces but the special ones that it puts around texts, at their ids: a
            hundred thousand pieces as JSON and as objects take 300 MB.
        apart: The vocabulary that the definition leaves out, if it does.
    """

    definition: str
    apart: ApartVocabulary | None = None


class TextTokenizer(Protocol):
    """Splits a text into tokens."""

    def read(self, text: str, limit: int) -> Tokens:
        """The first tokens of a text, at most `limit` with the markers."""


class WholeTokenizer:
    """The model's own tokenizer, all of it in memory."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._markers = tokenizer.num_special_tokens_to_add(is_pair=False)

    def read(self, text: str, limit: int) -> Tokens:
        """The first tokens of a text, at most `limit` with the markers."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        encoding.truncate(max(limit - self._markers, 0))
        offsets = _offsets(encoding.offsets)
        whole = self._tokenizer.post_process(encoding)
        mask = [*whole.special_tokens_mask, 0]
        return Tokens(whole.ids, mask.index(0) if len(offsets) else len(whole.ids), offsets)


class MappedTokenizer:
    """The model's normaliser and pre-tokenizer around a vocabulary on disk."""

    def __init__(self, folder: Path) -> None:
        """Open what `write_tokenizer` wrote.

        Raises:
            OSError: A file is missing.
            ValueError: A file cannot be read.
        """
        pipeline = Tokenizer.from_file(str(folder / DEFINITION))
        self._normalizer = pipeline.normalizer
        self._pre_tokenizer = pipeline.pre_tokenizer
        self._vocabulary = Vocabulary(folder)
        self._facts = self._vocabulary.facts
        longest_first = sorted(self._facts.special, key=len, reverse=True)
        # Nothing matches where there are no special tokens.
        self._special = re.compile(f"({'|'.join(map(re.escape, longest_first)) or '(?!)'})")

    def read(self, text: str, limit: int) -> Tokens:
        """The first tokens of a text, at most `limit` with the markers."""
        ids: list[int] = []
        offsets: list[tuple[int, int]] = []
        at = 0
        # A member may well type “<mask>”: the model's tokenizer takes it for the token.
        for part in self._special.split(text):
            if part in self._facts.special:
                ids.append(self._facts.special[part])
                offsets.append((at, at + len(part)))
            elif part:
                split = PreTokenizedString(part)
                if self._normalizer is not None:
                    split.normalize(self._normalizer.normalize)
                self._pre_tokenizer.pre_tokenize(split)
                split.tokenize(self._vocabulary.split)
                encoding = split.to_encoding()
                ids += encoding.ids
                offsets += [(at + start, at + end) for start, end in encoding.offsets]
            at += len(part)
        before, after = self._facts.before, self._facts.after
        room = max(limit - len(before) - len(after), 0)
        inside = _offsets(offsets[:room])
        return Tokens([*before, *ids[:room], *after], len(before), inside)


def open_tokenizer(folder: Path) -> TextTokenizer:
    """Open what `write_tokenizer` wrote.

    Raises:
        OSError: A file is missing.
        ValueError: A file cannot be read.
    """
    if (folder / VOCABULARY).exists():
        return MappedTokenizer(folder)
    return WholeTokenizer(Tokenizer.from_file(str(folder / DEFINITION)))


def write_tokenizer(source: TokenizerSource, texts: Sequence[str], folder: Path) -> None:
    """Write a tokenizer in the smallest form that gives the same tokens for `texts`.

    Args:
        source: The tokenizer. One whose vocabulary stands apart is known to be one that can be
            written so, and is not compared: it would have to be in memory whole.
        texts: What the smallest form must read as the model's own tokenizer does.
        folder: Where to.
    """
    whole: dict[str, Any] = json.loads(source.definition) | {"truncation": None, "padding": None}
    reference = Tokenizer.from_str(json.dumps(whole))
    if source.apart is not None:
        _write_mapped(whole, reference, source.apart, folder)
        return
    if _can_be_mapped(whole, reference):
        _write_mapped(whole, reference, _within(whole), folder)
        if _agree(MappedTokenizer(folder), WholeTokenizer(reference), texts):
            return
        for path in folder.glob("vocabulary.*"):
            path.unlink()
    text = json.dumps(whole, ensure_ascii=False)
    (folder / DEFINITION).write_text(text, encoding="utf-8")


def _within(definition: dict[str, Any]) -> ApartVocabulary:
    """The vocabulary that a definition has."""
    model = definition["model"]
    return ApartVocabulary(
        Pieces.of([(str(piece), float(score)) for piece, score in model["vocab"]]),
        int(model["unk_id"]),
        {token["content"]: token["id"] for token in definition["added_tokens"]},
    )


def _agree(one: TextTokenizer, other: TextTokenizer, texts: Sequence[str]) -> bool:
    for text in texts:
        mine, theirs = one.read(text, _UNLIMITED), other.read(text, _UNLIMITED)
        if mine.ids != theirs.ids or not np.array_equal(mine.offsets, theirs.offsets):
            return False
    return True


def _can_be_mapped(definition: dict[str, Any], tokenizer: Tokenizer) -> bool:
    model = definition["model"]
    odd = ("single_word", "lstrip", "rstrip", "normalized")
    return (
        model.get("type") == "Unigram"
        and model.get("unk_id") is not None
        and not model.get("byte_fallback")
        and tokenizer.pre_tokenizer is not None
        and not any(token[each] for token in definition["added_tokens"] for each in odd)
    )


def _write_mapped(
    definition: dict[str, Any], tokenizer: Tokenizer, vocabulary: ApartVocabulary, folder: Path
) -> None:
    probe = WholeTokenizer(tokenizer).read("a", _UNLIMITED)
    model = definition["model"]
    facts = VocabularyFacts(
        unknown=vocabulary.unknown,
        least_score=float(vocabulary.pieces.scores.min()),
        before=tuple(probe.ids[: probe.first]),
        after=tuple(probe.ids[probe.first + len(probe.offsets) :]),
        special=dict(vocabulary.special),
    )
    write_vocabulary(vocabulary.pieces, facts, folder)
    shell = definition | {
        "model": model | {"vocab": [model["vocab"][model["unk_id"]]], "unk_id": 0},
        "added_tokens": [],
        "post_processor": None,
        "decoder": None,
    }
    text = json.dumps(shell, ensure_ascii=False)
    (folder / DEFINITION).write_text(text, encoding="utf-8")


def _offsets(pairs: Sequence[tuple[int, int]]) -> OffsetArray:
    return np.array(pairs, np.int32).reshape(-1, 2)
