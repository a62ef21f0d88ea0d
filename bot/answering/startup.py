"""Making an index ready: opened where it is intact, rebuilt where it is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeGuard

from bot.config import Config
from bot.errors import FolderError
from bot.locales import Words
from bot.telemetry.encoding import TimedEncoder, TimedReader
from index import (
    DamagedIndexError,
    Encoder,
    EncoderError,
    Index,
    Progress,
    Reader,
    build_index,
    open_encoder,
    open_reader,
)
from index.calibration.confidence import known_confidence
from index.calibration.reference import reference_digest
from index.encoders.sentence_transformer import encoder_name
from index.segments.generation import check_index
from index.segments.manifest import read_manifest
from knowledge import Library, fingerprint, read_library

Say = Callable[[str], None]
"""Told a line, mostly `Words`."""


def load_encoder(config: Config, say: Say) -> Encoder:
    """Open the encoder; says so where that takes a while.

    Raises:
        EncoderError: The model cannot be found or loaded.
        FolderError: The data folder cannot be written.
    """
    try:
        return TimedEncoder(open_encoder(config.encoder.choice, config.models_folder, say))
    except OSError as error:
        raise _unusable(config, error) from error


def load_reader(config: Config, say: Say) -> Reader | None:
    """Open the reader; says so where that takes a while. None where none is chosen.

    Raises:
        ReaderError: The model cannot be found or loaded, or is no reader.
        FolderError: The data folder cannot be written.
    """
    try:
        reader = open_reader(config.reader.choice, config.models_folder, say)
    except OSError as error:
        raise _unusable(config, error) from error
    return None if reader is None else TimedReader(reader)


def _unusable(config: Config, error: OSError) -> FolderError:
    return FolderError(
        Words("error.data_folder", folder=config.data_folder, reason=error.strerror or error)
    )


def read_articles(config: Config, say: Say) -> Library:
    """Read the library and name what had to be left out of it.

    Raises:
        KnowledgeError: The folder of articles cannot be read.
    """
    library = read_library(config.knowledge.folder, config.knowledge.limits)
    for problem in library.problems:
        say(Words("building.left_out", problem=problem))
    return library


def reason_to_build(config: Config, folder: Path) -> Words | None:
    """Why the index in `folder` does not serve, or None where nothing speaks against it.

    Raises:
        KnowledgeError: The folder of articles cannot be read.
        EncoderError: The configured model folder is missing.
    """
    encoder = encoder_name(config.encoder.choice)
    try:
        manifest = read_manifest(folder)
        if manifest is None:
            return Words("building.no_index")
        if not manifest.encoder.startswith(encoder):
            return Words("building.encoder_changed")
        if manifest.reference != reference_digest():
            return Words("building.silence_changed")
        if manifest.knowledge != fingerprint(config.knowledge.folder, config.knowledge.limits):
            return Words("building.articles_changed")
    except DamagedIndexError as error:
        return _sentence(error)
    return None


def damage_to(folder: Path) -> Words | None:
    """What is wrong with the files of the index in `folder`, or None where they are intact."""
    try:
        check_index(folder)
    except DamagedIndexError as error:
        return _sentence(error)
    return None


def open_index(
    config: Config, say: Say, progress: Progress | None = None, folder: Path | None = None
) -> Index:
    """Open the index, rebuilding it first where that is needed.

    Args:
        config: Where everything is.
        say: Told, in one line each, what is rebuilt and why, and what was left out.
        progress: Told how far a build is.
        folder: Where the index is; None takes the configured one.

    Raises:
        CoalitionBotError: It cannot be built.
    """
    folder = folder or config.index_folder
    strictness = config.questions.strictness
    encoder = load_encoder(config, say)
    reader = load_reader(config, say)
    reason = reason_to_build(config, folder)
    if reason is None:
        try:
            if _is_new(reader, encoder, folder):
                say(Words("building.reader_new", reader=reader.name))
                build_index(read_articles(config, say), encoder, folder, progress, reader)
            return _warned(Index.open(folder, encoder, strictness, reader), say)
        except DamagedIndexError as error:
            reason = _sentence(error)
        except EncoderError:
            reason = Words("building.encoder_changed")
    say(Words("building.builds", reason=reason))
    build_index(read_articles(config, say), encoder, folder, progress, reader)
    return _warned(Index.open(folder, encoder, strictness, reader), say)


def _is_new(reader: Reader | None, encoder: Encoder, folder: Path) -> TypeGuard[Reader]:
    """Whether it is not known yet how sure answers are with a reader."""
    return reader is not None and known_confidence(folder, encoder.name, reader.name) is None


def _warned(index: Index, say: Say) -> Index:
    for language in index.doubtful:
        say(Words("building.doubtful", language=language))
    return index


def _sentence(error: DamagedIndexError) -> Words:
    return Words("building.damaged", reason=str(error)[0].upper() + str(error)[1:])
