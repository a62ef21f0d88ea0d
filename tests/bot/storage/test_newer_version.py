"""A newer version of the bot changes the tables while this one runs."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.config import DatabaseServer
from bot.storage import Storage, StorageDamagedError, StorageError, StorageTooNewError, open_storage
from bot.storage.opening import open_engine
from bot.storage.sql import version_watch
from bot.storage.sql.postgresql import bell as postgresql_bell
from bot.storage.sql.schema import VERSIONS
from knowledge import Language
from tests.bot.storage.conftest import Clock
from tests.bot.storage.test_changes import GUILD, OTHER, changes_of, next_change, pin, seen_until
from tests.bot.storage.test_questions import MEMBER, question
from tests.postgres import PostgresServer

SAID = "Nothing is written any more; answers go on from what is here."


async def execute(place: Path | DatabaseServer, *statements: str) -> None:
    """Another process does this."""
    engine = open_engine(place)
    async with engine.engine.execution_options(writes=True).begin() as connection:
        for each in statements:
            await connection.execute(text(each))
    await engine.close()


def now_of(version: str) -> str:
    return f"UPDATE alembic_version SET version_num = '{version}'"  # noqa: S608


async def test_it_reads_on_and_writes_nothing(
    storage: Storage,
    place: Path | DatabaseServer,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    guild = storage.guild(GUILD)
    await pin(storage, GUILD)
    await guild.documents.put("rules", {"en.md": "x"}, by=1, expected=0)
    before = await storage.privacy.export(GUILD)
    await execute(place, "ALTER TABLE pins ADD COLUMN colour TEXT", now_of("9999"))
    for writing in (
        lambda: pin(storage, GUILD, "Quand ?"),
        lambda: pin(storage, OTHER),
        lambda: guild.documents.put("rules", {"en.md": "y"}, by=1, expected=1),
        lambda: guild.documents.remove("rules", by=1, expected=1),
        lambda: guild.settings.change(by=1, digest=True),
        lambda: storage.record([question(clock)]),
        lambda: storage.preferences.choose_language(MEMBER, Language.FRENCH),
        lambda: storage.privacy.forget(MEMBER),
        lambda: storage.privacy.left([GUILD]),
        lambda: storage.privacy.joined([GUILD]),
        lambda: storage.privacy.erase(GUILD),
        storage.privacy.sweep,
    ):
        with pytest.raises(StorageTooNewError, match=r"version 9999, .* Install the newer version"):
            await writing()
    assert await storage.privacy.export(GUILD) == before
    assert (await storage.privacy.export(OTHER))["pins"] == []
    assert await storage.preferences.languages() == {}
    assert len(await guild.pins.every()) == 1
    assert caplog.text.count(SAID) == 1
    # The newer version is taken back, and everything is as it was.
    await execute(place, "ALTER TABLE pins DROP COLUMN colour", now_of(VERSIONS[-1]))
    await pin(storage, GUILD, "Quand ?")
    assert len(await guild.pins.every()) == 2


@pytest.mark.parametrize(
    ("version", "kind", "why"),
    [
        ("0001", StorageError, "has the tables of version 0001, and this version of the bot those"),
        ("copying", StorageDamagedError, "holds a copy that was begun and not finished"),
    ],
)
async def test_other_tables_are_put_in_their_place(
    storage: Storage,
    place: Path | DatabaseServer,
    version: str,
    kind: type[StorageError],
    why: str,
) -> None:
    await execute(place, now_of(version))
    with pytest.raises(kind, match=why):
        await pin(storage, GUILD)


async def test_a_process_that_writes_nothing_notices_too(
    postgres: PostgresServer,
    database: DatabaseServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(postgresql_bell, "_SECONDS_BETWEEN_LOOKS", 0.05)
    caplog.set_level(logging.ERROR, version_watch.__name__)
    async with open_storage(database) as storage, aclosing(changes_of(storage)) as changes:
        await pin(storage, GUILD)
        await seen_until(changes, {GUILD})
        waiting = asyncio.create_task(next_change(changes))
        postgres.execute(now_of("9999"), "test")
        async with asyncio.timeout(20):
            while SAID not in caplog.text:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        # It learns of what the newer one changes, as before.
        postgres.execute("UPDATE guilds SET sequence = 9", "test")
        assert await waiting == {GUILD}
    assert caplog.text.count(SAID) == 1
