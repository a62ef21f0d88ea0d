"""Every setting, validated once, frozen, passed in."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import (
    Field,
    SecretStr,
    model_validator,
)

from bot.config.database import SQLITE, DatabaseServer, DatabaseSettings
from bot.config.section import Section
from index import EncoderChoice, ReaderChoice, Strictness
from index.readers.reader import DEFAULT as DEFAULT_READER
from knowledge import Language, PassageLimits

DATABASE_FILE = "coalition.db"
_LEAST_LONGEST = 2


class KnowledgeSettings(Section):
    """Where articles are, how they are divided, and how many servers' are kept open."""

    folder: Path = Path("knowledge/articles")
    shortest_passage: int = Field(default=80, ge=0, le=1000)
    longest_passage: int = Field(default=1200, ge=200, le=3000)
    largest_file: int = Field(default=8, ge=1, le=25)
    open_servers: int = Field(default=32, ge=1, le=10_000)
    open_megabytes: int = Field(default=64, ge=1, le=100_000)

    @model_validator(mode="after")
    def _ordered(self) -> KnowledgeSettings:
        if self.longest_passage < _LEAST_LONGEST * self.shortest_passage:
            raise ValueError("longest_passage must be at least twice shortest_passage")
        return self

    @property
    def limits(self) -> PassageLimits:
        """Both lengths together."""
        return PassageLimits(self.shortest_passage, self.longest_passage)


class EncoderSettings(Section):
    """Which model embeds."""

    model: str = Field(default="bundled", min_length=1)
    revision: str | None = None
    query_prompt: str | None = None
    passage_prompt: str | None = None

    @property
    def choice(self) -> EncoderChoice:
        """The same, as the index wants it."""
        return EncoderChoice(self.model, self.revision, self.query_prompt, self.passage_prompt)


class ReaderSettings(Section):
    """Which model reads question and passage together."""

    model: str = Field(default=DEFAULT_READER, min_length=1)
    revision: str | None = None
    prompt: str | None = None

    @property
    def choice(self) -> ReaderChoice:
        """The same, as the index wants it."""
        return ReaderChoice(self.model, self.revision, self.prompt)


class QuestionSettings(Section):
    """What is asked for and how much is found."""

    longest: int = Field(default=500, ge=10, le=2000)
    passages: int = Field(default=5, ge=1, le=20)
    strictness: Strictness = Strictness.BALANCED


class DiscordSettings(Section):
    """How the bot is on Discord."""

    language: Language = Language.ENGLISH
    threads: int = Field(default=2, ge=1, le=64)
    waiting: int = Field(default=100, ge=0, le=10_000)
    questions_a_minute: int = Field(default=6, ge=1, le=1000)
    message_content: bool = False


class LogForm(StrEnum):
    """How the log is written."""

    AUTO = "auto"
    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """What is written at the least."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogSettings(Section):
    """What is written into the log, and how."""

    level: LogLevel = LogLevel.INFO
    form: LogForm = LogForm.AUTO


class HealthSettings(Section):
    """Where the bot tells how it is."""

    port: int | None = Field(default=None, ge=1, le=65_535)


class Config(Section):
    """Every setting; `config.yaml` explains each."""

    data_folder: Path = Path("data")
    database: DatabaseSettings = DatabaseSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    encoder: EncoderSettings = EncoderSettings()
    reader: ReaderSettings = ReaderSettings()
    questions: QuestionSettings = QuestionSettings()
    discord: DiscordSettings = DiscordSettings()
    logs: LogSettings = LogSettings()
    health: HealthSettings = HealthSettings()

    def beside(self, folder: Path) -> Config:
        """The same, with relative paths made relative to `folder`."""
        knowledge = self.knowledge.model_copy(update={"folder": folder / self.knowledge.folder})
        place = self.database.place(folder)
        url = SecretStr(f"{SQLITE}{place}") if isinstance(place, Path) else self.database.url
        return self.model_copy(
            update={
                "data_folder": folder / self.data_folder,
                "database": self.database.model_copy(update={"url": url}),
                "knowledge": knowledge,
            }
        )

    def with_articles(self, folder: Path) -> Config:
        """The same, with another folder of articles."""
        knowledge = self.knowledge.model_copy(update={"folder": folder})
        return self.model_copy(update={"knowledge": knowledge})

    @property
    def database_place(self) -> Path | DatabaseServer:
        """The file of the database, or its server."""
        return self.database.place(Path()) or self.data_folder / DATABASE_FILE

    @property
    def index_folder(self) -> Path:
        """Where indexes are."""
        return self.data_folder / "index"

    @property
    def guilds_folder(self) -> Path:
        """Where the segments of each server's documents are."""
        return self.data_folder / "guilds"

    @property
    def models_folder(self) -> Path:
        """Where models are."""
        return self.data_folder / "models"
