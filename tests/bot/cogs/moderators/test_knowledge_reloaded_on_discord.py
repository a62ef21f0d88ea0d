"""What was computed of a server's documents is read anew, and what cannot be kept is said."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import simcord
from simcord import MemberActor

from bot.storage import Storage, StorageFullError
from index import IndexingError
from tests.bot.cogs.moderators.test_knowledge_on_discord import (
    BODY,
    LONG,
    added,
    asked,
    do,
)
from tests.bot.world import World, response, text, with_permission


@pytest.fixture
def mo(world: World) -> MemberActor:
    """A moderator, in English."""
    return with_permission(world, "mo", "manage_messages")


@contextmanager
def full_for_large_files() -> Iterator[None]:
    """Let no file grow past what the database needs: writing fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 19, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def damage(folder: Path, guild: int) -> None:
    """Change one bit of what was computed from a server's only document."""
    (codes,) = (folder / "guilds" / str(guild)).glob("*/tokens.npy")
    content = bytearray(codes.read_bytes())
    content[-1] ^= 1
    codes.write_bytes(content)


async def test_everything_is_read_anew_and_made_again_where_it_does_not_match(
    world: World, mo: MemberActor, tmp_path: Path
) -> None:
    assert "no document of its own" in text(await do(world, mo, "reload"))
    await added(world, mo)
    said = await do(world, mo, "reload")
    assert said.ephemeral
    assert "Questions find what this server has (documents: 1; passages: 2)" in text(said)
    assert "is intact" in text(said)
    damage(tmp_path, world.guild.id)
    world.tongues[mo] = "fr"
    said = await do(world, mo, "reload")
    assert (
        "trouvent ce que ce serveur possède (documents\u00a0: 1\u00a0; passages\u00a0: 2)"
        in text(said)
    )
    assert "Pour 1 d’entre eux" in text(said)
    assert "bakery opens at nine" in await asked(world, world.ann)


async def test_a_document_that_cannot_be_used_any_more_is_named(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    documents = storage.guild(world.guild.id).documents
    await documents.put("bakery", {"en.md": "no front matter"}, by=mo.id, expected=0)
    said = text(await do(world, mo, "reload"))
    assert "documents: 0" in said
    assert "Kept, but not usable as they are: bakery" in said


async def test_a_moderator_reloads_what_is_of_their_own_server(
    world: World, mo: MemberActor
) -> None:
    await added(world, mo)
    elsewhere = world.env.create_guild("Elsewhere")
    max_ = with_permission(world, "max", "manage_messages", guild=elsewhere)
    said = await max_.slash(elsewhere.create_text_channel("general"), "knowledge reload")
    assert "no document of its own" in text(said)


async def test_a_full_disk_loses_nothing_and_is_said(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    await added(world, mo)
    with full_for_large_files():
        # Three times as long: what is searched takes little of a disk.
        hours = "\n\n".join(LONG.replace("stall", each) for each in ("stall", "booth", "stand"))
        said = await do(world, mo, "add", file=("hours.txt", hours.encode()), title="Hours")
        assert "Nothing is lost" in text(said) and "`/knowledge reload` tries again" in text(said)
        again = await do(world, mo, "reload")
        assert "Nothing is lost" in text(again)
        assert "bakery opens at nine" in await asked(world, world.ann)
    assert [each.slug for each in await storage.guild(world.guild.id).documents.every()] == [
        "bakery",
        "hours",
    ]
    said = await do(world, mo, "reload")
    assert "(documents: 2;" in text(said)
    assert "stall number 17 closes" in await asked(world, world.ann, "When does stall 17 close?")
    simcord.assert_error(world.env, IndexingError)


async def test_a_text_that_the_database_does_not_take_comes_back(
    world: World, storage: Storage, mo: MemberActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await do(world, mo, "add")

    async def full(*_: object, **__: object) -> None:
        raise StorageFullError("There is no space left. Free some space.")

    monkeypatch.setattr(type(storage.guild(1).documents), "put", full)
    said = await mo.submit_modal(shown, {"title": "Bakery", "text": BODY})
    assert "I cannot save anything right now" in text(said)
    (file,) = response(said).attachments
    assert (await file.read()).decode() == BODY
