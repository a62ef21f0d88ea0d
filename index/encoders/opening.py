"""Opening the encoder that answers: the chosen model, exported once for ONNX Runtime."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from index.encoders.bundled import PASSAGE_PROMPT, QUERY_PROMPT, bundled_parts
from index.encoders.cores import cores
from index.encoders.encoder import BUNDLED, Encoder, EncoderChoice
from index.encoders.exported.encoder import ExportedEncoder
from index.encoders.exported.errors import DamagedExportError, NotExportableError
from index.encoders.exported.export import export_model
from index.encoders.exported.manifest import ExportManifest, verify_export
from index.encoders.refusals import read_refusal, write_refusal
from index.encoders.sentence_transformer import (
    SentenceTransformerEncoder,
    encoder_name,
    load_sentence_transformer,
)
from index.files import locked

_REFUSED = ".refused"

Told = Callable[[str], None]
"""Told in one line what takes a while, or what is not as it should be."""


def open_encoder(choice: EncoderChoice, models_folder: Path, told: Told) -> Encoder:
    """Open the exported model, exporting it first where that was not done yet.

    A model that ONNX Runtime cannot take is served by sentence-transformers. That is remembered,
    and tried again once the exporter or a library that it needs has changed.

    Args:
        choice: Which model.
        models_folder: Where models are; made if missing.
        told: Told what takes a while.

    Raises:
        EncoderError: The model cannot be found or loaded.
        OSError: The export cannot be written.
    """
    name = encoder_name(choice)
    models_folder.mkdir(parents=True, exist_ok=True)
    folder = _folder_of(name, models_folder)
    marker = folder.with_suffix(_REFUSED)
    with locked(models_folder):
        refusal = None
        if folder.exists():
            try:
                verify_export(folder)
                return _opened(folder)
            except DamagedExportError as error:
                told(f"{error} It is done now.")
        else:
            refusal = read_refusal(marker)
            if refusal is None:
                told("Making the model ready; this is done once.")
        if refusal is None:
            try:
                _export(choice, folder, name)
                marker.unlink(missing_ok=True)
                return _opened(folder)
            except NotExportableError as error:
                refusal = str(error)
                write_refusal(marker, refusal)
        told(refusal)
        return load_sentence_transformer(choice, models_folder)


def exported_model(choice: EncoderChoice, models_folder: Path) -> Path | None:
    """The folder of the exported model, its files compared with their checksums.

    Returns:
        None where it was not exported yet.

    Raises:
        EncoderError: The model folder does not exist.
        DamagedExportError: The files are not what was exported.
    """
    folder = _folder_of(encoder_name(choice), models_folder)
    if not folder.exists():
        return None
    verify_export(folder)
    return folder


def refusal_of(choice: EncoderChoice, models_folder: Path) -> str | None:
    """Why the model cannot be exported, where these versions found that it cannot.

    Raises:
        EncoderError: The model folder does not exist.
        OSError: What was found cannot be read.
    """
    return read_refusal(_folder_of(encoder_name(choice), models_folder).with_suffix(_REFUSED))


def _folder_of(name: str, models_folder: Path) -> Path:
    return models_folder / f"exported-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def _export(choice: EncoderChoice, folder: Path, name: str) -> None:
    for left in folder.parent.glob(f".{folder.name}.*"):
        # A crash left it half done.
        shutil.rmtree(left, ignore_errors=True)
    if choice.model == BUNDLED:
        export_model(
            bundled_parts(),
            folder,
            name,
            query_prompt=_or(choice.query_prompt, QUERY_PROMPT),
            passage_prompt=_or(choice.passage_prompt, PASSAGE_PROMPT),
        )
    else:
        export_sentence_transformer(load_sentence_transformer(choice, folder.parent), folder)


def export_sentence_transformer(
    original: SentenceTransformerEncoder, folder: Path
) -> ExportManifest:
    """Export a sentence-transformers model, compared with what it encodes itself.

    Raises:
        NotExportableError: It is not one that can be exported, or comes out too far from itself.
        OSError: The folder cannot be written.
    """
    from index.encoders.exported.weights import parts_of

    return export_model(
        parts_of(original.model),
        folder,
        original.name,
        query_prompt=original.query_prompt,
        passage_prompt=original.passage_prompt,
        original=original,
    )


def _or(chosen: str | None, own: str) -> str:
    return own if chosen is None else chosen


def _opened(folder: Path) -> ExportedEncoder:
    return ExportedEncoder.open(folder, threads=cores())
