"""What answers are made from: the configuration, the model and the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.answering.startup import damage_to, reason_to_build
from bot.config import Config, read_config
from bot.config.reading import CONFIG_FILE
from bot.errors import ConfigError
from bot.locales import Words
from bot.operations.doctor.findings import Finding, bad, doubtful, good
from index.encoders.opening import exported_model, refusal_of
from index.readers.opening import exported_reader, reader_refusal
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
    choice = config.encoder.choice
    setting = _Setting("model", config.encoder.model)
    return setting.finding(
        lambda: exported_model(choice, config.models_folder),
        lambda: refusal_of(choice, config.models_folder),
    )


def examine_reader(config: Config) -> Finding:
    """Whether the reader is ready to read."""
    choice = config.reader.choice
    setting = _Setting("reader", config.reader.model)
    return setting.finding(
        lambda: exported_reader(choice, config.models_folder),
        lambda: reader_refusal(choice, config.models_folder),
    )


@dataclass(frozen=True, slots=True)
class _Setting:
    """A model that the configuration names.

    Attributes:
        subject: What it is; its words are `doctor.SUBJECT` and those that begin so.
        value: What it is set to.
    """

    subject: str
    value: str

    def finding(
        self, exported: Callable[[], Path | None], refused: Callable[[], Words | str | None]
    ) -> Finding:
        """Whether it is ready.

        Args:
            exported: Gives the folder of its export, if there is one.
            refused: Gives why it cannot be exported, if that is so.
        """
        said = f"doctor.{self.subject}"
        try:
            folder, refusal = exported(), refused()
        except CoalitionBotError as error:
            return doubtful(
                self.subject, Words("doctor.error", error=error), Words(f"{said}_again")
            )
        if folder is None and refusal is not None:
            return doubtful(self.subject, refusal, Words(f"{said}_refused"))
        if folder is None:
            return doubtful(self.subject, Words(f"{said}_unready"), Words(f"{said}_later"))
        return good(self.subject, Words(said, model=self.value, folder=folder.resolve()))


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
    seen = Words("doctor.index", count=manifest.documents, passages=manifest.passages)
    return good(subject, seen)
