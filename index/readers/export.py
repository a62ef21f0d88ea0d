"""Turning a cross-encoder into a folder that `ExportedReader` serves.

The folder is that of an encoder's export, with the head in the graph (`index.encoders.exported`),
the template of a pair (`pair.json`) and what types add to tokens (`types.npy`). A reader with the
vocabulary of an encoder shares its files.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.encoders.encoder import FloatArray
from index.encoders.exported.errors import too_far
from index.encoders.exported.export import TOKEN_FILES, write_graph, write_tokens
from index.encoders.exported.folders import put_in_place, unfinished
from index.encoders.exported.graph import build_graph, build_watching_graph
from index.encoders.exported.manifest import Precision, describe_files
from index.encoders.exported.peaks import measured_peaks
from index.readers.exported import TYPES, ExportedReader, PairTable, open_pairs
from index.readers.manifest import ReaderManifest
from index.readers.pairs import write_template
from index.readers.parts import ReaderParts
from index.readers.probes import PAIRS
from index.readers.reader import Reader


class Agreement(NamedTuple):
    """How close an export is to its model, by their scores of the built-in pairs.

    Attributes:
        correlation: Pearson's.
        largest: The largest difference, in standard deviations of the model's scores.
    """

    correlation: float
    largest: float


_BOUNDS: dict[Precision, Agreement] = {
    "int8": Agreement(0.995, 0.35),
    "float32": Agreement(0.998, 0.15),
}
"""What is asked of a precision: so much correlation at least, so large a difference at most.

The token table is in 8 bits either way. A trained reader of six layers reaches 0.9998 and 0.08 in
int8 (2026-12-01)."""
_LEAST_SPREAD = 1e-3
"""Scores that are nearer to each other than this are taken to be alike."""


def export_reader(
    parts: ReaderParts,
    folder: Path,
    name: str,
    *,
    prompt: str,
    original: Reader | None = None,
    tokens: Path | None = None,
) -> ReaderManifest:
    """Export a reader in int8, or in float32 where int8 comes out too far from it.

    What is in `folder` is replaced once the export has passed its check, and otherwise left as
    it is.

    Args:
        parts: The reader, taken apart.
        folder: Where to.
        name: What names model, revision and prompt.
        prompt: Put before every question.
        original: What the export is compared with; None compares it with the same graph in
            float32, for a model of which that is known to be right.
        tokens: An export of the same vocabulary, whose files are taken; None writes them anew.

    Raises:
        NotExportableError: No precision comes close enough.
        OSError: The folder cannot be written.
    """
    with unfinished(folder) as partial:
        texts = [text for question, passage in PAIRS for text in (prompt + question, passage)]
        if tokens is None:
            write_tokens(parts.model, texts, partial)
        else:
            _take(tokens, partial)
        write_template(parts.model.tokenizer.definition, partial)
        np.save(partial / TYPES, parts.types)
        layers, head = parts.model.layers(), parts.head()
        manifest = ReaderManifest(
            format=1,
            model=name,
            precision="float32",
            longest=parts.model.longest,
            prompt=prompt,
            correlation=0,
            largest=0,
            files={},
        )

        def written(precision: Precision, found: Agreement) -> ReaderManifest:
            made = manifest.model_copy(
                update={
                    "precision": precision,
                    "files": describe_files(partial),
                    **found._asdict(),
                }
            )
            made.write(partial)
            return made

        write_graph(build_watching_graph(layers, head), partial)
        peaks = measured_peaks(partial, _rows(partial, manifest))
        written("float32", Agreement(1, 0))
        expected = _scores_of_export(partial) if original is None else _scores(original)
        seen: list[str] = []
        for precision, bound in _BOUNDS.items():
            write_graph(build_graph(layers, precision, peaks, head), partial)
            written(precision, Agreement(0, 0))
            found = _agreement(expected, _scores_of_export(partial))
            if found.correlation >= bound.correlation and found.largest <= bound.largest:
                made = written(precision, found)
                put_in_place(folder, partial)
                return made
            seen.append(
                f"in {precision} its scores correlate by {found.correlation:.4f}, expected at "
                f"least {bound.correlation}, and differ by up to {found.largest:.3f} standard "
                f"deviations, expected at most {bound.largest}"
            )
        raise too_far(seen)


def _rows(folder: Path, manifest: ReaderManifest) -> Iterator[FloatArray]:
    """The token rows of the built-in pairs: each float32 (tokens, width)."""
    tokenizer = open_pairs(folder, manifest.longest)
    with closing(PairTable(folder)) as table:
        for question, passage in PAIRS:
            for pair in tokenizer.read(manifest.prompt + question, passage):
                yield table.rows(pair)


def _scores(reader: Reader) -> FloatArray:
    return np.concatenate([reader.scores(question, [passage]) for question, passage in PAIRS])


def _scores_of_export(folder: Path) -> FloatArray:
    with closing(ExportedReader.open(folder)) as reader:
        return _scores(reader)


def _agreement(expected: FloatArray, made: FloatArray) -> Agreement:
    spread = float(expected.std())
    largest = float(np.abs(expected - made).max())
    if spread < _LEAST_SPREAD:
        return Agreement(float(largest < _LEAST_SPREAD), largest / _LEAST_SPREAD)
    correlation = float(np.corrcoef(expected, made)[0, 1]) if made.std() else 0.0
    return Agreement(correlation, largest / spread)


def _take(tokens: Path, partial: Path) -> None:
    """Take the token files of another export; on disk they are the same where that can be."""
    for pattern in TOKEN_FILES:
        for path in tokens.glob(pattern):
            try:
                os.link(path, partial / path.name)
            except OSError:
                # Not every file system has links.
                shutil.copy(path, partial / path.name)
