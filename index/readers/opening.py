"""Opening the reader that reads: the chosen cross-encoder, exported once for ONNX Runtime."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from index.encoders.bundled import BUNDLED_REVISION
from index.encoders.encoder import EncoderChoice
from index.encoders.exported.errors import DamagedExportError
from index.encoders.exporting import Export, Told, export_folder
from index.encoders.opening import exported_model
from index.errors import EncoderError, ReaderError
from index.readers.cross_encoder import folder_digest, folder_of, load_cross_encoder
from index.readers.exported import ExportedReader
from index.readers.manifest import ReaderManifest
from index.readers.packed import PackedReader, is_packed
from index.readers.reader import BUNDLED, NONE, Reader, ReaderChoice

_EXPORTERS = ("index.encoders.exported", "index.readers")


def open_reader(choice: ReaderChoice, models_folder: Path, told: Told) -> Reader | None:
    """Open the exported reader, exporting it first where that was not done yet.

    A model that ONNX Runtime cannot take is served by sentence-transformers.

    Args:
        choice: Which reader.
        models_folder: Where models are; made if missing.
        told: Told what takes a while.

    Returns:
        None where none is chosen.

    Raises:
        ReaderError: It cannot be found or loaded, or is none.
        OSError: The export cannot be written.
    """
    name = reader_name(choice)
    if name is None:
        return None

    def instead() -> Reader:
        return load_cross_encoder(choice, name)

    try:
        return _export_of(name, models_folder).open(
            "Making the reader ready; this is done once.",
            export=lambda folder: _export(choice, folder, name),
            opened=ExportedReader.open,
            instead=instead,
            told=told,
        )
    except EncoderError as error:
        # The vocabulary and the exporter are the encoder's.
        raise ReaderError(str(error)) from error


def reader_name(choice: ReaderChoice) -> str | None:
    """The name that the chosen reader will have, without loading it and its precision.

    Returns:
        None where none is chosen.

    Raises:
        ReaderError: The choice is a folder that is not there, or the bundled reader is missing.
    """
    if choice.model == NONE:
        return None
    if choice.model == BUNDLED:
        identity = f"{BUNDLED}-reader:{_bundled_digest()} {BUNDLED_REVISION}"
    elif (folder := folder_of(choice)) is not None:
        identity = f"{folder.resolve().name}:{folder_digest(folder)}"
    else:
        identity = f"{choice.model}@{choice.revision or 'main'}"
    return identity if choice.prompt is None else f"{identity} {choice.prompt!r}"


def exported_reader(choice: ReaderChoice, models_folder: Path) -> Path | None:
    """The folder of the exported reader, its files compared with their checksums.

    Returns:
        None where it was not exported yet, or none is chosen.

    Raises:
        ReaderError: The reader is missing.
        DamagedExportError: The files are not what was exported.
    """
    name = reader_name(choice)
    return None if name is None else _export_of(name, models_folder).found


def reader_refusal(choice: ReaderChoice, models_folder: Path) -> str | None:
    """Why the reader cannot be exported, where these versions found that it cannot.

    Raises:
        ReaderError: The reader is missing.
        OSError: What was found cannot be read.
    """
    name = reader_name(choice)
    return None if name is None else _export_of(name, models_folder).refusal


def bundled_folder() -> Traversable:
    """Where the bundled reader is."""
    return resources.files("index") / "data" / "reader"


@lru_cache(maxsize=1)
def _bundled_digest() -> str:
    return PackedReader.read(bundled_folder()).digest


def _export_of(name: str, models_folder: Path) -> Export[Reader]:
    folder = export_folder(models_folder, "reader", name)
    return Export(folder, ReaderManifest, _EXPORTERS)


def _export(choice: ReaderChoice, folder: Path, name: str) -> None:
    from index.readers.export import export_reader

    packed = _packed(choice)
    if packed is not None:
        tokens = _bundled_tokens(folder.parent)
        export_reader(packed.parts(), folder, name, prompt=choice.prompt or "", tokens=tokens)
        return
    original = load_cross_encoder(choice, name)
    from index.readers.weights import parts_of

    parts = parts_of(original.model)
    export_reader(parts, folder, name, prompt=original.prompt, original=original)


def _bundled_tokens(models_folder: Path) -> Path | None:
    """The export of the bundled encoder, whose vocabulary a packed reader has."""
    try:
        return exported_model(EncoderChoice(), models_folder)
    except DamagedExportError:
        return None


def _packed(choice: ReaderChoice) -> PackedReader | None:
    """A reader whose vocabulary is the bundled encoder's; None for any other."""
    if choice.model == BUNDLED:
        return PackedReader.read(bundled_folder())
    folder = folder_of(choice)
    return PackedReader.read(folder) if folder is not None and is_packed(folder) else None
