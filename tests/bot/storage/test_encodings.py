"""The contract of every storage: what was encoded of a document goes with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.config import DatabaseServer
from bot.storage import ConflictError, Storage, StorageError, open_storage
from bot.storage.opening import copy_storage, using_engine
from bot.storage.sql.engines import quiet
from bot.storage.sql.tables import EncodingRow
from index.building.encodings import EncodedDocument
from tests.bot.storage.conftest import Clock
from tests.postgres import PostgresServer

GUILD, OTHER, MODERATOR = 11, 22, 7
FILES = {"fr.md": "text"}
SECRET = b"made of the text, \x00 and \xff"


def encoded(content: bytes = SECRET) -> EncodedDocument:
    return EncodedDocument("e" * 64, "5" * 64, content)


async def put(storage: Storage, slug: str, expected: int = 0, guild: int = GUILD) -> None:
    await storage.guild(guild).documents.put(
        slug, FILES, by=MODERATOR, expected=expected, encoded=encoded()
    )


async def rows(place: Path | DatabaseServer) -> int:
    """How much is kept, of whatever guild and version."""
    async with using_engine(place) as engine, engine.engine.connect() as connection:
        found = await connection.execute(select(func.count()).select_from(EncodingRow))
        return int(found.scalar_one())


def refuse_encodings(server: PostgresServer, place: DatabaseServer) -> None:
    """Let a database keep everything but what was encoded."""
    server.execute(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON document_encodings
        FOR EACH ROW EXECUTE FUNCTION refuse()
        """,
        place.url.get_secret_value().rpartition("/")[2],
    )


async def test_what_was_put_with_a_document_is_read_to_the_byte(storage: Storage) -> None:
    await put(storage, "rules")
    documents = storage.guild(GUILD).documents
    assert await documents.encoded_of({"rules": 1}) == {"rules": encoded()}
    assert await documents.encoded_of({"rules": 2, "other": 1}) == {}
    assert await documents.encoded_of({}) == {}


async def test_only_the_newest_version_has_it(
    storage: Storage, place: Path | DatabaseServer
) -> None:
    documents = storage.guild(GUILD).documents
    await put(storage, "rules")
    await documents.put("rules", FILES, by=MODERATOR, expected=1, encoded=encoded(b"new"))
    assert await documents.encoded_of({"rules": 1}) == {}
    assert await documents.encoded_of({"rules": 2}) == {"rules": encoded(b"new")}
    assert await rows(place) == 1
    await documents.put("rules", FILES, by=MODERATOR, expected=2)
    assert await rows(place) == 0
    await documents.restore("rules", 1, by=MODERATOR, expected=3, encoded=encoded(b"old"))
    assert await documents.encoded_of({"rules": 4}) == {"rules": encoded(b"old")}


async def test_it_goes_with_a_removal_and_may_come_back_with_it(
    storage: Storage, place: Path | DatabaseServer
) -> None:
    documents = storage.guild(GUILD).documents
    await put(storage, "rules")
    await documents.remove("rules", by=MODERATOR, expected=1)
    assert await rows(place) == 0
    await documents.bring_back("rules", by=MODERATOR, encoded=encoded())
    assert await documents.encoded_of({"rules": 1}) == {"rules": encoded()}


async def test_a_conflict_keeps_what_is_there(storage: Storage) -> None:
    documents = storage.guild(GUILD).documents
    await put(storage, "rules")
    with pytest.raises(ConflictError):
        await documents.put("rules", FILES, by=8, expected=0, encoded=encoded(b"late"))
    with pytest.raises(ConflictError):
        await documents.restore("rules", 1, by=8, expected=2, encoded=encoded(b"late"))
    assert await documents.bring_back("rules", by=8, encoded=encoded(b"late")) is None
    assert await documents.encoded_of({"rules": 1}) == {"rules": encoded()}


