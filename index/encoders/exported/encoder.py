"""The encoder that runs an exported model with ONNX Runtime.

A text runs alone, on one thread, never in a padded batch. On a CPU a batch of short texts is no
faster than the same texts side by side on all cores, and alone the same text gives the same
bytes whoever asks beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np

from index.encoders.encoder import Encoded, FloatArray
from index.encoders.exported.manifest import ExportManifest, damaged
from index.encoders.exported.table import TokenTable
from index.encoders.exported.tokenizer import TextTokenizer, open_tokenizer
from index.encoders.onnx_runtime import onnxruntime
from index.encoders.visible import encode_visible
from index.errors import EncoderError

GRAPH = "encoder.onnx"
WEIGHTS = "encoder.weights"
INPUT = "tokens"
OUTPUT = "states"


class ExportedEncoder:
    """An exported model behind the `Encoder` protocol; safe to use from several threads."""

    def __init__(
        self,
        manifest: ExportManifest,
        tokenizer: TextTokenizer,
        table: TokenTable,
        session: onnxruntime.InferenceSession,
        threads: int,
    ) -> None:
        self.manifest = manifest
        self.name = manifest.name
        self.dimension = manifest.dimension
        self._tokenizer = tokenizer
        self._table = table
        self._session = session
        self._pool = ThreadPoolExecutor(threads, "encoder") if threads > 1 else None

    @classmethod
    def open(cls, folder: Path, threads: int = 1) -> Self:
        """Open what `export_model` wrote.

        Args:
            folder: The export. That sizes fit is checked here, checksums by `verify_export`.
            threads: How many texts are encoded side by side at the most.

        Raises:
            DamagedExportError: The files are not what was exported.
            EncoderError: The memory does not suffice.
        """
        manifest = ExportManifest.read(folder)
        session = open_session(folder)
        try:
            tokenizer = open_tokenizer(folder)
            table = TokenTable(folder)
        # `tokenizers` raises bare exceptions.
        except Exception as error:
            raise damaged(folder, f"its tokens cannot be read ({error})") from error
        return cls(manifest, tokenizer, table, session, threads)

    def encode_queries(self, texts: Sequence[str]) -> list[Encoded]:
        """Questions, each as the encoder reads it."""
        return encode_visible(partial(self._encode, self.manifest.query_prompt), texts)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        """Texts that are searched, each as the encoder reads it."""
        return encode_visible(partial(self._encode, self.manifest.passage_prompt), texts)

    def close(self) -> None:
        """End the threads and close the files; the encoder is of no use afterwards."""
        if self._pool is not None:
            self._pool.shutdown()
        self._table.close()

    def _encode(self, prompt: str, texts: Sequence[str]) -> list[Encoded]:
        # Longest first: what is encoded last is short, so the threads end together.
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        ordered = [texts[number] for number in order]
        one = partial(self._one, prompt)
        done: Iterable[Encoded]
        if self._pool is None or len(texts) == 1:
            done = map(one, ordered)
        else:
            done = self._pool.map(one, ordered)
        found = dict(zip(order, done, strict=True))
        return [found[number] for number in range(len(texts))]

    def _one(self, prompt: str, text: str) -> Encoded:
        tokens = self._tokenizer.read(prompt + text, self.manifest.longest)
        rows = self._table.rows(tokens.ids)
        states: FloatArray = self._session.run([OUTPUT], {INPUT: rows[None]})[0][0]
        pooled = states.mean(axis=0) if self.manifest.pooling == "mean" else states[0]
        inside = states[tokens.first : tokens.first + len(tokens.offsets)]
        # The prompt ends in the middle of the first token where it ends with a space.
        own = tokens.offsets[:, 1] > len(prompt)
        return Encoded(
            embedding=pooled / np.float32(max(float(np.linalg.norm(pooled)), 1e-12)),
            tokens=inside[own],
            offsets=np.maximum(tokens.offsets[own] - np.int32(len(prompt)), 0),
        )


def open_session(folder: Path) -> onnxruntime.InferenceSession:
    """Open the graph of a folder.

    Raises:
        DamagedExportError: It is not what was exported.
        EncoderError: The memory does not suffice.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # Past the basic level Add and LayerNormalization become SkipLayerNormalization, which is
    # six times as slow on a CPU.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3
    path = folder / GRAPH
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    # The binding raises a class of its own for each status.
    except Exception as error:
        if "bad_alloc" in str(error):
            raise EncoderError(
                f"The memory does not suffice to open {path.name}: ONNX Runtime needs about "
                "240 MB of address space. Raise the limit of the process.",
                "model_memory",
                file=path.name,
            ) from error
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        raise damaged(folder, f"ONNX Runtime cannot open {GRAPH} ({first_line})") from error
