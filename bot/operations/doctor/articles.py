"""What answers are made from: the configuration, the model and the index."""

from __future__ import annotations

from pathlib import Path

from bot.answering.startup import damage_to, reason_to_build
from bot.config import Config, read_config
from bot.config.reading import CONFIG_FILE
from bot.errors import ConfigError
from bot.locales import Words
from bot.operations.doctor.findings import Finding, bad, doubtful, good
from index.encoders.opening import exported_model, refusal_of
from index.segments.manifest import read_manifest
from knowledge import CoalitionBotError


def examine_config(path: Path | None) -> tuple[Config, Finding]:
    """The configuration, and how it is; the defaults where it cannot be used."""
    subject = "config"
    try:
        config = read_config(path)
    except ConfigError as error:
        return Config(), bad(
            subject, Words("doctor.error", error=error), Words("doctor.with_defaults")
        )
    file = path or Path(CONFIG_FILE)
    if not file.exists():
        return config, good(subject, Words("doctor.no_config", file=CONFIG_FILE))
    return config, good(subject, Words("doctor.config", file=file.resolve()))


def examine_model(config: Config) -> Finding:
    """Whether the model is ready to answer."""
    subject = "model"
    try:
        folder = exported_model(config.encoder.choice, config.models_folder)
        refusal = refusal_of(config.encoder.choice, config.models_folder)
    except CoalitionBotError as error:
        return doubtful(subject, Words("doctor.error", error=error), Words("doctor.model_again"))
    if folder is None and refusal is not None:
        advice = Words("doctor.model_refused")
        return doubtful(subject, refusal, advice)
    if folder is None:
        return doubtful(
            subject,
            Words("doctor.model_unready"),
            Words("doctor.model_later"),
        )
    return good(subject, Words("doctor.model", model=config.encoder.model, folder=folder.resolve()))


def examine_index(config: Config) -> Finding:
    """Whether the index is intact, and of the articles as they are."""
    subject = "index"
    folder = config.index_folder
    try:
        reason = reason_to_build(config, folder) or damage_to(folder)
        manifest = None if reason is not None else read_manifest(folder)
    except CoalitionBotError as error:
        return bad(subject, Words("doctor.error", error=error), Words("doctor.index_correct"))
    if manifest is None:
        advice = Words("doctor.index_later")
        return doubtful(subject, Words("doctor.sentence", words=reason), advice)
    seen = Words("doctor.index", documents=manifest.documents, passages=manifest.passages)
    return good(subject, seen)
