"""Disks that are really full, file systems that lack something, files copied while written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.config.token import Token
from bot.errors import RunningError
from bot.operations.running import only_copy
from bot.storage import StorageFullError, StorageGoneError, open_storage
from tests.bot.storage import writer
from tests.bot.storage.test_sqlite import GUILD, pin
from tests.conftest import ROOT


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["/usr/bin/mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount, and not everywhere")
    yield folder
    subprocess.run(["/usr/bin/umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Leave no room on it; gives the file that takes it."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    assert shutil.disk_usage(disk).free == 0
    return ballast


async def test_a_disk_that_fills_up_while_the_bot_runs(disk: Path, tmp_path: Path) -> None:
    path = disk / "test.db"
    async with open_storage(path) as storage:
        await pin(storage)
        ballast = fill(disk)
        with pytest.raises(StorageFullError, match="Free some space"):
            await pin(storage, "x" * 300_000)
        kept = await storage.guild(GUILD).pins.every()
        with pytest.raises(StorageFullError, match=r"no space left for the backup .*backup\.db"):
            await storage.backup(disk / "backup.db")
        await storage.backup(tmp_path / "backup.db")
    async with open_storage(tmp_path / "backup.db") as copy:
        assert await copy.guild(GUILD).pins.every() == kept
    ballast.unlink()
    async with open_storage(path) as storage:
        assert await storage.guild(GUILD).pins.every() == kept
        await pin(storage, "Quand ?")


async def test_a_start_on_a_full_disk(disk: Path) -> None:
    path = disk / "test.db"
    async with open_storage(path) as storage:
        await pin(storage)
    ballast = fill(disk)
    with pytest.raises(StorageFullError, match=r"no space left for the database .*test\.db"):
        async with open_storage(path):
            pass
    with pytest.raises(StorageFullError):
        async with open_storage(disk / "new.db"):
            pass
    ballast.unlink()
    for each in (path, disk / "new.db"):
        async with open_storage(each) as storage:
            await pin(storage, "Quand ?")


@pytest.fixture
def lacking(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a file system that lacks something."""
    if os.geteuid() != 0 or find_spec("mfusepy") is None or shutil.which("fusermount3") is None:
        pytest.skip("needs root, mfusepy and Debian's fuse3")
    folder, mount = tmp_path / "folder", tmp_path / "mount"
    folder.mkdir()
    mount.mkdir()
    started: list[subprocess.Popen[bytes]] = []

    def mounted(what: str) -> Path:
        command = [sys.executable, "-m", "tests.lockless", str(folder), str(mount), what]
        started.append(subprocess.Popen(command, cwd=ROOT))
        while not mount.is_mount():
            assert started[0].poll() is None, "it does not run here"
            time.sleep(0.05)
        return mount

    yield mounted
    subprocess.run(["/usr/bin/umount", str(mount)], check=False)
    for each in started:
        each.wait()


@pytest.mark.parametrize("what", ["locks", "sharing"])
async def test_a_file_system_that_lacks_what_the_database_needs(
    lacking: Callable[[str], Path], what: str
) -> None:
    folder = lacking(what)
    with pytest.raises(StorageGoneError, match=r"without locks or .* on a disk of this machine"):
        async with open_storage(folder / "test.db"):
            pass


def test_a_data_folder_without_locks(lacking: Callable[[str], Path]) -> None:
    with (
        pytest.raises(RunningError, match=r"No locks available.* on a disk of this machine"),
        only_copy(lacking("locks"), Token("a-token-that-must-never-show")),
    ):
        pass


def copied_while_written(folder: Path) -> Iterator[tuple[Path, int]]:
    """Copies of a file and its log, each with the version that was acknowledged before."""
    path = folder / "test.db"
    command = [sys.executable, "-m", writer.__name__, f"sqlite:///{path}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as writing:
        assert writing.stdout is not None
        for number in range(5):
            acknowledged = int(writing.stdout.readline().split()[1])
            copy = folder / f"{number}.db"
            for ending in ("", "-wal"):
                shutil.copyfile(f"{path}{ending}", f"{copy}{ending}")
            yield copy, acknowledged
        writing.kill()


async def test_a_file_that_is_copied_with_its_log_while_a_bot_writes(tmp_path: Path) -> None:
    """No promise, since the two are copied one after the other; `backup` is one."""
    for copy, acknowledged in list(copied_while_written(tmp_path)):
        async with open_storage(copy) as storage:
            history = await storage.guild(writer.GUILD).documents.history(writer.SLUG)
            assert [each.number for each in history] == list(range(len(history), 0, -1))
            assert len(history) >= acknowledged
