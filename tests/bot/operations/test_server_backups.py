"""Backups of a PostgreSQL server: the same file as of SQLite, put back into either."""

from __future__ import annotations

import asyncio
import zipfile
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli.app import app
from bot.config import DatabaseServer, read_config
from bot.errors import BackupError
from bot.operations.backups import verified_backup
from bot.storage import StorageError, StorageGoneError, StorageTooNewError, open_storage
from tests.bot.killing import grown
from tests.bot.operations.test_backups import Place, here, there
from tests.bot.storage.conftest import Clock
from tests.bot.storage.test_copying import contents, fill_all, killed
from tests.bot.storage.test_privacy import FILES
from tests.bot.storage.test_questions import GUILD, question
from tests.postgres import PASSWORD, PostgresServer

__all__ = ["here", "there"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


def configure(place: Place, database: DatabaseServer) -> None:
    url = database.url.get_secret_value()
    place.settings.write_text(yaml.safe_dump({"database": {"url": url}}), "utf-8")


@pytest.fixture
async def filled(here: Place, database: DatabaseServer, clock: Clock) -> Place:
    """A folder whose database is on a server, with all kinds of things in it."""
    configure(here, database)
    async with open_storage(database, clock) as storage:
        await fill_all(storage, clock)
    return here


@pytest.fixture
def another(postgres: PostgresServer) -> DatabaseServer:
    postgres.execute("DROP DATABASE IF EXISTS another")
    postgres.execute("CREATE DATABASE another")
    return postgres.address("another")


async def restored(place: Place, backup: Path, *, replace: bool = False) -> None:
    """Restore as the command does, which has no loop of its own running."""
    await asyncio.to_thread(place.restore, backup, replace=replace)


async def alike(*places: Path | DatabaseServer) -> bool:
    async with AsyncExitStack() as stack:
        storages = [await stack.enter_async_context(open_storage(each)) for each in places]
        first, *rest = [await contents(each) for each in storages]
        return all(each == first for each in rest)


async def test_it_comes_back_in_a_file(
    filled: Place, there: Place, database: DatabaseServer
) -> None:
    there.settings.write_text("database:\n  url: null\n")
    backup = await filled.back_up()
    await restored(there, backup)
    assert await alike(database, there.database)
    assert "database.db" in verified_backup(backup).files
    assert {path.name for path in filled.folder.iterdir()} == {
        ".env", "a.zip", "config.yaml", "knowledge",
    }  # fmt: skip
    async with open_storage(there.database) as storage:
        documents = storage.guild(GUILD).documents
        assert (await documents.put("rules", FILES, by=1, expected=1)).number == 2


async def test_it_comes_back_on_another_server(
    filled: Place, there: Place, database: DatabaseServer, another: DatabaseServer
) -> None:
    configure(there, another)
    await restored(there, await filled.back_up())
    assert await alike(database, another)
    assert there.said[-2].startswith(f"The database is back at {another.shown}: ")
    async with open_storage(another) as storage:
        documents = storage.guild(GUILD).documents
        assert (await documents.put("rules", FILES, by=1, expected=1)).number == 2


async def test_a_file_comes_back_on_a_server(
    here: Place, there: Place, another: DatabaseServer, clock: Clock
) -> None:
    here.database.parent.mkdir(parents=True)
    async with open_storage(here.database, clock) as storage:
        await fill_all(storage, clock)
    configure(there, another)
    await restored(there, await here.back_up())
    assert await alike(here.database, another)


async def test_it_is_of_one_moment_while_the_bot_writes(
    filled: Place, there: Place, database: DatabaseServer, clock: Clock
) -> None:
    there.settings.write_text("database:\n  url: null\n")
    kept: list[int] = []

    async def write() -> None:
        async with open_storage(database, clock) as storage:
            while True:
                await storage.guild(GUILD).settings.change(by=1, retention_days=1 + len(kept) % 700)
                kept.append(len(kept))

    writing = asyncio.create_task(write())
    await grown(kept, by=5)
    before = len(kept)
    backup = await filled.back_up()
    assert len(kept) > before
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await restored(there, backup)
    async with open_storage(there.database) as storage:
        guild = storage.guild(GUILD)
        (entry,) = await guild.audit.latest(1)
        # The last change and its entry in the audit belong together.
        assert (await guild.settings.read()).retention_days == entry.new
        assert len(kept) >= entry.new - 1 >= before - 1


async def test_a_database_that_has_something_is_left_alone(
    filled: Place, there: Place, another: DatabaseServer, clock: Clock
) -> None:
    async with open_storage(another, clock) as storage:
        await storage.record([question(clock)])
        before = await storage.privacy.export(GUILD)
    configure(there, another)
    backup = await filled.back_up()
    with pytest.raises(StorageError, match="The target is not empty"):
        await restored(there, backup)
    with pytest.raises(BackupError, match="Make an empty one with `createdb`"):
        await restored(there, backup, replace=True)
    async with open_storage(another, clock) as storage:
        assert await storage.privacy.export(GUILD) == before


async def test_a_restore_that_was_killed_goes_on(
    filled: Place, there: Place, database: DatabaseServer, another: DatabaseServer
) -> None:
    configure(there, another)
    backup = await filled.back_up()
    with zipfile.ZipFile(backup) as archive:
        database_file = Path(archive.extract("database.db", there.folder))
    await killed(database_file, another, 40)
    await restored(there, backup)
    assert await alike(database, another)


async def test_a_server_that_is_away_leaves_no_half_backup(
    here: Place, own_server: PostgresServer
) -> None:
    configure(here, own_server.address("postgres"))
    own_server.kill()
    with pytest.raises(StorageGoneError):
        await here.back_up()
    assert not list(here.folder.glob("*.zip")) and not list(here.folder.glob(".*.part"))
    assert not list(here.folder.glob(".copy-*"))


@pytest.mark.parametrize("version", ["0001", "9999"])
async def test_tables_of_another_version_stay_as_they_are(
    filled: Place, postgres: PostgresServer, version: str
) -> None:
    postgres.execute(f"UPDATE alembic_version SET version_num = '{version}'", "test")  # noqa: S608
    kind = StorageTooNewError if version == "9999" else StorageError
    with pytest.raises(kind, match=f"the tables of version {version}"):
        await filled.back_up()
    assert postgres.execute("SELECT version_num FROM alembic_version", "test") == version


async def test_that_the_password_is_in_it_is_said(filled: Place, postgres: PostgresServer) -> None:
    await filled.back_up()
    assert filled.said[-1] == "config.yaml is in it, and with that the password of the database."
    assert PASSWORD not in "".join(filled.said)
    assert postgres.execute("SELECT version_num FROM alembic_version", "test")


def test_the_commands(here: Place, there: Place, postgres: PostgresServer) -> None:
    for name in ("backed", "put_back"):
        postgres.execute(f"CREATE DATABASE {name}")
    configure(here, postgres.address("backed"))
    configure(there, postgres.address("put_back"))

    async def fill() -> None:
        async with open_storage(postgres.address("backed")) as storage:
            await fill_all(storage, Clock())

    asyncio.run(fill())
    file = here.folder / "a.zip"
    for arguments in (
        ["backup", str(file), "--config", str(here.settings)],
        ["restore", str(file), "--config", str(there.settings)],
    ):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.output
        assert PASSWORD not in done.output
    places = (read_config(each.settings).database_place for each in (here, there))
    assert asyncio.run(alike(*places))
