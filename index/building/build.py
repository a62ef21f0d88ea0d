"""Building an index: encode what is new, write a generation, put it in force."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from index.building.assembly import (
    EncodedTexts,
    Meter,
    Progress,
    assemble,
    encode_questions,
    encode_texts,
    missing_from,
)
from index.building.checkpoint import Checkpoint
from index.building.fitting import fit_confidence, fitting_size
from index.calibration.confidence import keep_confidence, known_confidence
from index.calibration.reference import (
    encode_reference,
    reference_digest,
    reference_size,
    stored_reference,
)
from index.encoders.encoder import Encoder
from index.errors import DamagedIndexError, IndexingError
from index.files import locked, sync_folder
from index.ranking.texts import texts_of
from index.readers.reader import Reader
from index.segments.generation import Generation, read_generation
from index.segments.manifest import FORMAT, Manifest, read_manifest, write_manifest, written_files
from knowledge import Library

METRIC = "inner product of embeddings of length 1"


@dataclass(frozen=True, slots=True)
class Build:
    """What a build did.

    Attributes:
        manifest: What is in force now.
        encoded: How many texts of the knowledge were encoded.
        reused: How many were not: the index before had them, or an equal one was encoded.
        damage: What was wrong with the index before, so that nothing was taken from it; None
            where it was intact or there was none.
    """

    manifest: Manifest
    encoded: int
    reused: int
    damage: str | None


def build_index(
    library: Library,
    encoder: Encoder,
    folder: Path,
    progress: Progress | None = None,
    reader: Reader | None = None,
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
        reader: What reads passages with questions, so that it is known how sure answers then
            are; None for none.

    Raises:
        IndexingError: The library has no passage, or the folder cannot be written.
        EncoderError: The encoder failed.
        ReaderError: The reader failed.
    """
    if not library.passages:
        raise IndexingError(
            "There is no document to index. Put a folder with a Markdown file into the "
            "folder of articles, and mend what the lines above name.",
            "nothing_to_index",
        )
    texts = tuple(texts_of(library.documents))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            known, damage = EncodedTexts(), None
            try:
                known = known_in(folder, encoder)
            except DamagedIndexError as error:
                damage = str(error)
            checkpoint = Checkpoint(folder, encoder.name, reference_digest())
            known.texts.update(checkpoint.read())
            missing = missing_from(known, texts)
            reference = stored_reference(folder, encoder)
            bundled = 0 if reference is not None else reference_size()
            unknown = [
                each
                for each in dict.fromkeys((None, reader))
                if known_confidence(folder, encoder.name, None if each is None else each.name)
                is None
            ]
            meter = Meter(
                progress,
                len(missing.texts)
                + len(missing.questions)
                + bundled
                + sum(map(fitting_size, unknown)),
            )
            if reference is None:
                reference = encode_reference(folder, encoder, meter.add)
            for each in unknown:
                keep_confidence(folder, fit_confidence(encoder, reference, meter, each))
            encode_texts(
                known, missing.texts, encoder, reference, checkpoint=checkpoint, meter=meter
            )
            encode_questions(known, missing.questions, encoder, meter)
            generation = assemble(library.documents, known, reference)
            manifest = _write(library, encoder, generation, folder)
            _remove_others(folder, keep=manifest.generation)
    except OSError as error:
        raise IndexingError(
            f"The index cannot be written to {folder} ({error.strerror or error}). Free some "
            "space or choose another `data_folder`; the index in force is unchanged.",
            "index_unwritable",
            folder=folder,
            reason=error.strerror or error,
        ) from error
    return Build(manifest, len(missing.texts), len(texts) - len(missing.texts), damage)


def known_in(folder: Path, encoder: Encoder) -> EncodedTexts:
    """What an index of this encoder in `folder` has encoded; nothing where there is none.

    Raises:
        DamagedIndexError: Its files are not what was built.
    """
    known = EncodedTexts()
    manifest = read_manifest(folder)
    if manifest is None or manifest.encoder != encoder.name:
        return known
    if manifest.reference != reference_digest():
        return known
    known.add(read_generation(manifest, folder))
    return known


def _write(library: Library, encoder: Encoder, generation: Generation, folder: Path) -> Manifest:
    temporary = Path(tempfile.mkdtemp(prefix=".building.", dir=folder))
    try:
        generation.write(temporary)
        files = written_files(temporary)
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
