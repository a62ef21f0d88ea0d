"""What members are told about their data is what happens, and can be undone."""

from __future__ import annotations

import re

import pytest

from bot.client.client import CoalitionBot
from bot.storage import GuildSettings, Storage
from bot.storage.records import AUDIT_KEPT, GRACE, REMOVAL, REQUEST_KEPT
from bot.storage.sql.tables import Base
from knowledge import Language
from tests.bot.world import World, text, with_permission
from tests.conftest import ROOT

STATEMENT = (ROOT / "docs" / "privacy.md").read_text("utf-8")
ENGLISH, FRENCH = STATEMENT.split("## Ce que le bot garde")


def bot_of(world: World) -> CoalitionBot:
    assert isinstance(world.env.bot, CoalitionBot)
    return world.env.bot


async def test_members_read_what_is_kept_and_for_how_long(world: World) -> None:
    english = text(await world.ann.slash(world.channel, "privacy"))
    assert "are kept for 90 days, **without your name**" in english
    await bot_of(world).settings.change(world.guild.id, by=1, retention_days=7)
    french = await world.zoe.slash(world.channel, "privacy")
    assert french.ephemeral
    assert "sont gardées 7 jours, **sans votre nom**" in text(french)
    in_private = await world.ann.user.slash("privacy")
    assert "In direct messages" in text(in_private)


async def test_a_member_is_forgotten_and_told_what_was_deleted(
    world: World, storage: Storage
) -> None:
    nothing = await world.zoe.slash(world.channel, "forget-me")
    assert "il n’y avait rien à effacer" in text(nothing)
    await world.zoe.slash(world.channel, "language", language="en")
    requests = storage.guild(world.guild.id).requests
    await requests.add(
        member=world.zoe.id, text="Où ?", language=Language.FRENCH, channel=world.channel.id
    )
    forgotten = await world.zoe.slash(world.channel, "forget-me")
    assert forgotten.ephemeral
    assert text(forgotten) == (
        "Deleted:\n- the language that you had chosen;\n"
        "- your questions that waited for the moderators (1);"
    )
    assert await requests.waiting() == ()
    again = await world.zoe.slash(world.channel, "forget-me")
    assert "il n’y avait rien à effacer" in text(again)


async def test_what_a_moderator_did_stays_without_the_moderator(world: World) -> None:
    mo = with_permission(world, "mo", "manage_messages")
    await bot_of(world).settings.change(world.guild.id, by=mo.id, digest=True)
    forgotten = await mo.slash(world.channel, "forget-me")
    assert "- your ID beside what you changed as a moderator (1 ×)" in text(forgotten)
    shown = await mo.slash(world.channel, "audit")
    assert "somebody who wished to be forgotten" in text(shown)
    assert str(mo.id) not in text(shown)


@pytest.mark.parametrize("statement", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_the_statement_says_the_times_that_are_kept(statement: str) -> None:
    days = {int(number) for number in re.findall(r"(\d+) (?:days|jours)", statement)}
    kept = {each.days for each in (AUDIT_KEPT, GRACE, REMOVAL, REQUEST_KEPT)}
    assert days == kept | {GuildSettings().retention_days}
    assert GRACE.days == 30  # “Thirty days after the bot has left”


def test_the_statement_names_every_place_of_a_members_id() -> None:
    named = {table.name for table in Base.metadata.tables.values() if "member_id" in table.columns}
    # A document and its versions are one line of the statement.
    assert named == {
        "audit", "documents", "document_versions", "pins", "preferences", "requests",
    }  # fmt: skip
    for part in (ENGLISH, FRENCH):
        lines = [each for each in part.splitlines() if each.startswith("| ")][1:]
        with_an_id = [each for each in lines if "nowhere" not in each and "nulle part" not in each]
        assert (len(lines), len(with_an_id)) == (8, 5)
