"""Building an index: encode what is new, write a generation, put it in force."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index.calibration import Calibration
from index.checkpoint import Checkpoint
from index.encoder import Encoder, FloatArray
from index.errors import DamagedIndexError, IndexingError
from index.files import locked, sha256, sync_file, sync_folder
from index.generation import Generation, Parts
from index.manifest import FORMAT, FileFact, Manifest, read_manifest, write_manifest
from index.reference import (
    Reference,
    encode_reference,
    ordinary_words,
    reference_digest,
    reference_size,
    stored_reference,
)
from index.texts import Text, TextKind, texts_of
from index.tokens import Reading, TokenVectors
from index.vectors import hold_vectors
from index.words import Rarities, Words
from knowledge import Language, Library

METRIC = "inner product of embeddings of length 1"
_BATCH = 32
_KEPT = 256
"""Texts after which what is encoded is kept, in case the build is interrupted."""

Progress = Callable[[int, int], None]
"""Told how many texts are encoded, and how many there are to encode."""


@dataclass(frozen=True, slots=True)
class Build:
    """What a build did.

    Attributes:
        manifest: What is in force now.
        encoded: How many texts of the knowledge were encoded.
        reused: How many were taken from the index before.
    """

    manifest: Manifest
    encoded: int
    reused: int


@dataclass(frozen=True)
class _Known:
    """What was encoded before.

    Attributes:
        readings: Texts, by what they are made of.
        curated: Embeddings of curated questions as questions.
    """

    readings: dict[str, Reading] = field(default_factory=dict)
    curated: dict[str, FloatArray] = field(default_factory=dict)


class _Meter:
    """Counts what is encoded."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def add(self, count: int) -> None:
        """Count `count` more."""
        self._done += count
        if self._progress is not None:
            self._progress(self._done, self._total)


def build_index(
    library: Library, encoder: Encoder, folder: Path, progress: Progress | None = None
) -> Build:
    """Build the index of a library and put it in force.

    Texts that an intact index in `folder` already has are taken from there, and so are those
    that an interrupted build encoded. A reader of the old index is not disturbed; a crash
    leaves the old index in force.

    Args:
        library: What to index.
        encoder: What to encode it with.
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
    texts = tuple(texts_of(library.documents))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            known = _known(folder, encoder)
            checkpoint = Checkpoint(folder, encoder.name, reference_digest())
            known.readings.update(checkpoint.read())
            new = [text for text in texts if _key(text) not in known.readings]
            asked = [each for each in _curated(texts) if each not in known.curated]
            reference = stored_reference(folder, encoder)
            bundled = 0 if reference is not None else reference_size()
            meter = _Meter(progress, len(new) + len(asked) + bundled)
            if reference is None:
                reference = encode_reference(folder, encoder, meter.add)
            _encode_texts(known, new, encoder, reference, checkpoint=checkpoint, meter=meter)
            _encode_questions(known, asked, encoder, meter)
            generation = _generation(library, texts, known, reference)
            manifest = _write(library, encoder, generation, folder)
            _remove_others(folder, keep=manifest.generation)
    except OSError as error:
        raise IndexingError(
            f"The index cannot be written to {folder} ({error.strerror or error}). Free some "
            "space or choose another `data_folder`; the index in force is unchanged."
        ) from error
    return Build(manifest, len(new), len(texts) - len(new))


def _key(text: Text) -> str:
    """Tells texts apart that are read apart."""
    made_of = f"{text.language} {[tuple(each) for each in text.sentences]} {text.content}"
    return hashlib.sha256(made_of.encode()).hexdigest()


def _curated(texts: Sequence[Text]) -> list[str]:
    """Every curated question, in the order of the texts."""
    return [text.content for text in texts if text.kind is TextKind.QUESTION]


def _known(folder: Path, encoder: Encoder) -> _Known:
    known = _Known()
    try:
        manifest = read_manifest(folder)
        if manifest is None or manifest.encoder != encoder.name:
            return known
        if manifest.reference != reference_digest():
            return known
        manifest.check_files(folder)
        generation = Generation.read(manifest.folder(folder))
    except DamagedIndexError:
        return known
    parts, row = generation.parts, 0
    vectors = parts.vectors.all()
    for number, text in enumerate(generation.texts):
        rows = slice(row, row + len(text.sentences))
        row = rows.stop
        codes, scales = parts.tokens.of(number)
        known.readings[_key(text)] = Reading(vectors[rows], codes, scales, parts.ranges[rows])
    known.curated.update(zip(_curated(generation.texts), parts.curated, strict=True))
    return known


def _encode_texts(
    known: _Known,
    new: Sequence[Text],
    encoder: Encoder,
    reference: Reference,
    *,
    checkpoint: Checkpoint,
    meter: _Meter,
) -> None:
    unkept: dict[str, Reading] = {}
    # Texts of like length go together, so that little is spent on padding.
    ordered = sorted(new, key=lambda text: (len(text.content), text.content))
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        encoded = encoder.encode_passages([text.content for text in batch])
        for text, each in zip(batch, encoded, strict=True):
            mean = reference.questions[text.language].mean
            unkept[_key(text)] = Reading.of(each, text.sentences, mean)
        known.readings.update(unkept)
        if len(unkept) >= _KEPT:
            checkpoint.keep(unkept)
            unkept.clear()
        meter.add(len(batch))


def _encode_questions(known: _Known, asked: Sequence[str], encoder: Encoder, meter: _Meter) -> None:
    for start in range(0, len(asked), _BATCH):
        batch = asked[start : start + _BATCH]
        for question, each in zip(batch, encoder.encode_queries(batch), strict=True):
            known.curated[question] = each.embedding
        meter.add(len(batch))


def _generation(
    library: Library, texts: tuple[Text, ...], known: _Known, reference: Reference
) -> Generation:
    readings = [known.readings[_key(text)] for text in texts]
    languages = list(Language)
    numbers = np.array([languages.index(text.language) for text in texts], np.int64)
    vectors = hold_vectors(np.concatenate([each.sentences for each in readings]))
    curated = [known.curated[each] for each in _curated(texts)]
    parts = Parts(
        vectors,
        TokenVectors.measured(readings, numbers, len(languages)),
        np.concatenate([each.ranges for each in readings]),
        Words.of([text.words for text in texts]),
        np.stack(curated) if curated else np.zeros((0, vectors.dimension), np.float32),
    )
    ranking = Generation(library.documents, parts, Calibration({}, {})).ranking
    rarities = Rarities([parts.words], ordinary_words())
    unrelated = reference.queries(rarities)
    return Generation(library.documents, parts, Calibration.measure(ranking, unrelated))


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
            index_type=generation.parts.vectors.index_type,
            reference=reference_digest(),
            knowledge=library.fingerprint,
            documents=len(library.documents),
            passages=len(library.passages),
            texts=len(generation.texts),
            vectors=len(generation.parts.vectors),
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
