"""The configuration file says what it does, and does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from bot.config import Config, read_config
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
        key = name.rsplit(".", 1)[-1]
        (place,) = (number for number, line in enumerate(lines) if re.match(rf"\s*{key}: \S", line))
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
