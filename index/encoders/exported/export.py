"""Turning a model into a folder that `ExportedEncoder` serves.

The folder holds the layers (`encoder.*`), the token table (`tokens.*`), the tokenizer
(`tokenizer.json`, `vocabulary.*`) and a manifest. What is large is mapped or read record by
record, so a start reads little. The same model gives the same bytes on the same kind of machine.

What can be exported: BERT, RoBERTa, XLM-R and CamemBERT encoders with GELU or ReLU, mean or CLS
pooling, with or without a Normalize module.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.encoders.encoder import Encoded, Encoder, FloatArray
from index.encoders.exported.encoder import GRAPH, WEIGHTS, ExportedEncoder
from index.encoders.exported.errors import not_exportable, too_far
from index.encoders.exported.folders import put_in_place, unfinished
from index.encoders.exported.manifest import ExportManifest, Precision, describe_files
from index.encoders.exported.parts import Layers, Measured, ModelParts
from index.encoders.exported.probes import PASSAGES, QUESTIONS
from index.encoders.exported.table import TokenTable, write_table
from index.encoders.exported.tokenizer import open_tokenizer, write_tokenizer

if TYPE_CHECKING:
    import onnx


TOKEN_FILES = ("tokenizer.json", "vocabulary.*", "tokens.*")
"""What `write_tokens` writes, as patterns."""


class Agreement(NamedTuple):
    """How close an export is to its model: cosines on the built-in texts.

    Attributes:
        embedding: The least cosine of an embedding.
        token: The mean cosine of hidden states, less the mean hidden state: what all tokens
            have in common tells nothing, and makes any two of them similar.
    """

    embedding: float
    token: float


_LEAST: dict[Precision, Agreement] = {
    "int8": Agreement(0.999, 0.995),
    "float32": Agreement(0.9999, 0.999),
}
"""What is asked of a precision; the bundled model in int8 reaches 0.9997 and 0.9987."""


def export_model(
    parts: ModelParts,
    folder: Path,
    name: str,
    *,
    query_prompt: str = "",
    passage_prompt: str = "",
    original: Encoder | None = None,
) -> ExportManifest:
    """Export a model in int8, or in float32 where int8 comes out too far from it.

    float32 takes four times the space and twice the time. What is in `folder` is replaced once
    the export has passed its check, and otherwise left as it is.

    Args:
        parts: The model, taken apart.
        folder: Where to.
        name: What names model, revision and prompts.
        query_prompt: Put before every question.
        passage_prompt: Put before every text that is searched.
        original: What the export is compared with; None compares it with what was measured of
            the model before, or with the same graph in float32, for a model of which that is
            known to be right.

    Raises:
        NotExportableError: No precision comes close enough.
        OSError: The folder cannot be written.
    """
    from index.encoders.exported.graph import build_graph

    with unfinished(folder) as partial:
        making = _Making(parts, partial, name, query_prompt, passage_prompt)
        write_tokens(parts, making.texts, partial)
        layers = parts.layers()
        measured = parts.measured or _measured(making, layers)
        expected = [measured.questions, measured.passages]
        if original is not None:
            expected = _encoded_by(original)
        seen: list[str] = []
        for precision, least in _LEAST.items():
            manifest = making.write(build_graph(layers, precision, measured.peaks), precision)
            found = _agreement(expected, _encoded_by_export(partial))
            if found.embedding >= least.embedding and found.token >= least.token:
                cosines = {"embedding_cosine": found.embedding, "token_cosine": found.token}
                manifest = manifest.model_copy(update=cosines)
                manifest.write(partial)
                put_in_place(folder, partial)
                return manifest
            seen += [
                f"the {what} cosine in {precision} is {value:.5f}, and must be at least {bound}"
                for what, value, bound in zip(Agreement._fields, found, least, strict=True)
                if not value >= bound
            ]
        raise too_far(seen)


def measure_model(parts: ModelParts, query_prompt: str, passage_prompt: str) -> Measured:
    """What a model does in float32 with the built-in texts."""
    with tempfile.TemporaryDirectory() as folder:
        making = _Making(parts, Path(folder), "", query_prompt, passage_prompt)
        write_tokens(parts, making.texts, making.folder)
        return _measured(making, parts.layers())


@dataclass(frozen=True, slots=True)
class _Making:
    """An export that is being made in a folder; the rest as in `export_model`."""

    parts: ModelParts
    folder: Path
    name: str
    query_prompt: str
    passage_prompt: str

    @property
    def texts(self) -> list[str]:
        """The built-in texts, each with its prompt."""
        prompts = [(self.query_prompt, QUESTIONS), (self.passage_prompt, PASSAGES)]
        return [prompt + text for prompt, some in prompts for text in some]

    def write(self, graph: onnx.ModelProto, precision: Precision) -> ExportManifest:
        """Write a graph, and what is then there; how close it comes is not known yet."""
        write_graph(graph, self.folder)
        manifest = ExportManifest(
            format=1,
            model=self.name,
            precision=precision,
            pooling=self.parts.pooling,
            dimension=self.parts.table.shape[1],
            longest=self.parts.longest,
            query_prompt=self.query_prompt,
            passage_prompt=self.passage_prompt,
            embedding_cosine=0,
            token_cosine=0,
            files=describe_files(self.folder),
        )
        manifest.write(self.folder)
        return manifest


def _measured(making: _Making, layers: Layers) -> Measured:
    from index.encoders.exported.graph import build_watching_graph
    from index.encoders.exported.peaks import measured_peaks

    making.write(build_watching_graph(layers), "float32")
    rows = _rows(making.folder, making.texts, making.parts.longest)
    return Measured(measured_peaks(making.folder, rows), *_encoded_by_export(making.folder))


def write_tokens(parts: ModelParts, texts: Sequence[str], folder: Path) -> None:
    """Write the tokenizer and the token table of a model.

    Args:
        parts: The model, taken apart.
        texts: What the tokenizer must read as the model's own does.
        folder: Where to.

    Raises:
        NotExportableError: The table cannot be written as one.
        OSError: The folder cannot be written.
    """
    write_tokenizer(parts.tokenizer, texts, folder)
    try:
        write_table(parts.table, folder)
    except ValueError as error:
        raise not_exportable(str(error)) from error


def write_graph(graph: onnx.ModelProto, folder: Path) -> None:
    """Write a graph in place of the one before.

    Raises:
        OSError: The folder cannot be written.
    """
    import onnx

    (folder / WEIGHTS).unlink(missing_ok=True)
    # Weights inside the graph's own file would take 16 MB more memory to serve.
    onnx.save_model(graph, str(folder / GRAPH), save_as_external_data=True, location=WEIGHTS)
    (folder / WEIGHTS).chmod(0o644)


def _rows(folder: Path, texts: Sequence[str], longest: int) -> Iterator[FloatArray]:
    """The token rows of texts: each float32 (tokens, width)."""
    tokenizer = open_tokenizer(folder)
    table = TokenTable(folder)
    try:
        for each in texts:
            yield table.rows(tokenizer.read(each, longest).ids)
    finally:
        table.close()


def _encoded_by(encoder: Encoder) -> list[Sequence[Encoded]]:
    # One text at a time: padding would change the last bits.
    return [
        [encoder.encode_queries([each])[0] for each in QUESTIONS],
        [encoder.encode_passages([each])[0] for each in PASSAGES],
    ]


def _encoded_by_export(folder: Path) -> list[Sequence[Encoded]]:
    encoder = ExportedEncoder.open(folder)
    try:
        return _encoded_by(encoder)
    finally:
        encoder.close()


def _agreement(
    expected: Sequence[Sequence[Encoded]], made: Sequence[Sequence[Encoded]]
) -> Agreement:
    embeddings: list[float] = []
    tokens: list[FloatArray] = []
    for ours, theirs in zip(made, expected, strict=True):
        mean = np.concatenate([each.tokens for each in theirs]).mean(axis=0)
        for found, one in zip(ours, theirs, strict=True):
            embeddings.append(float(one.embedding @ found.embedding))
            tokens.append(_token_cosines(one, found, mean))
    return Agreement(min(embeddings), float(np.concatenate(tokens).mean()))


def _token_cosines(one: Encoded, other: Encoded, mean: FloatArray) -> FloatArray:
    """The cosine of each token less the mean; 0 where a text was cut into others: (tokens,)."""
    if one.tokens.shape != other.tokens.shape:
        return np.zeros(len(one.tokens), np.float32)
    left, right = one.tokens - mean, other.tokens - mean
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    cosines: FloatArray = (left * right).sum(axis=1) / np.maximum(lengths, 1e-12)
    return cosines
