"""Building an index: embed what is new, write a generation, put it in force."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from index.encoder import Encoder, FloatArray
from index.errors import DamagedIndexError, IndexingError
from index.files import locked, sha256, sync_file, sync_folder
from index.manifest import FORMAT, FileFact, Manifest, read_manifest, write_manifest
from index.rows import Row, RowKind, rows_of
from index.vectors import FlatVectors
from knowledge import Document, Library

DOCUMENTS_FILE = "documents.json"
VECTORS_FILE = "vectors.faiss"
METRIC = "inner product of embeddings of length 1"
DOCUMENTS = TypeAdapter(tuple[Document, ...])

Progress = Callable[[int, int], None]
"""Told how many texts are embedded, and how many there are to embed."""


@dataclass(frozen=True, slots=True)
class Build:
    """What a build did.

    Attributes:
        manifest: What is in force now.
        embedded: How many texts were embedded.
        reused: How many embeddings were taken from the index before.
    """

    manifest: Manifest
    embedded: int
    reused: int


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
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            known = _known_embeddings(folder, encoder)
            new = [row for row in rows if _key(row) not in known]
            embeddings = _embed(rows, new, known, encoder, progress)
            manifest = _write(library, encoder, embeddings, folder)
            _remove_others(folder, keep=manifest.generation)
    except OSError as error:
        raise IndexingError(
            f"The index cannot be written to {folder} ({error.strerror or error}). Free some "
            "space or choose another `data_folder`; the index in force is unchanged."
        ) from error
    return Build(manifest, len(new), len(rows) - len(new))


def _embed(
    rows: Sequence[Row],
    new: Sequence[Row],
    known: dict[str, FloatArray],
    encoder: Encoder,
    progress: Progress | None,
) -> FloatArray:
    unique = list({_key(row): row for row in new}.values())
    # Texts of like length go together, so that little is spent on padding.
    unique.sort(key=lambda row: (row.kind is RowKind.QUESTION, len(row.content), row.content))
    batch = 32
    done = 0
    for questions in (False, True):
        some = [row for row in unique if (row.kind is RowKind.QUESTION) is questions]
        encode = encoder.encode_queries if questions else encoder.encode_passages
        for start in range(0, len(some), batch):
            part = some[start : start + batch]
            vectors = encode([row.content for row in part])
            known.update((_key(row), vector) for row, vector in zip(part, vectors, strict=True))
            done += len(part)
            if progress is not None:
                progress(done, len(unique))
    return np.stack([known[_key(row)] for row in rows])


def _key(row: Row) -> str:
    """Names what is embedded; a question is embedded as a question is."""
    prompt = "query" if row.kind is RowKind.QUESTION else "passage"
    return f"{prompt}\0{row.content}"


def _known_embeddings(folder: Path, encoder: Encoder) -> dict[str, FloatArray]:
    try:
        manifest = read_manifest(folder)
        if manifest is None or manifest.encoder != encoder.name:
            return {}
        manifest.check_files(folder)
        files = manifest.folder(folder)
        documents = DOCUMENTS.validate_json((files / DOCUMENTS_FILE).read_bytes())
        vectors = FlatVectors.read(files / VECTORS_FILE)
    except DamagedIndexError:
        return {}
    rows = tuple(rows_of(documents))
    embeddings = vectors.at(np.arange(len(rows)))
    return {_key(row): embedding for row, embedding in zip(rows, embeddings, strict=True)}


def _write(library: Library, encoder: Encoder, embeddings: FloatArray, folder: Path) -> Manifest:
    temporary = Path(tempfile.mkdtemp(prefix=".building.", dir=folder))
    try:
        documents = DOCUMENTS.dump_json(library.documents, indent=1)
        (temporary / DOCUMENTS_FILE).write_bytes(documents + b"\n")
        FlatVectors.of(embeddings).write(temporary / VECTORS_FILE)
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
            vectors=len(embeddings),
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
