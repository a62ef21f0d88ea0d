"""The operator hands out or erases all that is kept of a server, with one command."""

from __future__ import annotations

import asyncio
import io
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import app as cli
from bot.storage import open_storage
from knowledge import Language

GUILD, OTHER = 11, 22
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with something of two servers."""
    path = tmp_path / "data" / "coalition.db"

    async def fill() -> None:
        async with open_storage(path) as storage:
            for guild in (GUILD, OTHER):
                await storage.guild(guild).pins.pin("Qui ?", Language.FRENCH, "0" * 16, by=1)

    asyncio.run(fill())
    return path


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in a folder of its own; the exit status, and what is said."""
    monkeypatch.chdir(tmp_path)

    def called(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["coalition-bot", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return called


def pins(database: Path, guild: int) -> int:
    async def count() -> int:
        async with open_storage(database) as storage:
            return len(await storage.guild(guild).pins.every())

    return asyncio.run(count())


@pytest.mark.usefixtures("database")
def test_a_server_is_handed_out_as_json(run: Run, tmp_path: Path) -> None:
    code, said = run("guild", "export", str(GUILD))
    assert (code, said) == (0, "guild-11.json: 1 audit, 1 guilds, 1 pins.\n")
    file = tmp_path / "guild-11.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    exported = json.loads(file.read_text("utf-8"))
    assert exported["pins"][0]["question"] == "Qui ?"
    code, said = run("guild", "export", str(GUILD))
    assert code == 2 and "is there already" in said
    code, said = run("guild", "export", "33")
    assert code == 1 and "Nothing is kept of the server 33." in said
    code, said = run("guild", "export", str(GUILD), "--to", "missing/x.json")
    assert code == 2 and "cannot be written" in said


def test_a_server_is_erased_and_no_other(run: Run, database: Path, tmp_path: Path) -> None:
    for guild in (GUILD, OTHER):
        (tmp_path / "data" / "guilds" / str(guild) / "segments").mkdir(parents=True)
    code, said = run("guild", "erase", str(GUILD), "--yes")
    assert (code, said) == (0, "All of the server 11 is erased.\n")
    assert [each.name for each in (tmp_path / "data" / "guilds").iterdir()] == [str(OTHER)]
    assert (pins(database, GUILD), pins(database, OTHER)) == (0, 1)
    code, said = run("guild", "erase", str(GUILD), "--yes")
    assert code == 1 and "Nothing is kept" in said


def test_erasing_asks_first(run: Run, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, _ = run("guild", "erase", str(GUILD))
    assert code == 1
    assert pins(database, GUILD) == 1


def test_a_database_that_is_not_there(run: Run) -> None:
    code, said = run("guild", "erase", str(GUILD), "--yes")
    assert code == 2 and "There is no database" in said
