"""Running commands in a folder as a clone has it."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.answering import startup
from bot.cli import app as cli
from index import Encoder
from tests.conftest import ARTICLES, ROOT


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def fresh_folder(tmp_path: Path) -> Path:
    """A folder as a clone has it: the configuration and the articles."""
    shutil.copy(ROOT / "config.yaml", tmp_path)
    shutil.copytree(ARTICLES, tmp_path / "knowledge" / "articles")
    return tmp_path


@pytest.fixture
def folder(fresh_folder: Path, index_folder: Path) -> Path:
    """The same, with the index built."""
    shutil.copytree(index_folder, fresh_folder / "data" / "index")
    return fresh_folder


@pytest.fixture
def run(
    fresh_folder: Path,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> Run:
    """Runs the command line in `folder`; the encoder is loaded already."""
    monkeypatch.chdir(fresh_folder)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for variable in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(startup, "load_encoder", lambda *_: encoder)

    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["coalition-bot", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfdbinary.readouterr()
        return Ran(int(ended.value.code or 0), out.decode(), err.decode())

    return run
