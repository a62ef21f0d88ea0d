"""The configuration file says what it does, and does what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from bot.config import Config, DatabaseServer, read_config
from bot.errors import ConfigError
from tests.conftest import ROOT

FILE = ROOT / "config.yaml"


def test_the_file_shows_the_defaults() -> None:
    assert read_config(FILE) == Config().beside(ROOT)


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("")
    assert read_config(path) == Config().beside(tmp_path)


def test_every_setting_stands_in_the_file_under_a_comment() -> None:
    lines = FILE.read_text("utf-8").splitlines()
    for name in settings(Config()):
        section, _, key = name.rpartition(".")
        start = lines.index(f"{section}:") + 1 if section else 0
        indent = "  " if section else ""
        place = next(
            number
            for number, line in enumerate(lines[start:], start)
            if line.startswith(f"{indent}{key}: ")
        )
        assert all(not line or line[0] in " #" for line in lines[start:place]) or not section
        above = lines[place - 1].strip()
        # Two prompts share a comment.
        assert above.startswith(("#", "query_prompt")), name


def settings(section: BaseModel, prefix: str = "") -> list[str]:
    names: list[str] = []
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            names += settings(value, f"{prefix}{name}.")
        else:
            names.append(prefix + name)
    return names


def test_it_is_frozen() -> None:
    with pytest.raises(ValidationError):
        Config().data_folder = Path("elsewhere")


SECRET = "a-password-nobody-may-read"  # noqa: S105


@pytest.mark.parametrize(
    "database",
    [
        f"\n  url: postgresql://bot:{SECRET}@db.example.org/bot",
        f"\n  url: postgresql+asyncpg://bot:{SECRET}@db.example.org",
        f"\n  url: postgresql+asyncpg://bot:a/{SECRET}@db.example.org/bot",
        f"\n  url: postgresql+asyncpg://bot:a@{SECRET}@db.example.org/bot",
        f"\n  url: postgresql+asyncpg://bot:{SECRET}#a@db.example.org/bot",
        f"\n  url: {SECRET}",
        "\n  url: sqlite:///",
        f"\n  url: [postgresql://bot:{SECRET}@db.example.org/bot]",
        f" postgresql://bot:{SECRET}@db.example.org/bot",
        f"\n  postgresql://bot:{SECRET}@db.example.org/bot:",
        f"\n  uri: postgresql://bot:{SECRET}@db.example.org/bot",
        f"\n  replica_url: postgresql+asyncpg://bot:{SECRET}@db.example.org/bot",
        f"\n  url: postgresql+asyncpg://db/bot\n  replica_url: postgresql://{SECRET}@db/bot",
        f"\n  url: postgresql+asyncpg://db/bot\n  replica_url: sqlite:///{SECRET}",
    ],
)
def test_a_refused_database_is_not_shown(tmp_path: Path, database: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"database:{database}\n")
    with pytest.raises(ConfigError, match=r"config\.yaml, line [123]: ") as refused:
        read_config(path)
    error: BaseException | None = refused.value
    while error is not None:
        assert SECRET not in f"{error} {error!r}"
        error = error.__cause__


def test_the_database_is_in_the_data_folder_or_where_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("data_folder: elsewhere\n")
    assert read_config(path).database_place == tmp_path / "elsewhere" / "coalition.db"
    path.write_text("database:\n  url: sqlite:///bot.db\n")
    assert read_config(path).database_place == tmp_path / "bot.db"
    path.write_text("database:\n  url: sqlite:////srv/bot.db\n")
    config = read_config(path)
    assert config.database_place == Path("/srv/bot.db")
    assert "/srv/bot.db" not in f"{config!r} {config}"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"bot:{SECRET}@db.example.org:5433/bot", "db.example.org:5433/bot"),
        ("bot@one:5432,two:5432/bot?target_session_attrs=read-write", "one:5432,two:5432/bot"),
        (f"bot:{SECRET}@[::1]:5432/bot?sslmode=require", "[::1]:5432/bot"),
        ("/bot?host=/var/run/postgresql", "/bot"),
    ],
)
def test_a_server_is_shown_without_its_password(tmp_path: Path, url: str, shown: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"database:\n  url: postgresql+asyncpg://{url}\n  connections: 7\n")
    config = read_config(path)
    place = config.database_place
    assert isinstance(place, DatabaseServer)
    assert (place.shown, place.connections) == (shown, 7)
    assert SECRET not in f"{config!r} {config} {place!r} {place}"


def test_a_replica_follows_a_server(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    url = f"postgresql+asyncpg://bot:{SECRET}@two/bot"
    path.write_text(f"database:\n  url: postgresql+asyncpg://one/bot\n  replica_url: {url}\n")
    place = read_config(path).database_place
    assert isinstance(place, DatabaseServer) and place.replica is not None
    assert place.replica.get_secret_value() == url and SECRET not in f"{place!r} {place}"
    path.write_text(f"database:\n  url: sqlite:///bot.db\n  replica_url: {url}\n")
    with pytest.raises(ConfigError, match="only a PostgreSQL server in `url` has one"):
        read_config(path)
