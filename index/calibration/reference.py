"""What is bundled to know silence by, as an encoder reads it.

Some hundreds of questions that have nothing to do with any knowledge base tell what a
similarity means, in this knowledge base and for this encoder; examples of small talk tell
what is no question. Both belong to an encoder, not to an index, and are encoded once.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from index.calibration.small_talk import Message, small_talk_messages
from index.encoders.encoder import Encoded, Encoder, FloatArray, OffsetArray, finite
from index.errors import DamagedIndexError
from index.files import mapped_sealed_arrays, storable, write_sealed
from index.ranking.bm25 import InvertedIndex, Rarities
from index.ranking.ranking import Query
from index.ranking.terms import folded_words
from knowledge import Language

_BATCH = 32
_LEAST = 1e-9
_STEM = "reference-"
_COMMON = 0.015
"""The share of the unrelated questions of its language from which a word is common: six in 400."""
_LAYOUT = 4
"""Raised whenever the file is laid out otherwise."""


@lru_cache(maxsize=1)
def unrelated_questions() -> Mapping[Language, tuple[str, ...]]:
    """The bundled unrelated questions of each language."""
    text = (resources.files("index") / "data" / "unrelated.yaml").read_text("utf-8")
    found = yaml.load(text, Loader=yaml.CSafeLoader)
    return {Language(code): tuple(questions) for code, questions in found.items()}


@lru_cache(maxsize=1)
def ordinary_words() -> InvertedIndex:
    """The words of all unrelated questions."""
    return InvertedIndex.of([each for every in unrelated_questions().values() for each in every])


@lru_cache(maxsize=1)
def common_words() -> Mapping[Language, frozenset[str]]:
    """Folded words that stand in so many unrelated questions that they tell nothing."""
    found: dict[Language, frozenset[str]] = {}
    for language, questions in unrelated_questions().items():
        counts = Counter(
            word for each in questions for word in {one.word for one in folded_words(each)}
        )
        least = _COMMON * len(questions)
        found[language] = frozenset(word for word, count in counts.items() if count >= least)
    return found


def telling_tokens(text: str, offsets: OffsetArray, language: Language) -> npt.NDArray[np.bool_]:
    """Which tokens of a text stand in a word that is not common: bool (tokens,).

    Args:
        text: The text.
        offsets: int32 (tokens, 2): where each token starts and ends in it.
        language: Its language.
    """
    common = common_words()[language]
    inside = np.zeros(len(text) + 1, np.int64)
    for each in folded_words(text):
        if each.word not in common:
            inside[each.start + 1 : each.end + 1] = 1
    before = np.cumsum(inside)
    return np.asarray(before[offsets[:, 1]] > before[offsets[:, 0]])


def reference_digest() -> str:
    """SHA-256 of everything bundled: where it differs, an index was built with another."""
    texts = [each for every in unrelated_questions().values() for each in every]
    texts += [f"{each.kind}: {each.text}" for each in small_talk_messages()]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ReferenceQuestions:
    """The unrelated questions of one language.

    Attributes:
        texts: The questions.
        embeddings: float32 (questions, dimension).
        mean: float32 (dimension,): the mean of all their tokens.
        codes, scales: int8 (tokens, dimension) and float32 (tokens,): tokens less the mean, one
            question after the other. They stay in their file, since only a build needs them.
        offsets: Of these tokens; see `Encoded`.
        starts: int64 (questions + 1,): where those of each question start.
    """

    texts: tuple[str, ...]
    embeddings: FloatArray
    mean: FloatArray
    codes: npt.NDArray[np.int8]
    scales: FloatArray
    offsets: OffsetArray
    starts: npt.NDArray[np.int64]

    def encoded(self, every: int = 1) -> Iterator[Encoded]:
        """The questions as the encoder reads them, or only one in `every`."""
        for number in range(0, len(self.texts), every):
            own = slice(self.starts[number], self.starts[number + 1])
            tokens = self.codes[own] * self.scales[own, None] + self.mean
            yield Encoded(self.embeddings[number], tokens, self.offsets[own])


@dataclass(frozen=True)
class Reference:
    """Everything bundled, as an encoder reads it.

    Attributes:
        questions: The unrelated questions of each language.
        messages: Small talk.
        embeddings: float32 (messages, dimension): of small talk.
        every: One in so many of the questions is asked of a knowledge base.
    """

    questions: Mapping[Language, ReferenceQuestions]
    messages: tuple[Message, ...]
    embeddings: FloatArray
    every: int = 1

    def queries(self, rarities: Rarities) -> dict[Language, list[Query]]:
        """The unrelated questions of each language, to be asked of what `rarities` counts."""
        return {
            language: [
                Query.of(text, encoded, each.mean, rarities)
                for text, encoded in zip(
                    each.texts[:: self.every], each.encoded(self.every), strict=True
                )
            ]
            for language, each in self.questions.items()
        }

    @cached_property
    def asked(self) -> FloatArray:
        """Embeddings of all unrelated questions: float32 (questions, dimension)."""
        return np.concatenate([each.embeddings for each in self.questions.values()])


def stored_reference(folder: Path, encoder: Encoder) -> Reference | None:
    """What this encoder read before, or None where it is not kept in `folder` intact.

    That of the bundled encoder ships.
    """
    for each in (folder, shipped_folder()):
        try:
            return _read(reference_path(each, encoder), encoder.dimension)
        except (DamagedIndexError, OSError):
            continue
    return None


def encode_reference(folder: Path, encoder: Encoder, told: Callable[[int], None]) -> Reference:
    """Encode everything bundled and keep it.

    Args:
        folder: Where it is kept.
        encoder: What encodes.
        told: Called with how many more texts are encoded, after every batch.

    Raises:
        OSError: It cannot be kept.
        EncoderError: The encoder failed.
    """
    every = [each for texts in unrelated_questions().values() for each in texts]
    every += [each.text for each in small_talk_messages()]
    encoded: list[Encoded] = []
    for start in range(0, len(every), _BATCH):
        batch = every[start : start + _BATCH]
        encoded += finite(batch, encoder.encode_queries(batch))
        told(len(batch))
    path = reference_path(folder, encoder)
    for old in folder.glob(path.with_stem(f"{_STEM}*").name):
        old.unlink()
    _write(path, encoded[: -len(small_talk_messages())], encoded[-len(small_talk_messages()) :])
    # Read back, so that the first build and later ones use the very same numbers.
    return _read(path, encoder.dimension)


def reference_size() -> int:
    """How many texts are bundled."""
    return sum(map(len, unrelated_questions().values())) + len(small_talk_messages())


def shipped_folder() -> Path:
    """Where that of the bundled encoder ships; `python -m benchmarks.bundled` writes it."""
    return Path(str(resources.files("index") / "data"))


def reference_path(folder: Path, encoder: Encoder) -> Path:
    """The file in a folder with what an encoder read."""
    name = hashlib.sha256(f"{_LAYOUT}\n{encoder.name}\n{reference_digest()}".encode()).hexdigest()[
        :16
    ]
    return folder / f"{_STEM}{name}.safetensors"


def _write(path: Path, encoded: Sequence[Encoded], small_talk: Sequence[Encoded]) -> None:
    from safetensors.numpy import save

    tokens = np.concatenate([each.tokens for each in encoded])
    starts = np.cumsum([0, *(len(each.tokens) for each in encoded)]).astype(np.int64)
    arrays: dict[str, npt.NDArray[Any]] = {
        "embeddings": np.stack([each.embedding for each in encoded]).astype(np.float16),
        "offsets": np.concatenate([each.offsets for each in encoded]),
        "starts": starts,
        "small_talk": np.stack([each.embedding for each in small_talk]).astype(np.float16),
    }
    first = 0
    for language, texts in unrelated_questions().items():
        last = first + len(texts)
        own = tokens[starts[first] : starts[last]]
        arrays[f"mean.{language}"] = mean = own.mean(axis=0)
        arrays[f"codes.{language}"], arrays[f"scales.{language}"] = _in_bytes(own - mean)
        first = last
    write_sealed(path, save(storable(arrays)))


def _in_bytes(vectors: FloatArray) -> tuple[npt.NDArray[np.int8], FloatArray]:
    """Vectors in bytes, and the unit of each: int8 (n, dimension), float32 (n,)."""
    units = np.maximum(np.abs(vectors).max(axis=1), _LEAST).astype(np.float32) / np.float32(127)
    return np.rint(vectors / units[:, None]).astype(np.int8), units


def _read(path: Path, dimension: int) -> Reference:
    arrays = mapped_sealed_arrays(path)
    starts = arrays["starts"]
    questions: dict[Language, ReferenceQuestions] = {}
    first = 0
    for language, texts in unrelated_questions().items():
        last = first + len(texts)
        questions[language] = ReferenceQuestions(
            texts,
            arrays["embeddings"][first:last].astype(np.float32),
            arrays[f"mean.{language}"],
            arrays[f"codes.{language}"],
            arrays[f"scales.{language}"],
            arrays["offsets"][starts[first] : starts[last]],
            starts[first : last + 1] - starts[first],
        )
        first = last
    small_talk = arrays["small_talk"].astype(np.float32)
    if small_talk.shape[1:] != (dimension,):
        raise DamagedIndexError(f"{path.name} holds embeddings of shape {small_talk.shape}")
    return Reference(questions, small_talk_messages(), small_talk)
