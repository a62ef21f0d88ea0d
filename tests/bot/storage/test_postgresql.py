"""Bad days of a PostgreSQL server: each has its own words, and none of them the password."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from bot.config import DatabaseServer
from bot.storage import (
    Storage,
    StorageBusyError,
    StorageDamagedError,
    StorageError,
    StorageGoneError,
    StorageTooNewError,
    open_storage,
)
from bot.storage.sql.postgresql import connecting as postgresql_connecting
from bot.storage.sql.postgresql.engine import PostgresqlEngine
from bot.storage.sql.tables import Base
from knowledge import Language
from tests.bot.killing import grown, pin_until_refused
from tests.bot.storage.conftest import Clock
from tests.bot.storage.test_changes import changes_of, next_change
from tests.bot.storage.test_copying import fill_all
from tests.conftest import ROOT
from tests.postgres import PASSWORD, NoServerError, PostgresServer

GUILD = 11


async def pin(storage: Storage, question: str = "Qui ?") -> None:
    await storage.guild(GUILD).pins.pin(question, Language.FRENCH, "0" * 16, by=1)


async def refusal(place: DatabaseServer) -> StorageError:
    """Why the storage cannot be opened; nothing of it shows the password."""
    with pytest.raises(StorageError) as refused:
        async with open_storage(place):
            pass
    shown = "".join(traceback.format_exception(refused.value))
    assert PASSWORD not in f"{shown} {refused.value!r} {place!r} {place}"
    return refused.value


async def test_a_wrong_password(postgres: PostgresServer) -> None:
    error = await refusal(postgres.address("empty", password="another-password"))  # noqa: S106
    assert isinstance(error, StorageGoneError)
    assert "refused the user or the password" in str(error)
    assert "another-password" not in "".join(traceback.format_exception(error))


async def test_a_database_that_is_not_there(postgres: PostgresServer) -> None:
    assert "Make it with `createdb`" in str(await refusal(postgres.address("missing")))


async def test_a_server_that_cannot_be_reached(postgres: PostgresServer) -> None:
    error = await refusal(postgres.address("empty", port="1"))
    assert isinstance(error, StorageGoneError)
    assert "127.0.0.1:1/empty cannot be reached (" in str(error)


@pytest.mark.parametrize("query", ["?sslmode=perhaps", "?unknown=1"])
async def test_an_address_that_is_none(postgres: PostgresServer, query: str) -> None:
    assert "Correct `database.url`" in str(await refusal(postgres.address("empty", query=query)))


async def test_a_server_that_does_not_encrypt(postgres: PostgresServer) -> None:
    error = await refusal(postgres.address("empty", query="?sslmode=require"))
    assert "does not encrypt connections" in str(error)


@pytest.fixture
def encrypted_only(postgres: PostgresServer, database: DatabaseServer) -> Iterator[DatabaseServer]:
    """A database that the server gives only to who encrypts."""
    rules = postgres.data / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"hostnossl test all all reject\n{before}")
    postgres.reload()
    yield database
    rules.write_text(before)
    postgres.reload()


async def test_a_server_that_wants_encryption(encrypted_only: DatabaseServer) -> None:
    assert "takes encrypted connections only" in str(await refusal(encrypted_only))


async def test_a_user_who_may_not_make_tables(postgres: PostgresServer) -> None:
    postgres.execute(f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'")
    postgres.execute("CREATE DATABASE bare")
    error = await refusal(postgres.address("bare", user="guest"))
    assert "Make it the owner of the database" in str(error)


async def test_no_extension_is_needed_and_no_right_to_make_one(
    postgres: PostgresServer, clock: Clock
) -> None:
    """As on hosted servers without pgvector, or with one that is too old."""
    postgres.execute(f"CREATE ROLE owner LOGIN PASSWORD '{PASSWORD}'")
    postgres.execute("CREATE DATABASE owned OWNER owner")
    with pytest.raises(NoServerError, match=r"permission denied to create|is not available"):
        postgres.execute("CREATE EXTENSION vector", "owned", "owner")
    async with open_storage(postgres.address("owned", user="owner"), clock) as storage:
        await fill_all(storage, clock)
        assert len(await storage.guild(GUILD).pins.every()) == 1
        async with aclosing(changes_of(storage)) as changes:
            assert await next_change(changes) >= {GUILD}
    assert postgres.execute("SELECT string_agg(extname, ' ') FROM pg_extension", "owned") == (
        "plpgsql"
    )


async def test_a_standby(postgres: PostgresServer, database: DatabaseServer) -> None:
    postgres.execute("ALTER DATABASE test SET default_transaction_read_only = on")
    async with open_storage(database) as storage:
        assert await storage.guild(GUILD).pins.every() == ()
        with pytest.raises(StorageGoneError, match="only reads, as a standby does"):
            await pin(storage)


async def test_a_database_that_cannot_hold_every_letter(postgres: PostgresServer) -> None:
    postgres.execute("CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0")
    assert "ENCODING 'UTF8'" in str(await refusal(postgres.address("ascii")))


async def test_a_database_of_a_newer_version(
    postgres: PostgresServer, database: DatabaseServer
) -> None:
    postgres.execute("UPDATE alembic_version SET version_num = '9999'", "test")
    error = await refusal(database)
    assert isinstance(error, StorageTooNewError)
    assert "9999" in str(error) and "Install the newer version" in str(error)


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ("DROP TABLE alembic_version", "nothing says of which version"),
        ("ALTER TABLE pins DROP COLUMN passage", "“pins.passage” is missing"),
        ("DROP TABLE opinions", "“opinions.at” is missing"),
    ],
)
async def test_tables_that_somebody_left_half_changed(
    postgres: PostgresServer, database: DatabaseServer, change: str, seen: str
) -> None:
    postgres.execute(change, "test")
    error = await refusal(database)
    assert isinstance(error, StorageDamagedError)
    assert seen in str(error)


async def test_a_table_that_goes_while_the_bot_runs(
    postgres: PostgresServer, database: DatabaseServer
) -> None:
    async with open_storage(database) as storage:
        postgres.execute("DROP TABLE pins", "test")
        with pytest.raises(StorageDamagedError, match="not those of their version"):
            await pin(storage)


async def test_processes_that_start_at_once_make_the_tables_once(postgres: PostgresServer) -> None:
    postgres.execute("CREATE DATABASE fresh")

    async def start(number: int) -> None:
        async with open_storage(postgres.address("fresh")) as storage:
            await pin(storage, f"Question {number} ?")

    await asyncio.gather(*(start(number) for number in range(4)))
    async with open_storage(postgres.address("fresh")) as storage:
        assert len(await storage.guild(GUILD).pins.every()) == 4


async def test_somebody_changes_the_tables_for_too_long(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(postgresql_connecting._SETTINGS, "lock_timeout", "50ms")
    postgres.execute("CREATE DATABASE slow")
    place = postgres.address("slow")
    other = PostgresqlEngine(place)
    async with other.engine.begin() as connection:
        await other.lock_schema(connection)
        error = await refusal(place)
    await other.engine.dispose()
    assert isinstance(error, StorageBusyError)
    async with open_storage(place) as storage:
        await pin(storage)


async def test_two_processes_write_for_a_new_server_at_once(database: DatabaseServer) -> None:
    async with open_storage(database) as one, open_storage(database) as two:
        for number in range(5):
            guild = 100 + number
            await asyncio.gather(
                *(
                    storage.guild(guild).pins.pin(f"{each}", Language.FRENCH, "0" * 16, by=1)
                    for each, storage in enumerate((one, two, one, two))
                )
            )
            assert await one.guild(guild).sequence() == 4
            assert len(await two.guild(guild).pins.every()) == 4


async def test_connections_are_bounded(postgres: PostgresServer, database: DatabaseServer) -> None:
    counted = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'test'"
    async with open_storage(database) as storage:
        await asyncio.gather(*(pin(storage, f"{number}") for number in range(30)))
        assert int(postgres.execute(counted)) <= database.connections
        assert len(await storage.guild(GUILD).pins.every()) == 30


async def test_the_tables_are_those_that_the_migrations_make(database: DatabaseServer) -> None:
    def differences(connection: Connection) -> list[object]:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
        return list(found)

    engine = PostgresqlEngine(database)
    async with engine.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.engine.dispose()


def test_a_file_needs_no_driver_and_a_server_says_how_to_get_it() -> None:
    code = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from pydantic import SecretStr\n"
        "from bot.config import DatabaseServer\n"
        "from bot.storage import StorageError, open_storage\n"
        "print('asyncpg' in sys.modules)\n"
        "sys.modules['asyncpg'] = None\n"
        "async def start():\n"
        "    async with open_storage(DatabaseServer(SecretStr('postgresql+asyncpg://h/d'), 1)):\n"
        "        pass\n"
        "try:\n"
        "    asyncio.run(start())\n"
        "except StorageError as error:\n"
        "    print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout
    assert said.startswith("False\n")
    assert "pip install '.[postgresql]'" in said


@pytest.fixture
async def own_storage(own_server: PostgresServer) -> AsyncIterator[Storage]:
    async with open_storage(own_server.address("postgres")) as storage:
        yield storage


async def test_a_server_that_goes_and_comes_back(
    own_server: PostgresServer, own_storage: Storage
) -> None:
    await asyncio.gather(*(pin(own_storage, f"{number}") for number in range(5)))
    own_server.kill()
    for _ in range(3):
        with pytest.raises(StorageGoneError, match="again by itself"):
            await pin(own_storage, "while it is away")
    own_server.start()
    # Every connection of the pool had died; none of them is met again.
    await asyncio.gather(*(pin(own_storage, f"after {number}") for number in range(5)))
    assert len(await own_storage.guild(GUILD).pins.every()) == 10


async def test_what_was_acknowledged_survives_a_kill_of_the_server(
    own_server: PostgresServer, own_storage: Storage
) -> None:
    acknowledged: list[str] = []
    for writers in (range(3), range(3, 6)):
        writing = asyncio.gather(
            *(pin_until_refused(own_storage, GUILD, each, acknowledged) for each in writers)
        )
        await grown(acknowledged, by=10)
        own_server.kill()
        await writing
        own_server.start()
    found = {each.question for each in await own_storage.guild(GUILD).pins.every()}
    assert set(acknowledged) <= found
    # At most what each writer was writing when the server died is there besides.
    assert len(found) <= len(acknowledged) + 6
    assert await own_storage.guild(GUILD).sequence() == len(found)
