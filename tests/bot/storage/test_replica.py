"""Reports are read from a replica, and never show less than what was acknowledged."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import logging
import re
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config import Config, DatabaseServer
from bot.config.database import DatabaseSettings
from bot.operations.doctor.database import examine_database
from bot.operations.doctor.findings import Health
from bot.storage import Storage, StorageGoneError, open_storage
from bot.storage.opening import utc_now
from bot.storage.sql.database import Database
from bot.storage.sql.postgresql import replica as postgresql_replica
from bot.storage.sql.postgresql.engine import PostgresqlEngine
from bot.storage.sql.tables import QuestionRow
from tests.bot.storage.conftest import Clock
from tests.bot.storage.test_questions import question
from tests.postgres import PASSWORD, PostgresServer

GUILD, OTHER = 11, 22
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
FOR_NOW, AGAIN = "from the primary for now", "from the replica again"


@pytest.fixture
def place(own_server: PostgresServer, standby: PostgresServer) -> DatabaseServer:
    return dataclasses.replace(
        own_server.address("postgres"), replica=standby.address("postgres").url
    )


@pytest.fixture
async def storage(place: DatabaseServer, clock: Clock) -> AsyncIterator[Storage]:
    async with open_storage(place, clock) as opened:
        yield opened


@pytest.fixture(autouse=True)
def said(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.LogCaptureFixture]:
    """The log, in which no password stands; nobody rests."""
    monkeypatch.setattr(postgresql_replica, "_SECONDS_OF_REST", 0.0)
    caplog.set_level(logging.INFO, postgresql_replica.__name__)
    yield caplog
    assert PASSWORD not in caplog.text


async def asked(storage: Storage, clock: Clock, guild: int = GUILD) -> None:
    await storage.record([question(clock, guild=guild)])


async def count(storage: Storage, guild: int = GUILD) -> int:
    return (await storage.guild(guild).questions.statistics(LONG_AGO)).total


def hold_up(standby: PostgresServer) -> None:
    standby.execute("SELECT pg_wal_replay_pause()")


def go_on(standby: PostgresServer) -> None:
    standby.execute("SELECT pg_wal_replay_resume()")


def log_statements(server: PostgresServer) -> None:
    server.execute("ALTER SYSTEM SET log_statement = 'all'")
    server.execute("SELECT pg_reload_conf()")
    while server.execute("SHOW log_statement") != "all":
        time.sleep(0.01)


def statements(server: PostgresServer) -> list[str]:
    """What it logged of statements, in order; it logs other things when it likes."""
    # A statement's further lines begin with a tab.
    entries = re.split(r"\n(?!\t)", server.log)
    return [each for each in entries if re.search(r"LOG:  (execute|statement)\b", each)]


async def test_reports_and_nothing_else_are_read_there(
    own_server: PostgresServer,
    standby: PostgresServer,
    storage: Storage,
    clock: Clock,
    said: pytest.LogCaptureFixture,
) -> None:
    await asked(storage, clock)
    await asked(storage, clock, OTHER)
    for server in (own_server, standby):
        log_statements(server)
    guild = storage.guild(GUILD)
    before = len(statements(own_server)), len(statements(standby))
    assert await count(storage) == 1
    assert await guild.questions.gaps(10) == ()
    assert len((await storage.privacy.export(GUILD))["questions"]) == 1
    assert "FROM questions" in " ".join(statements(standby)[before[1] :])
    assert "FROM questions" not in " ".join(statements(own_server)[before[0] :])
    before_others = statements(standby)
    await guild.settings.read()
    await guild.pins.every()
    await guild.documents.every()
    assert statements(standby) == before_others
    assert said.text == ""


async def test_what_was_acknowledged_is_seen_at_once(
    standby: PostgresServer,
    storage: Storage,
    clock: Clock,
    said: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgresql_replica, "_SECONDS_BEHIND", 0.1)
    await asked(storage, clock)
    assert await count(storage) == 1
    hold_up(standby)
    for number in range(2, 5):
        await asked(storage, clock)
        assert await count(storage) == number
    assert said.text.count(FOR_NOW) == 1
    assert "is more than 0 s behind" in said.text
    go_on(standby)
    async with asyncio.timeout(30):
        while AGAIN not in said.text:
            assert await count(storage) == 4
    assert said.text.count(FOR_NOW) == 1


async def test_a_replica_that_is_a_little_behind_is_waited_for(
    standby: PostgresServer,
    storage: Storage,
    clock: Clock,
    said: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgresql_replica, "_SECONDS_BEHIND", 60.0)
    hold_up(standby)
    await asked(storage, clock)
    counting = asyncio.create_task(count(storage))
    await asyncio.sleep(0.2)
    assert not counting.done()
    go_on(standby)
    assert await counting == 1
    assert said.text == ""


async def test_a_replica_that_dies_and_comes_back(
    standby: PostgresServer, storage: Storage, clock: Clock, said: pytest.LogCaptureFixture
) -> None:
    await asked(storage, clock)
    assert await count(storage) == 1
    standby.kill()
    await asked(storage, clock)
    for _ in range(3):
        assert await count(storage) == 2
    assert said.text.count(FOR_NOW) == 1 and f"127.0.0.1:{standby.port}/postgres" in said.text
    standby.start()
    assert await count(storage) == 2
    assert said.text.count(AGAIN) == 1


async def test_one_that_failed_rests(
    standby: PostgresServer, storage: Storage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_replica, "_SECONDS_OF_REST", 1000.0)
    await asked(storage, clock)
    standby.kill()
    assert await count(storage) == 1
    standby.start()
    log_statements(standby)
    before = statements(standby)
    assert await count(storage) == 1
    assert statements(standby) == before


async def test_a_replica_that_dies_while_it_is_read(
    standby: PostgresServer, place: DatabaseServer, storage: Storage, clock: Clock
) -> None:
    await asked(storage, clock)
    engine = PostgresqlEngine(place)
    deaths = 0

    async def read(session: AsyncSession) -> int:
        nonlocal deaths
        found = select(func.count()).select_from(QuestionRow)
        await session.scalar(found)
        if not deaths:
            deaths += 1
            standby.kill()
        return await session.scalar(found) or 0

    assert await Database(engine, utc_now).report(GUILD, read) == 1
    assert deaths == 1
    await engine.close()


async def test_the_primary_dies(
    own_server: PostgresServer, storage: Storage, clock: Clock, said: pytest.LogCaptureFixture
) -> None:
    await asked(storage, clock)
    own_server.kill()
    # What the replica has may be too old, and nobody is there to say.
    with pytest.raises(StorageGoneError, match=f"127.0.0.1:{own_server.port}/postgres"):
        await count(storage)
    assert said.text == ""
    own_server.start()
    assert await count(storage) == 1


async def test_a_replica_that_was_promoted_is_none(
    standby: PostgresServer, storage: Storage, clock: Clock, said: pytest.LogCaptureFixture
) -> None:
    await asked(storage, clock)
    standby.promote()
    await asked(storage, clock)
    assert await count(storage) == 2
    assert "is no replica of that of `database.url`, or none any more" in said.text


async def test_another_server_is_no_replica(
    own_server: PostgresServer,
    database: DatabaseServer,
    clock: Clock,
    said: pytest.LogCaptureFixture,
) -> None:
    place = dataclasses.replace(own_server.address("postgres"), replica=database.url)
    async with open_storage(database, clock) as strangers:
        await asked(strangers, clock)
    async with open_storage(place, clock) as storage:
        assert await count(storage) == 0
    assert "Set `database.replica_url` to one, or to null" in said.text


async def test_a_wrong_password_of_the_replica(
    own_server: PostgresServer,
    standby: PostgresServer,
    clock: Clock,
    said: pytest.LogCaptureFixture,
) -> None:
    wrong = standby.address("postgres", password="another-password").url  # noqa: S106
    place = dataclasses.replace(own_server.address("postgres"), replica=wrong)
    async with open_storage(place, clock) as storage:
        await asked(storage, clock)
        assert await count(storage) == 1
    assert "refused the user or the password" in said.text
    assert "another-password" not in f"{said.text} {place}"


async def test_no_rights_are_needed_but_an_owners(
    own_server: PostgresServer,
    standby: PostgresServer,
    clock: Clock,
    said: pytest.LogCaptureFixture,
) -> None:
    own_server.execute(f"CREATE ROLE plain LOGIN PASSWORD '{PASSWORD}'")
    own_server.execute("CREATE DATABASE plain OWNER plain")
    place = dataclasses.replace(
        own_server.address("plain", user="plain"),
        replica=standby.address("plain", user="plain").url,
    )
    async with open_storage(place, clock) as storage:
        await asked(storage, clock)
        assert await count(storage) == 1
    assert said.text == ""


async def test_the_doctor_looks_at_it(standby: PostgresServer, place: DatabaseServer) -> None:
    async with open_storage(place):
        pass
    config = Config(database=DatabaseSettings(url=place.url, replica_url=place.replica))
    assert (await examine_database(config, 10)).health is Health.GOOD
    standby.kill()
    found = await examine_database(config, 10)
    assert found.health is Health.DOUBTFUL
    assert f"127.0.0.1:{standby.port}/postgres cannot be reached" in found.seen
    assert "read from the first meanwhile" in found.advice
