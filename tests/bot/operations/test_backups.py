"""Backups: taken while the bot runs, put back whole, and nothing ever overwritten."""

from __future__ import annotations

import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from bot.config import read_config
from bot.config.token import Token
from bot.errors import BackupError, RunningError
from bot.operations.backups import back_up, restore, verified_backup
from bot.operations.running import only_copy
from bot.storage import AskedQuestion, open_storage
from tests.bot.storage.conftest import Clock
from tests.bot.storage.test_questions import GUILD, question
from tests.conftest import ARTICLES

TOKEN = "a-token-that-must-never-show"  # noqa: S105


def quiet(done: int, total: int) -> None:
    assert 0 <= done <= total


class Place:
    """A folder in which the bot was set up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = folder / "config.yaml"
        self.said: list[str] = []

    @property
    def database(self) -> Path:
        place = read_config(self.settings).database_place
        assert isinstance(place, Path)
        return place

    async def record(self, asked: AskedQuestion) -> None:
        self.database.parent.mkdir(parents=True, exist_ok=True)
        async with open_storage(self.database) as storage:
            await storage.record([asked])

    async def recorded(self, asked: AskedQuestion) -> bool:
        async with open_storage(self.database) as storage:
            return await storage.guild(GUILD).questions.get(asked.id) == asked

    async def back_up(self) -> Path:
        config = read_config(self.settings)
        return await back_up(config, self.settings, self.folder / "a.zip", self.said.append, quiet)

    def restore(self, backup: Path, *, replace: bool = False) -> None:
        restore(self.settings, backup, self.said.append, quiet, replace=replace)


@pytest.fixture
def here(tmp_path: Path) -> Place:
    folder = tmp_path / "here"
    shutil.copytree(ARTICLES, folder / "knowledge" / "articles")
    (folder / "config.yaml").write_text("discord:\n  language: fr\n")
    (folder / ".env").write_text(f"DISCORD_TOKEN={TOKEN}\n")
    return Place(folder)


@pytest.fixture
def there(tmp_path: Path) -> Place:
    """A folder of another machine, with nothing in it."""
    (tmp_path / "there").mkdir()
    return Place(tmp_path / "there")


async def test_everything_comes_back_elsewhere(here: Place, there: Place) -> None:
    asked = question(Clock())
    await here.record(asked)
    backup = await here.back_up()
    there.restore(backup)
    assert await there.recorded(asked)
    for name in ("config.yaml", *(f"knowledge/articles/{path}" for path in articles())):
        assert (there.folder / name).read_bytes() == (here.folder / name).read_bytes()
    assert not (there.folder / ".env").exists()
    assert TOKEN.encode() not in backup.read_bytes()
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert stat.S_IMODE(there.database.stat().st_mode) == 0o600
    assert {path.name for path in here.folder.iterdir()} == {
        ".env", "a.zip", "config.yaml", "data", "knowledge",
    }  # fmt: skip


def articles() -> list[str]:
    return [path.relative_to(ARTICLES).as_posix() for path in ARTICLES.rglob("*") if path.is_file()]


async def test_it_is_taken_while_the_bot_writes(here: Place, there: Place) -> None:
    before, after = question(Clock()), question(Clock())
    await here.record(before)
    with only_copy(here.database.parent, Token(TOKEN)):
        async with open_storage(here.database) as storage:
            backup = await here.back_up()
            await storage.record([after])
    there.restore(backup)
    assert await there.recorded(before)
    assert not await there.recorded(after)


async def test_what_is_there_is_kept(here: Place) -> None:
    old, new = question(Clock()), question(Clock())
    await here.record(old)
    backup = await here.back_up()
    await here.record(new)
    here.settings.write_text("discord:\n  language: en\n")
    with pytest.raises(BackupError, match="Give --replace"):
        here.restore(backup)
    assert await here.recorded(new)
    here.restore(backup, replace=True)
    assert await here.recorded(old) and not await here.recorded(new)
    (aside,) = here.database.parent.glob("*.before-*[0-9]")
    aside.replace(here.database)
    assert await here.recorded(new)
    assert here.settings.read_text() == "discord:\n  language: en\n"
    assert (here.folder / "config.yaml.from-backup").read_text() == "discord:\n  language: fr\n"


async def test_a_running_bot_is_left_alone(here: Place) -> None:
    await here.record(question(Clock()))
    backup = await here.back_up()
    before = here.database.read_bytes()
    with (
        only_copy(here.database.parent, Token(TOKEN)),
        pytest.raises(RunningError, match="Stop it, restore, and start it"),
    ):
        here.restore(backup, replace=True)
    assert here.database.read_bytes() == before


async def test_a_damaged_backup_changes_nothing(here: Place, there: Place) -> None:
    await here.record(question(Clock()))
    backup = await here.back_up()
    whole = backup.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", whole[:2000] + b"\0" * 64 + whole[2064:]):
        backup.write_bytes(damaged)
        with pytest.raises(BackupError, match=r"damaged|no backup"):
            there.restore(backup)
    assert not list(there.folder.iterdir())
    with pytest.raises(BackupError, match="cannot be read"):
        there.restore(here.folder / "nowhere.zip")


async def test_a_forged_backup_cannot_leave_its_folder(here: Place, there: Place) -> None:
    backup = await here.back_up()
    manifest = verified_backup(backup)
    for name in ("articles/../../evil", "/evil", "articles", "other.txt"):
        forged = here.folder / "forged.zip"
        sums = {name: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
        with zipfile.ZipFile(forged, "w") as archive:
            archive.writestr(name, b"")
            archive.writestr(
                "manifest.json", manifest.model_copy(update={"files": sums}).model_dump_json()
            )
        with pytest.raises(BackupError):
            there.restore(forged)
    assert not list(there.folder.iterdir())


async def test_without_a_database_the_rest_is_kept(here: Place, there: Place) -> None:
    backup = await here.back_up()
    assert here.said[0].startswith("There is no database yet")
    there.restore(backup)
    assert there.settings.exists() and not there.database.exists()


async def test_a_backup_is_never_overwritten(here: Place) -> None:
    first = (await here.back_up()).read_bytes()
    with pytest.raises(BackupError, match="is there already"):
        await here.back_up()
    assert (here.folder / "a.zip").read_bytes() == first
