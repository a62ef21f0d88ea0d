"""Reading the configuration: once, with the line of what is wrong."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import (
    SecretStr,
    ValidationError,
)

from bot.config.settings import Config
from bot.errors import ConfigError
from bot.locales import Words
from knowledge.located_yaml import YamlError, first_problem, parse_yaml

CONFIG_FILE = "config.yaml"


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
        place = path.name
        if error.line is not None:
            place = Words("document.line", file=path.name, line=error.line)
        raise ConfigError(Words("error.config_line", place=place, what=error)) from error
    except UnicodeDecodeError as error:
        raise ConfigError(Words("error.config_not_utf8", path=path)) from error
    except OSError as error:
        raise ConfigError(
            Words("error.config_unreadable", path=path, reason=error.strerror)
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
