"""Building an index: embed what is new, write a generation, put it in force."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index.background import Background, unrelated_questions
from index.encoder import Encoder, FloatArray
from index.errors import DamagedIndexError, IndexingError
from index.files import locked, sha256, sync_file, sync_folder
from index.generation import Generation
from index.manifest import FORMAT, FileFact, Manifest, read_manifest, write_manifest
from index.ranking import Ranking
from index.rows import Row, RowKind, rows_of
from index.small_talk import small_talk_messages
from index.vectors import FlatVectors
from knowledge import Language, Library

METRIC = "inner product of embeddings of length 1"
_BATCH = 32

Progress = Callable[[int, int], None]
"""Told how many texts are embedded, and how many there are to embed."""


@dataclass(frozen=True, slots=True)
class Build:
    """What a build did.

    Attributes:
        manifest: What is in force now.
        embedded: How many texts of the knowledge were embedded.
        reused: How many embeddings were taken from the index before.
    """

    manifest: Manifest
    embedded: int
    reused: int


@dataclass(frozen=True)
class _Embeddings:
    """Embeddings by what they embed."""

    passages: dict[str, FloatArray] = field(default_factory=dict)
    queries: dict[str, FloatArray] = field(default_factory=dict)

    def of(self, row: Row) -> FloatArray | None:
        """The embedding of a row, if it is known; a curated question is a query."""
        known = self.queries if row.kind is RowKind.QUESTION else self.passages
        return known.get(row.content)


def build_index(
    library: Library, encoder: Encoder, folder: Path, progress: Progress | None = None
) -> Build:
    """Build the index of a library and put it in force.

    Embeddings of texts that an intact index in `folder` already has are taken from there.
    A reader of the old index is not disturbed; a crash leaves the old index in force.

    Args:
        library: What to index.
        encoder: What to embed it with.
        folder: Where indexes are; made if missing.
        progress: Called after every batch.

    Raises:
        IndexingError: The library has no passage, or the folder cannot be written.
        EncoderError: The encoder failed.
    """
    if not library.passages:
        raise IndexingError(
            "There is no document to index. Put a folder with a Markdown file into the "
            "folder of articles, and mend what the lines above name."
        )
    rows = tuple(rows_of(library.documents))
    unrelated = unrelated_questions()
    bundled = [question for each in unrelated.values() for question in each]
    bundled += [message.text for message in small_talk_messages()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            known = _known_embeddings(folder, encoder, bundled)
            new = [row for row in rows if known.of(row) is None]
            questions = [row.content for row in rows if row.kind is RowKind.QUESTION]
            questions += bundled
            passages = [row.content for row in rows if row.kind is not RowKind.QUESTION]
            _embed(known, passages, questions, encoder, progress)
            generation = _generation(library, rows, unrelated, bundled, known)
            manifest = _write(library, encoder, generation, folder)
            _remove_others(folder, keep=manifest.generation)
    except OSError as error:
        raise IndexingError(
            f"The index cannot be written to {folder} ({error.strerror or error}). Free some "
            "space or choose another `data_folder`; the index in force is unchanged."
        ) from error
    return Build(manifest, len(new), len(rows) - len(new))


def _known_embeddings(folder: Path, encoder: Encoder, bundled: Sequence[str]) -> _Embeddings:
    known = _Embeddings()
    try:
        manifest = read_manifest(folder)
        if manifest is None or manifest.encoder != encoder.name:
            return known
        manifest.check_files(folder)
        generation = Generation.read(manifest.folder(folder))
    except DamagedIndexError:
        return known
    for row, embedding in zip(generation.rows, generation.vectors.all(), strict=True):
        part = known.queries if row.kind is RowKind.QUESTION else known.passages
        part[row.content] = embedding
    if generation.background.bundled == _digest(bundled):
        vectors = generation.bundled_vectors.all()
        known.queries.update(zip(bundled, vectors, strict=True))
    return known


def _embed(
    known: _Embeddings,
    passages: Iterable[str],
    queries: Iterable[str],
    encoder: Encoder,
    progress: Progress | None,
) -> None:
    """Add what is not known yet."""
    new_passages = {each for each in passages if each not in known.passages}
    new_queries = {each for each in queries if each not in known.queries}
    done, total = 0, len(new_passages) + len(new_queries)
    for new, target, encode in (
        (new_passages, known.passages, encoder.encode_passages),
        (new_queries, known.queries, encoder.encode_queries),
    ):
        # Texts of like length go together, so that little is spent on padding.
        ordered = sorted(new, key=lambda text: (len(text), text))
        for start in range(0, len(ordered), _BATCH):
            batch = ordered[start : start + _BATCH]
            target.update(zip(batch, encode(batch), strict=True))
            done += len(batch)
            if progress is not None:
                progress(done, total)


def _generation(
    library: Library,
    rows: tuple[Row, ...],
    unrelated: Mapping[Language, tuple[str, ...]],
    bundled: Sequence[str],
    known: _Embeddings,
) -> Generation:
    embeddings = [known.of(row) for row in rows]
    vectors = FlatVectors.of(np.stack([each for each in embeddings if each is not None]))
    embedded = {
        language: np.stack([known.queries[question] for question in questions])
        for language, questions in unrelated.items()
    }
    questions = [question for each in unrelated.values() for question in each]
    ranking = Ranking(rows, vectors, questions)
    return Generation(
        library.documents,
        vectors,
        Background.measure(ranking, unrelated, embedded, _digest(bundled)),
        FlatVectors.of(np.stack([known.queries[each] for each in bundled])),
    )


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def _write(library: Library, encoder: Encoder, generation: Generation, folder: Path) -> Manifest:
    temporary = Path(tempfile.mkdtemp(prefix=".building.", dir=folder))
    try:
        generation.write(temporary)
        files = {}
        for path in sorted(temporary.iterdir()):
            sync_file(path)
            files[path.name] = FileFact(bytes=path.stat().st_size, sha256=sha256(path))
        name = hashlib.sha256(encoder.name.encode())
        for file_name, fact in files.items():
            name.update(f"\n{file_name} {fact.sha256}".encode())
        manifest = Manifest(
            format=FORMAT,
            generation=name.hexdigest()[:16],
            encoder=encoder.name,
            dimension=encoder.dimension,
            metric=METRIC,
            index_type=FlatVectors.INDEX_TYPE,
            knowledge=library.fingerprint,
            documents=len(library.documents),
            passages=len(library.passages),
            vectors=len(generation.vectors),
            files=files,
        )
        temporary.chmod(0o755)
        destination = manifest.folder(folder)
        if destination.exists():
            # The same generation, perhaps damaged: what was just written takes its place.
            destination.rename(temporary.with_suffix(".old"))
        temporary.rename(destination)
        sync_folder(folder)
        write_manifest(manifest, folder)
        return manifest
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _remove_others(folder: Path, keep: str) -> None:
    for path in folder.iterdir():
        if path.is_dir() and path.name != keep:
            shutil.rmtree(path, ignore_errors=True)
