"""What members are told about their data is what happens, and can be undone."""

from __future__ import annotations

import re

import pytest

from bot.client.client import CoalitionBot
from bot.storage import GuildSettings, Storage
from bot.storage.records import AUDIT_KEPT, GRACE, REMOVAL, REQUEST_KEPT
from bot.storage.sql.tables import Base
from knowledge import Language
from tests.bot.world import World, press, response, text, with_permission
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


ASKED = {
    "en-US": ("You changed things as a moderator (1 ×)", "Forget me everywhere", "wished to be"),
    "fr": ("Vous avez fait des changements", "M’oublier partout", "oubliée à sa demande"),
}


@pytest.mark.parametrize("tongue", list(ASKED))
async def test_what_a_moderator_did_stays_without_the_moderator(
    world: World, storage: Storage, tongue: str
) -> None:
    question, button, somebody = ASKED[tongue]
    mo, max_ = (with_permission(world, name, "manage_messages") for name in ("mo", "max"))
    world.tongues[mo] = world.tongues[max_] = tongue
    change = bot_of(world).settings.change
    await change(world.guild.id, by=mo.id, digest=True)
    await change(world.guild.id, by=max_.id, digest=False)
    asked = await mo.slash(world.channel, "forget-me")
    assert asked.ephemeral
    assert question in text(asked)
    audit = storage.guild(world.guild.id).audit
    assert {each.by for each in await audit.latest(9)} == {mo.id, max_.id}

    for member in (mo, max_):
        asked = await member.slash(world.channel, "forget-me")
        forgotten = await press(member, response(asked), button)
        assert "(1" in text(forgotten) and "365" in text(forgotten)
    entries = await audit.latest(9)
    assert {each.by for each in entries} == {None}
    assert len({each.pseudonym for each in entries}) == 2
    shown = text(await mo.slash(world.channel, "audit"))
    assert shown.count(somebody) == 2
    for each in entries:
        assert f"({each.pseudonym})" in shown
    assert str(mo.id) not in shown


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
        assert (len(lines), len(with_an_id)) == (9, 6)
