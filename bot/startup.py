"""Making an index ready: opened where it is intact, rebuilt where it is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.config import Config
from bot.errors import FolderError
from index import (
    DamagedIndexError,
    Encoder,
    Index,
    Progress,
    build_index,
    encoder_name,
    load_sentence_transformer,
    read_manifest,
)
from knowledge import Library, fingerprint, read_library

Say = Callable[[str], None]


def load_encoder(config: Config, say: Say) -> Encoder:
    """Load the encoder; says so where that takes a while.

    Raises:
        EncoderError: The model cannot be loaded.
        FolderError: The data folder cannot be written.
    """
    try:
        config.models_folder.mkdir(parents=True, exist_ok=True)
        if not any(config.models_folder.iterdir()):
            say("Unpacking the model; this is done once.")
        return load_sentence_transformer(config.encoder.choice, config.models_folder)
    except OSError as error:
        raise FolderError(
            f"The data folder {config.data_folder} cannot be used ({error.strerror or error}). "
            "Make it writable, free some space, or set `data_folder` to another folder."
        ) from error


def read_articles(config: Config, say: Say) -> Library:
    """Read the library and name what had to be left out of it.

    Raises:
        KnowledgeError: The folder of articles cannot be read.
    """
    library = read_library(config.knowledge.folder, config.knowledge.limits)
    for problem in library.problems:
        say(f"Left out: {problem}")
    return library


def reason_to_build(config: Config, folder: Path) -> str | None:
    """Why the index in `folder` does not serve, or None where it does.

    Raises:
        KnowledgeError: The folder of articles cannot be read.
        EncoderError: The configured model folder is missing.
    """
    encoder = encoder_name(config.encoder.choice)
    try:
        manifest = read_manifest(folder)
        if manifest is None:
            return "There is no index yet"
        if manifest.encoder != encoder:
            return "The encoder has changed"
        if manifest.knowledge != fingerprint(config.knowledge.folder, config.knowledge.limits):
            return "The articles have changed"
        manifest.check_files(folder)
    except DamagedIndexError as error:
        return str(error)[0].upper() + str(error)[1:]
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
    reason = reason_to_build(config, folder)
    encoder = load_encoder(config, say)
    if reason is not None:
        say(f"{reason}: building the index.")
        build_index(read_articles(config, say), encoder, folder, progress)
    return Index.open(folder, encoder, config.questions.strictness)
