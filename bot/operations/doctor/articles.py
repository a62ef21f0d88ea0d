"""What answers are made from: the configuration, the model and the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.answering.startup import damage_to, reason_to_build
from bot.config import Config, read_config
from bot.config.reading import CONFIG_FILE
from bot.errors import ConfigError
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
        return Config(), bad(subject, str(error), "The rest is examined with the defaults.")
    file = path or Path(CONFIG_FILE)
    if not file.exists():
        return config, good(subject, f"There is no {CONFIG_FILE} here, so all is at its default.")
    return config, good(subject, f"{file.resolve()} can be used.")


def examine_model(config: Config) -> Finding:
    """Whether the model is ready to answer."""
    choice = config.encoder.choice
    setting = _Setting("model", "encoder.model", config.encoder.model)
    return setting.finding(
        lambda: exported_model(choice, config.models_folder),
        lambda: refusal_of(choice, config.models_folder),
    )


def examine_reader(config: Config) -> Finding:
    """Whether the reader is ready to read."""
    choice = config.reader.choice
    setting = _Setting("reader", "reader.model", config.reader.model)
    return setting.finding(
        lambda: exported_reader(choice, config.models_folder),
        lambda: reader_refusal(choice, config.models_folder),
    )


@dataclass(frozen=True, slots=True)
class _Setting:
    """A model that the configuration names.

    Attributes:
        subject: What it is.
        name: The setting.
        value: What it is set to.
    """

    subject: str
    name: str
    value: str

    def finding(
        self, exported: Callable[[], Path | None], refused: Callable[[], str | None]
    ) -> Finding:
        """Whether it is ready.

        Args:
            exported: Gives the folder of its export, if there is one.
            refused: Gives why it cannot be exported, if that is so.
        """
        try:
            folder, refusal = exported(), refused()
        except CoalitionBotError as error:
            advice = "It is made ready again when the bot starts."
            return doubtful(self.subject, str(error), advice)
        if folder is None and refusal is not None:
            advice = "The bot answers all the same, with more memory; "
            return doubtful(self.subject, refusal, f"{advice}`{self.name}` may name another.")
        if folder is None:
            return doubtful(
                self.subject,
                f"The {self.subject} has not been made ready.",
                "It is when the bot starts, which then takes a minute; or run "
                "`coalition-bot index build` now.",
            )
        return good(self.subject, f"{self.value} is ready in {folder.resolve()}.")


def examine_index(config: Config) -> Finding:
    """Whether the index is intact, and of the articles as they are."""
    subject = "index"
    folder = config.index_folder
    try:
        reason = reason_to_build(config, folder) or damage_to(folder)
        manifest = None if reason is not None else read_manifest(folder)
    except CoalitionBotError as error:
        return bad(subject, str(error), "Correct it, then run `coalition-bot index build`.")
    if manifest is None:
        advice = "It is built when the bot starts; or run `coalition-bot index build` now."
        return doubtful(subject, f"{reason}.", advice)
    seen = f"{manifest.documents} documents, {manifest.passages} passages, intact and current."
    return good(subject, seen)
