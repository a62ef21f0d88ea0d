"""The reader that runs an exported cross-encoder with ONNX Runtime.

A pair runs alone, on one thread, never in a padded batch, so that its score is the same whatever
is read beside it. That is also the quicker way: padding makes short passages as slow as long ones
(`python -m benchmarks.readers`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np

from index.encoders.encoder import FloatArray
from index.encoders.exported.encoder import INPUT, OUTPUT, open_session
from index.encoders.exported.manifest import damaged
from index.encoders.exported.table import TokenTable
from index.encoders.exported.tokenizer import open_tokenizer
from index.encoders.onnx_runtime import onnxruntime
from index.readers.manifest import ReaderManifest
from index.readers.pairs import PAIR, PairTemplate, PairTokenizer, ReadPair
from index.readers.reader import BLANK, finite_score
from knowledge.visible import visible

TYPES = "types.npy"


class ExportedReader:
    """An exported cross-encoder behind the `Reader` protocol; safe to use from several threads."""

    def __init__(
        self,
        manifest: ReaderManifest,
        tokenizer: PairTokenizer,
        table: PairTable,
        session: onnxruntime.InferenceSession,
    ) -> None:
        self.manifest = manifest
        self.name = manifest.name
        self._tokenizer = tokenizer
        self._table = table
        self._session = session

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open what `export_reader` wrote.

        Args:
            folder: The export. That sizes fit is checked here, checksums by `verify_export`.

        Raises:
            DamagedExportError: The files are not what was exported.
            EncoderError: The memory does not suffice.
        """
        manifest = ReaderManifest.read(folder)
        session = open_session(folder)
        try:
            tokenizer = open_pairs(folder, manifest.longest)
            table = PairTable(folder)
        # `tokenizers` raises bare exceptions.
        except Exception as error:
            raise damaged(folder, f"its tokens cannot be read ({error})") from error
        return cls(manifest, tokenizer, table, session)

    def scores(self, question: str, passages: Sequence[str]) -> FloatArray:
        """How likely each passage answers; see `Reader`."""
        asked = self.manifest.prompt + visible(question)
        return np.array([self._score(asked, visible(each)) for each in passages], np.float32)

    def close(self) -> None:
        """Close the files; the reader is of no use afterwards."""
        self._table.close()

    def _score(self, question: str, passage: str) -> float:
        if not passage.strip():
            return BLANK
        found = max(
            float(self._session.run([OUTPUT], {INPUT: self._table.rows(pair)[None]})[0].item())
            for pair in self._tokenizer.read(question, passage)
        )
        return finite_score(found, question, passage)


class PairTable:
    """The token table, and what types add to its rows; safe for concurrent readers."""

    def __init__(self, folder: Path) -> None:
        """Open what `export_reader` wrote.

        Raises:
            OSError: A file is missing.
            ValueError: A file cannot be read.
        """
        self._types: FloatArray = np.load(folder / TYPES)
        self._table = TokenTable(folder)

    def rows(self, pair: ReadPair) -> FloatArray:
        """The rows of a pair: float32 (tokens, width)."""
        rows = self._table.rows(pair.ids)
        if any(pair.types):
            rows += self._types[pair.types]
        return rows

    def close(self) -> None:
        """Close the file."""
        self._table.close()


def open_pairs(folder: Path, longest: int) -> PairTokenizer:
    """Open the tokenizer that `export_reader` wrote.

    Args:
        folder: The export.
        longest: How many tokens are read at once.

    Raises:
        OSError: A file is missing.
        ValueError: A file cannot be read.
    """
    template = PairTemplate.model_validate_json((folder / PAIR).read_bytes())
    return PairTokenizer(open_tokenizer(folder), template, longest)
