"""Where everything is kept that cannot be rebuilt: a file or a server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from bot.config.section import Section
from bot.errors import ConfigError

SQLITE = "sqlite:///"

_POSTGRESQL = re.compile(
    r"postgresql\+asyncpg://(?:[^:@/?#\s]+(?::(?P<password>[^:@/?#\s]*))?@)?"
    r"(?P<hosts>[\w.,:\[\]-]*)/(?P<name>[^@:/?#\s]+)(?:\?[^@#\s]*)?"
)


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


class DatabaseSettings(Section):
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
        elif url.removeprefix(SQLITE) in {"", url}:
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
            if followed is None or followed.get_secret_value().startswith(SQLITE):
                raise PydanticCustomError("follows", "only a PostgreSQL server in `url` has one")
        return value

    def place(self, folder: Path) -> Path | DatabaseServer | None:
        """The server or the file, whose path is taken from `folder`; None for the usual file."""
        if self.url is None:
            return None
        url = self.url.get_secret_value()
        if url.startswith(SQLITE):
            return folder / url.removeprefix(SQLITE)
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
