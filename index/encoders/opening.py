"""Opening the encoder that answers: the chosen model, exported once for ONNX Runtime."""

from __future__ import annotations

import errno
import shutil
from functools import partial
from pathlib import Path

from index.encoders.bundled import PASSAGE_PROMPT, QUERY_PROMPT, bundled_parts
from index.encoders.cores import cores
from index.encoders.encoder import BUNDLED, Encoder, EncoderChoice
from index.encoders.exported.encoder import ExportedEncoder
from index.encoders.exported.export import export_model
from index.encoders.exported.manifest import ExportManifest
from index.encoders.exporting import Export, Told, export_folder
from index.encoders.measured import bundled_measured
from index.encoders.sentence_transformer import (
    SentenceTransformerEncoder,
    encoder_name,
    load_sentence_transformer,
)

_MEGA = 1_000_000
_NEEDED = 120 * _MEGA
"""Bytes of the bundled model; others take more."""
_EXPORTERS = ("index.encoders.exported",)


def open_encoder(choice: EncoderChoice, models_folder: Path, told: Told) -> Encoder:
    """Open the exported model, exporting it first where that was not done yet.

    A model that ONNX Runtime cannot take is served by sentence-transformers.

    Args:
        choice: Which model.
        models_folder: Where models are; made if missing.
        told: Told what takes a while.

    Raises:
        EncoderError: The model cannot be found or loaded.
        OSError: The export cannot be written.
    """
    name = encoder_name(choice)
    return _export_of(choice, models_folder).open(
        "Making the model ready; this is done once.",
        export=lambda folder: _export(choice, folder, name),
        opened=_opened,
        instead=partial(load_sentence_transformer, choice, models_folder),
        told=told,
    )


def exported_model(choice: EncoderChoice, models_folder: Path) -> Path | None:
    """The folder of the exported model, its files compared with their checksums.

    Returns:
        None where it was not exported yet.

    Raises:
        EncoderError: The model folder does not exist.
        DamagedExportError: The files are not what was exported.
    """
    return _export_of(choice, models_folder).found


def refusal_of(choice: EncoderChoice, models_folder: Path) -> str | None:
    """Why the model cannot be exported, where these versions found that it cannot.

    Raises:
        EncoderError: The model folder does not exist.
        OSError: What was found cannot be read.
    """
    return _export_of(choice, models_folder).refusal


def _export_of(choice: EncoderChoice, models_folder: Path) -> Export[Encoder]:
    folder = export_folder(models_folder, "exported", encoder_name(choice))
    return Export(folder, ExportManifest, _EXPORTERS)


def _export(choice: EncoderChoice, folder: Path, name: str) -> None:
    _check_room(folder.parent)
    if choice.model == BUNDLED:
        query_prompt = _or(choice.query_prompt, QUERY_PROMPT)
        passage_prompt = _or(choice.passage_prompt, PASSAGE_PROMPT)
        export_model(
            bundled_parts(bundled_measured(query_prompt, passage_prompt)),
            folder,
            name,
            query_prompt=query_prompt,
            passage_prompt=passage_prompt,
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


def _check_room(folder: Path) -> None:
    """Refuse a disk that is too small before anything is done.

    Raises:
        OSError: It is.
    """
    free = shutil.disk_usage(folder).free
    if free < _NEEDED:
        what = f"{free // _MEGA} MB are free, making the model ready takes {_NEEDED // _MEGA} MB"
        raise OSError(errno.ENOSPC, what)


def _or(chosen: str | None, own: str) -> str:
    return own if chosen is None else chosen


def _opened(folder: Path) -> ExportedEncoder:
    return ExportedEncoder.open(folder, threads=cores())