async def test_it_is_kept_later_where_the_version_is_still_the_newest(
    storage: Storage, place: Path | DatabaseServer
) -> None:
    documents = storage.guild(GUILD).documents
    for slug in ("a", "b", "removed"):
        await documents.put(slug, FILES, by=MODERATOR, expected=0)
    await documents.put("b", FILES, by=MODERATOR, expected=1)
    await documents.remove("removed", by=MODERATOR, expected=1)
    sequence = await storage.guild(GUILD).sequence()
    entries = await storage.guild(GUILD).audit.count()
    slugs = dict.fromkeys(("a", "b", "removed", "never"), 1)
    await documents.keep_encoded(slugs, dict.fromkeys(slugs, encoded()))
    assert await documents.encoded_of(slugs) == {"a": encoded()}
    assert await rows(place) == 1
    # Nobody need read anything because of it.
    assert await storage.guild(GUILD).sequence() == sequence
    assert await storage.guild(GUILD).audit.count() == entries


async def test_nothing_is_kept_later_of_a_guild_that_was_erased(storage: Storage) -> None:
    await put(storage, "rules")
    await storage.privacy.erase(GUILD)
    await storage.guild(GUILD).documents.keep_encoded({"rules": 1}, {"rules": encoded()})
    assert await storage.sequences() == {}


async def test_no_guild_reads_or_keeps_anything_for_another(
    storage: Storage, place: Path | DatabaseServer
) -> None:
    await put(storage, "rules")
    theirs = storage.guild(OTHER).documents
    await theirs.put("rules", FILES, by=MODERATOR, expected=0)
    assert await theirs.encoded_of({"rules": 1}) == {}
    await theirs.keep_encoded({"rules": 1}, {"rules": encoded(b"theirs")})
    await theirs.put("rules", FILES, by=MODERATOR, expected=1)
    assert await rows(place) == 1
    assert await storage.guild(GUILD).documents.encoded_of({"rules": 1}) == {"rules": encoded()}


async def test_an_erased_guild_leaves_none(storage: Storage, place: Path | DatabaseServer) -> None:
    await put(storage, "rules")
    await put(storage, "rules", guild=OTHER)
    await storage.privacy.erase(GUILD)
    assert await rows(place) == 1
    assert await storage.guild(OTHER).documents.encoded_of({"rules": 1}) != {}


async def test_what_goes_in_its_time_leaves_none(
    storage: Storage, place: Path | DatabaseServer, clock: Clock
) -> None:
    await put(storage, "rules")
    await put(storage, "rules", guild=OTHER)
    await storage.guild(OTHER).documents.remove("rules", by=MODERATOR, expected=1)
    await storage.privacy.left([GUILD])
    clock.advance(days=30)
    await storage.privacy.sweep()
    assert await rows(place) == 0


async def test_an_export_says_that_it_is_kept_without_the_numbers(storage: Storage) -> None:
    await put(storage, "rules")
    exported = await storage.privacy.export(GUILD)
    (row,) = exported["document_encodings"]
    assert row["guild_id"] == GUILD
    assert "content" not in row


async def test_a_failure_between_leaves_neither_the_document_nor_what_was_encoded(
    database: DatabaseServer, postgres: PostgresServer
) -> None:
    async with open_storage(database) as storage:
        documents = storage.guild(GUILD).documents
        await put(storage, "rules")
        refuse_encodings(postgres, database)
        with pytest.raises(StorageError):
            await documents.put("new", FILES, by=1, expected=0, encoded=encoded())
        with pytest.raises(StorageError):
            await documents.put("rules", {}, by=1, expected=1, encoded=encoded(b"new"))
        assert [(each.slug, each.version) for each in await documents.every()] == [("rules", 1)]
        assert await documents.encoded_of({"rules": 1}) == {"rules": encoded()}
        assert await storage.guild(GUILD).audit.count() == 1


async def test_a_copy_takes_it_to_a_server_and_not_into_a_file(
    database: DatabaseServer, postgres: PostgresServer, tmp_path: Path
) -> None:
    async with open_storage(database) as storage:
        for number in range(9):
            await put(storage, f"rules-{number}")
        await storage.backup(tmp_path / "backup.db")
    postgres.execute("CREATE DATABASE second")
    second, file = postgres.address("second"), tmp_path / "copy.db"
    copied = await copy_storage(database, second, quiet)
    assert await rows(second) == 9
    into_file = await copy_storage(database, file, quiet)
    assert await rows(file) == await rows(tmp_path / "backup.db") == 0
    assert into_file.rows == copied.rows - 9
    async with open_storage(second) as storage:
        found = await storage.guild(GUILD).documents.encoded_of({"rules-3": 1})
        assert found == {"rules-3": encoded()}
