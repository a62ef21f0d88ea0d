"""Everything moves from a file to a server and back, and a kill on the way loses nothing."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from bot.config import DatabaseServer
from bot.errors import ConfigError
from bot.storage import Storage, StorageDamagedError, StorageError, open_storage
from bot.storage.opening import copy_storage
from knowledge import Language
from tests.bot.storage.conftest import Clock
from tests.bot.storage.test_privacy import FILES, fill
from tests.bot.storage.test_questions import MEMBER, question
from tests.conftest import ROOT
from tests.postgres import PASSWORD, PostgresServer

GUILDS = (11, 22, 2**62)
Place = Path | DatabaseServer


async def fill_all(storage: Storage, clock: Clock) -> None:
    for guild in GUILDS:
        await fill(storage, clock, guild)
        await storage.guild(guild).settings.change(by=1, strictness="eager", open_channels=(5, 6))  # type: ignore[arg-type]
        clock.advance(seconds=1.25)
        await storage.record([question(clock, f"« {n} » é😀", guild=guild) for n in range(30)])
    await storage.preferences.choose_language(MEMBER, Language.FRENCH)


async def contents(storage: Storage) -> list[dict[str, Any]]:
    """Everything, without the order of rows."""
    found = []
    for guild in GUILDS:
        exported = await storage.privacy.export(guild)
        found.append({table: sorted(rows, key=str) for table, rows in exported.items()})
    return [*found, {"languages": await storage.preferences.languages()}]


@pytest.fixture
async def source(tmp_path: Path, clock: Clock) -> Path:
    path = tmp_path / "source.db"
    async with open_storage(path, clock) as storage:
        await fill_all(storage, clock)
    return path


def quiet(done: int, total: int) -> None:
    assert 0 <= done <= total


async def test_there_and_back(source: Path, database: DatabaseServer, tmp_path: Path) -> None:
    back = tmp_path / "back.db"
    there = await copy_storage(source, database, quiet)
    assert (await copy_storage(database, back, quiet)).rows == there.rows > 100
    async with (
        open_storage(source) as one,
        open_storage(database) as two,
        open_storage(back) as three,
    ):
        wanted = await contents(one)
        assert wanted[-1] == {"languages": {MEMBER: Language.FRENCH}}
        assert await contents(two) == wanted == await contents(three)
        # New rows are numbered after those that came.
        for storage in (two, three):
            documents = storage.guild(GUILDS[0]).documents
            assert (await documents.put("rules", FILES, by=1, expected=1)).number == 2
            assert (await documents.put("new", FILES, by=1, expected=0)).number == 1


async def test_every_step_of_progress(source: Path, database: DatabaseServer) -> None:
    steps: list[tuple[int, int]] = []
    copied = await copy_storage(source, database, lambda done, total: steps.append((done, total)))
    assert steps[0] == (0, 2 * copied.rows)
    assert steps[-1] == (2 * copied.rows, 2 * copied.rows)
    assert steps == sorted(steps)


async def killed(source: Path, target: DatabaseServer, after: int) -> int:
    """Copy until some rows are written; how many the copy had said it wrote."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot.storage.copier", str(source),
        target.url.get_secret_value(), stdout=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    done = 0
    async for line in process.stdout:
        done = int(line.split()[0])
        if done >= after:
            process.kill()
            break
    assert await process.wait() == -9
    return done


async def test_a_copy_that_is_killed_goes_on(source: Path, database: DatabaseServer) -> None:
    for after in (5, 40, 90):
        done = await killed(source, database, after)
        with pytest.raises(StorageDamagedError, match="goes on where it was stopped"):
            async with open_storage(database):
                pass
    copied = await copy_storage(source, database, quiet)
    assert copied.resumed >= done >= 90
    async with open_storage(source) as one, open_storage(database) as two:
        assert await contents(two) == await contents(one)


async def test_a_source_that_changed_since_it_was_begun(
    source: Path, database: DatabaseServer, clock: Clock
) -> None:
    await killed(source, database, 90)
    async with open_storage(source, clock) as storage:
        await storage.privacy.forget(7)
    with pytest.raises(StorageError, match="are not those of the source"):
        await copy_storage(source, database, quiet)
    with pytest.raises(StorageDamagedError):
        async with open_storage(database):
            pass


async def test_a_target_with_something_in_it(source: Path, place: Place, clock: Clock) -> None:
    async with open_storage(place, clock) as storage:
        await fill(storage, clock, 33)
        before = await storage.privacy.export(33)
    with pytest.raises(StorageError, match="The target is not empty"):
        await copy_storage(source, place, quiet)
    async with open_storage(place, clock) as storage:
        assert await storage.privacy.export(33) == before


async def test_a_source_that_is_not_there(database: DatabaseServer, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="There is no database"):
        await copy_storage(tmp_path / "missing.db", database, quiet)
    assert not (tmp_path / "missing.db").exists()


def test_the_command(postgres: PostgresServer, tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "source.db"

    async def make() -> None:
        async with open_storage(path, clock) as storage:
            await fill_all(storage, clock)

    asyncio.run(make())
    postgres.execute("CREATE DATABASE moved")
    address = postgres.address("moved").url.get_secret_value()
    done = CliRunner().invoke(app, ["database", "copy", f"sqlite:///{path}", address])
    assert done.exit_code == 0, done.output
    assert re.search(r"\d+ rows copied and compared\. Set `database\.url`", done.output)
    assert PASSWORD not in done.output


def test_an_address_that_is_none_is_not_shown() -> None:
    done = CliRunner().invoke(app, ["database", "copy", f"postgres://bot:{PASSWORD}@h/d", "x"])
    assert isinstance(done.exception, ConfigError)
    assert "it should be postgresql+asyncpg://" in str(done.exception)
    assert PASSWORD not in f"{done.exception} {done.exception!r} {done.output}"
