"""A living bot's database goes through `pg_dump` and `pg_restore`."""

from __future__ import annotations

import asyncio
import sys

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import StorageDamagedError, open_storage
from bot.storage.opening import using_engine
from bot.storage.sql.tables import Base
from tests.bot.storage.conftest import Clock
from tests.bot.storage.test_privacy import FILES, fill
from tests.bot.storage.writer import GUILD, SLUG, encoded, files
from tests.conftest import ROOT
from tests.postgres import PostgresServer

OTHER = 22


async def rows(connection: AsyncConnection) -> dict[str, list[str]]:
    """Every row of every table."""
    return {
        table.name: sorted(map(repr, await connection.execute(select(table))))
        for table in Base.metadata.sorted_tables
    }


async def test_a_dump_while_a_bot_writes_is_one_moment(
    own_server: PostgresServer, clock: Clock
) -> None:
    place = own_server.address("postgres")
    async with open_storage(place, clock) as storage:
        await fill(storage, clock, OTHER)
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot.storage.writer", place.url.get_secret_value(),
        stdout=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert writer.stdout is not None
    try:
        for _ in range(5):
            await writer.stdout.readline()
        async with using_engine(place) as engine, engine.engine.connect() as plain:
            moment = await plain.execution_options(isolation_level="REPEATABLE READ")
            name = (await moment.exec_driver_sql("SELECT pg_export_snapshot()")).scalar_one()
            wanted = await rows(moment)
            await writer.stdout.readline()
            file = await asyncio.to_thread(own_server.dump, "postgres", f"--snapshot={name}")
            await writer.stdout.readline()
    finally:
        writer.kill()
        await writer.communicate()
    await asyncio.to_thread(own_server.restore, file, "restored", "--single-transaction")
    restored = own_server.address("restored")
    async with using_engine(restored) as engine, engine.engine.connect() as connection:
        assert await rows(connection) == wanted
    async with using_engine(place) as engine, engine.engine.connect() as connection:
        assert await rows(connection) != wanted
    async with open_storage(restored, clock) as storage:
        documents = storage.guild(GUILD).documents
        history = await documents.history(SLUG)
        last = history[0].number
        assert [each.number for each in history] == list(range(last, 0, -1))
        newest = await documents.newest(SLUG)
        kept = {} if newest is None else {SLUG: encoded(last)}
        assert await documents.encoded_of({SLUG: last}) == kept
        # New rows are numbered after those that came.
        ours = storage.guild(OTHER).documents
        assert (await ours.put("rules", FILES, by=1, expected=1)).number == 2
        expected = 0 if newest is None else last
        assert (await documents.put(SLUG, files(1), by=1, expected=expected)).number == last + 1


async def test_no_bot_opens_half_a_restore(own_server: PostgresServer, clock: Clock) -> None:
    """As one that is stopped leaves it: what holds the rows together comes last."""
    place = own_server.address("postgres")
    async with open_storage(place, clock) as storage:
        await fill(storage, clock, OTHER)
    file = own_server.dump("postgres")
    own_server.restore(file, "half", "--section=pre-data", "--section=data")
    with pytest.raises(StorageDamagedError, match=r"is missing.*a restore stopped half-way"):
        async with open_storage(own_server.address("half"), clock):
            pass
