"""Bad days of a database file: locked, full, damaged, too new, gone, killed."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event

from bot.storage import (
    Storage,
    StorageBusyError,
    StorageDamagedError,
    StorageFullError,
    StorageGoneError,
    StorageTooNewError,
    open_storage,
)
from bot.storage.sql import sqlite
from bot.storage.sql.schema import VERSIONS
from bot.storage.sql.sqlite import SqliteEngine
from bot.storage.sql.storage import SqlStorage
from bot.storage.sql.tables import Base
from knowledge import Language
from tests.bot.storage.conftest import Clock
from tests.conftest import ROOT

GUILD = 11
SECRET = "une question que personne ne doit lire"  # noqa: S105


async def pin(storage: Storage, question: str = "Qui ?") -> None:
    await storage.guild(GUILD).pins.pin(question, Language.FRENCH, "0" * 16, by=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


async def test_a_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    async with open_storage(tmp_path / "data" / "test.db") as storage:
        await pin(storage)
        for file in (tmp_path / "data").iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


async def test_a_lock_held_by_another_program(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_PRAGMAS", (*sqlite._PRAGMAS, "PRAGMA busy_timeout = 10"))
    async with open_storage(path) as storage:
        await pin(storage)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageBusyError, match="second copy of the bot"):
                await pin(storage, "Quand ?")
            assert len(await storage.guild(GUILD).pins.every()) == 1  # reading goes on
            other.execute("ROLLBACK")
        await pin(storage, "Quand ?")
        assert len(await storage.guild(GUILD).pins.every()) == 2


@pytest.fixture
async def tight(path: Path, clock: Clock) -> AsyncIterator[SqlStorage]:
    """A storage with hardly any room."""
    engine = SqliteEngine(path)

    def limit(connection: sqlite3.Connection, record: object) -> None:
        del record
        connection.execute("PRAGMA max_page_count = 60")

    event.listen(engine.engine.sync_engine, "connect", limit)
    storage = SqlStorage(engine, clock)
    await storage.prepare()
    yield storage
    await storage.close()


async def test_a_full_disk(tight: SqlStorage) -> None:
    documents = tight.guild(GUILD).documents
    await documents.put("small", {"fr.md": "x"}, by=1, expected=0)
    with pytest.raises(StorageFullError, match="Free some space"):
        await documents.put("large", {"fr.md": "x" * 1_000_000}, by=1, expected=0)
    assert [each.slug for each in await documents.every()] == ["small"]
    assert await tight.guild(GUILD).audit.count() == 1


async def test_a_database_of_a_newer_version(path: Path) -> None:
    async with open_storage(path) as storage:
        await pin(storage)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StorageTooNewError, match=r"9999.*Install the newer version"):
        async with open_storage(path):
            pass
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT question FROM pins").fetchall() == [("Qui ?",)]


@pytest.mark.parametrize("damage", ["not a database", "a page of noise"])
async def test_a_damaged_file(path: Path, damage: str) -> None:
    async with open_storage(path) as storage:
        for number in range(200):
            await pin(storage, f"Question numéro {number} ?")
    content = bytearray(path.read_bytes())
    if damage == "not a database":
        content[:4096] = b"x" * 4096
    else:
        middle = len(content) // 2 // 4096 * 4096
        content[middle : middle + 4096] = b"\x07" * 4096
    path.write_bytes(content)
    with pytest.raises(StorageDamagedError, match="put a backup in its place"):
        async with open_storage(path):
            pass


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageGoneError, match="set `data_folder`"):
        async with open_storage(tmp_path / "file" / "test.db"):
            pass


@pytest.mark.parametrize("replaced", [False, True])
async def test_a_file_that_was_taken_away(path: Path, *, replaced: bool) -> None:
    async with open_storage(path) as storage:
        await pin(storage)
        path.rename(path.with_name("elsewhere"))
        if replaced:
            path.write_bytes(path.with_name("elsewhere").read_bytes())
        with pytest.raises(StorageGoneError, match="moved or replaced while the bot ran"):
            await pin(storage, "Quand ?")


async def test_a_backup_while_the_bot_writes(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "backups" / "one.db"
    target.parent.mkdir()
    target.write_text("an earlier backup")
    async with open_storage(path) as storage:
        for number in range(50):
            await pin(storage, f"avant {number}")
        writing = asyncio.gather(*(pin(storage, f"pendant {number}") for number in range(50)))
        await storage.backup(target)
        await writing
    assert [file.name for file in target.parent.iterdir()] == ["one.db"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    async with open_storage(target) as copy:
        questions = {each.question for each in await copy.guild(GUILD).pins.every()}
        assert {f"avant {number}" for number in range(50)} <= questions


async def test_a_backup_that_cannot_be_written(path: Path, tmp_path: Path) -> None:
    async with open_storage(path) as storage:
        with pytest.raises(StorageFullError, match="cannot be written"):
            await storage.backup(tmp_path / "missing" / "one.db")


async def test_what_was_forgotten_stands_in_no_file(path: Path) -> None:
    async with open_storage(path) as storage:
        await storage.guild(GUILD).requests.add(
            member=1, text=SECRET, language=Language.FRENCH, channel=5
        )
        await pin(storage, f"{SECRET} 2")
        assert any(SECRET.encode() in file.read_bytes() for file in path.parent.iterdir())
        await storage.privacy.forget(1)
        await storage.privacy.erase(GUILD)
        assert not any(SECRET.encode() in file.read_bytes() for file in path.parent.iterdir())


async def test_what_goes_in_its_time_stands_in_no_file(path: Path, clock: Clock) -> None:
    async with open_storage(path, clock) as storage:
        await storage.guild(GUILD).requests.add(
            member=1, text=SECRET, language=Language.FRENCH, channel=5
        )
        assert any(SECRET.encode() in file.read_bytes() for file in path.parent.iterdir())
        clock.advance(days=30)
        assert (await storage.privacy.sweep()).requests == 1
        assert not any(SECRET.encode() in file.read_bytes() for file in path.parent.iterdir())


async def test_forgetting_leaves_no_connection_in_use(path: Path) -> None:
    async with open_storage(path) as storage:
        await pin(storage)
        for member in range(20):
            await storage.privacy.forget(member)
            await pin(storage, f"Question {member} ?")
            pins = storage.guild(GUILD).pins
            await asyncio.gather(*(pins.every() for _ in range(6)))


async def test_no_words_of_members_reach_a_log_or_an_error(
    tight: SqlStorage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sqlalchemy.engine")
    await pin(tight, SECRET)
    with pytest.raises(StorageFullError) as failed:
        await pin(tight, SECRET * 10_000)
    error: BaseException | None = failed.value
    while error is not None:
        assert SECRET not in f"{error} {error!r}"
        error = error.__cause__ or error.__context__


async def test_the_tables_are_those_that_the_migrations_make(path: Path) -> None:
    async with open_storage(path):
        pass
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()
    assert differences == []


def test_every_migration_is_a_version_that_is_known() -> None:
    config = Config()
    config.set_main_option("script_location", "bot.storage.sql:migrations")
    migrations = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(each.revision for each in migrations) == VERSIONS[::-1]


def test_a_start_needs_no_alembic_where_nothing_is_to_be_done(tmp_path: Path) -> None:
    code = (
        "import asyncio, pathlib, sys\n"
        "from bot.storage import open_storage\n"
        "async def start():\n"
        "    async with open_storage(pathlib.Path(sys.argv[1])):\n"
        "        print('alembic' in sys.modules)\n"
        "asyncio.run(start())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "test.db")]
    said = [
        subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
        for _ in range(2)
    ]
    assert said == ["True\n", "False\n"]


async def test_a_start_waits_for_what_another_writes_in_a_new_file(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE theirs (id INTEGER)")
        other.execute("BEGIN IMMEDIATE")
        asyncio.get_running_loop().call_later(0.2, other.execute, "COMMIT")
        async with open_storage(path) as storage:
            assert not other.in_transaction
            await pin(storage)


async def test_two_processes_that_start_at_once_make_the_tables_once(tmp_path: Path) -> None:
    async def start(number: int) -> None:
        async with open_storage(tmp_path / "test.db") as storage:
            await pin(storage, f"Question {number} ?")

    await asyncio.gather(*(start(number) for number in range(4)))
    async with open_storage(tmp_path / "test.db") as storage:
        assert len(await storage.guild(GUILD).pins.every()) == 4
