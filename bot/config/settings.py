"""The configuration: read once, validated once, frozen, passed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from bot.errors import ConfigError
from bot.telemetry.logs import LogForm, LogLevel
from index import EncoderChoice, Strictness
from knowledge import Language, PassageLimits
from knowledge.located_yaml import YamlError, first_problem, parse_yaml

CONFIG_FILE = "config.yaml"
DATABASE_FILE = "coalition.db"
_SQLITE = "sqlite:///"
_POSTGRESQL = re.compile(
    r"postgresql\+asyncpg://(?:[^:@/?#\s]+(?::(?P<password>[^:@/?#\s]*))?@)?"
    r"(?P<hosts>[\w.,:\[\]-]*)/(?P<name>[^@:/?#\s]+)(?:\?[^@#\s]*)?"
)
_LEAST_LONGEST = 2


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KnowledgeSettings(_Section):
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


class EncoderSettings(_Section):
    """Which model embeds."""

    model: str = Field(default="bundled", min_length=1)
    revision: str | None = None
    query_prompt: str | None = None
    passage_prompt: str | None = None

    @property
    def choice(self) -> EncoderChoice:
        """The same, as the index wants it."""
        return EncoderChoice(self.model, self.revision, self.query_prompt, self.passage_prompt)


class QuestionSettings(_Section):
    """What is asked for and how much is found."""

    longest: int = Field(default=500, ge=10, le=2000)
    passages: int = Field(default=5, ge=1, le=20)
    strictness: Strictness = Strictness.BALANCED


class DiscordSettings(_Section):
    """How the bot is on Discord."""

    language: Language = Language.ENGLISH
    threads: int = Field(default=2, ge=1, le=64)
    waiting: int = Field(default=100, ge=0, le=10_000)
    questions_a_minute: int = Field(default=6, ge=1, le=1000)
    message_content: bool = False


@dataclass(frozen=True, slots=True)
class DatabaseServer:
    """A PostgreSQL server, and how it is used.

    Attributes:
        url: Its address, `postgresql+asyncpg://…`; it may hold a password.
        connections: How many connections this process may hold for its transactions.
        replica: The address of a server that follows it, for reports; None for none.
    """

    url: SecretStr
    connections: int
    replica: SecretStr | None = None

    @property
    def shown(self) -> str:
        """Host, port and database, fit to be read by anybody."""
        found = _POSTGRESQL.fullmatch(self.url.get_secret_value())
        assert found is not None  # noqa: S101 - the configuration lets nothing else through
        return f"{found['hosts']}/{found['name']}"


class DatabaseSettings(_Section):
    """Where everything is kept that cannot be rebuilt."""

    url: SecretStr | None = None
    replica_url: SecretStr | None = None
    connections: int = Field(default=5, ge=1, le=100)

    @property
    def has_password(self) -> bool:
        """Whether an address has a password in it."""
        addresses = (self.url, self.replica_url)
        found = (_POSTGRESQL.fullmatch(each.get_secret_value()) for each in addresses if each)
        return any(each is not None and each["password"] for each in found)

    @field_validator("url")
    @classmethod
    def _of_an_engine_that_is_known(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return value
        url = value.get_secret_value()
        if url.startswith("postgres"):
            _expect_server(url)
        elif url.removeprefix(_SQLITE) in {"", url}:
            raise PydanticCustomError(
                "engine",
                "it should be null, sqlite:/// and the path of a file, or "
                "postgresql+asyncpg://user:password@host:port/database",
            )
        return value

    @field_validator("replica_url")
    @classmethod
    def _of_a_server(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is not None:
            _expect_server(value.get_secret_value())
            followed = info.data.get("url")
            if followed is None or followed.get_secret_value().startswith(_SQLITE):
                raise PydanticCustomError("follows", "only a PostgreSQL server in `url` has one")
        return value

    def place(self, folder: Path) -> Path | DatabaseServer | None:
        """The server or the file, whose path is taken from `folder`; None for the usual file."""
        if self.url is None:
            return None
        url = self.url.get_secret_value()
        if url.startswith(_SQLITE):
            return folder / url.removeprefix(_SQLITE)
        return DatabaseServer(self.url, self.connections, self.replica_url)


def _expect_server(url: str) -> None:
    if not _POSTGRESQL.fullmatch(url):
        raise PydanticCustomError(
            "postgresql",
            "it should be postgresql+asyncpg://user:password@host:port/database, with "
            "%3A, %40, %2F, %3F and %23 for : @ / ? and # in the password",
        )


def database_at(url: str) -> Path | DatabaseServer:
    """The database of an address, as `database.url` has it.

    Raises:
        ConfigError: It is no such address. The message does not show it.
    """
    try:
        place = DatabaseSettings(url=SecretStr(url)).place(Path())
    except ValidationError as error:
        raise ConfigError(f"An address of a database: {error.errors()[0]['msg']}.") from None
    assert place is not None  # noqa: S101 - only a missing address is no place
    return place


class LogSettings(_Section):
    """What is written into the log, and how."""

    level: LogLevel = LogLevel.INFO
    form: LogForm = LogForm.AUTO


class HealthSettings(_Section):
    """Where the bot tells how it is."""

    port: int | None = Field(default=None, ge=1, le=65_535)


class Config(_Section):
    """Every setting; `config.yaml` explains each."""

    data_folder: Path = Path("data")
    database: DatabaseSettings = DatabaseSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    encoder: EncoderSettings = EncoderSettings()
    questions: QuestionSettings = QuestionSettings()
    discord: DiscordSettings = DiscordSettings()
    logs: LogSettings = LogSettings()
    health: HealthSettings = HealthSettings()

    def beside(self, folder: Path) -> Config:
        """The same, with relative paths made relative to `folder`."""
        knowledge = self.knowledge.model_copy(update={"folder": folder / self.knowledge.folder})
        place = self.database.place(folder)
        url = SecretStr(f"{_SQLITE}{place}") if isinstance(place, Path) else self.database.url
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


def read_config(path: Path | None) -> Config:
    """Read and validate the configuration.

    Args:
        path: The file; None takes `config.yaml` in the current folder, or the defaults
            where there is none, with the articles that came with the program where there is no
            folder of articles either.

    Raises:
        ConfigError: The file is missing or cannot be used; names the line.
    """
    if path is None:
        path = Path(CONFIG_FILE)
        if not path.exists():
            config = Config().beside(Path())
            bundled = Path(str(resources.files("knowledge"))) / "articles"
            return config if config.knowledge.folder.is_dir() else config.with_articles(bundled)
    try:
        source = parse_yaml(path.read_text(encoding="utf-8-sig"))
        try:
            value = {} if source.value is None else source.value
            if isinstance(value, dict) and "database" in value:
                value = {**value, "database": _hidden(value["database"])}
            config = Config.model_validate(value)
        except ValidationError as error:
            raise first_problem(error, source) from error
    except YamlError as error:
        place = path.name if error.line is None else f"{path.name}, line {error.line}"
        raise ConfigError(f"{place}: {error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: this is not UTF-8 text. Save it again as UTF-8.") from error
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read ({error.strerror}). Give the path of a configuration with "
            "--config, or run the command in the folder that has config.yaml."
        ) from error
    return config.beside(path.parent)


def _hidden(value: Any) -> Any:  # noqa: ANN401 - any YAML
    """The same, but no error shows its words: an address may have a password in it."""
    if isinstance(value, str):
        return SecretStr(value)
    if isinstance(value, list):
        return [_hidden(each) for each in value]
    if isinstance(value, dict):
        return {"…" if "://" in str(key) else key: _hidden(inner) for key, inner in value.items()}
    return value
