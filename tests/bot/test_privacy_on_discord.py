"""What members are told about their data is what happens, and can be undone."""

from __future__ import annotations

import re

import pytest
from simcord import MemberActor

from bot.client import CoalitionBot
from bot.storage import Action, GuildSettings, Storage
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
    assert "- your ID beside what you changed as a moderator (1 times)" in text(forgotten)
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


async def test_moderators_see_who_changed_what(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    nothing = await mo.slash(world.channel, "audit")
    assert "Personne n’a encore rien changé." in text(nothing)
    guild = storage.guild(world.guild.id)
    await bot_of(world).settings.change(world.guild.id, by=5, retention_days=30)
    await guild.pins.pin("Qui est *Tim* Wu ?", Language.FRENCH, "0" * 16, by=6)
    shown = await mo.slash(world.channel, "audit")
    assert shown.ephemeral
    assert "- réglage\u00a0: Durée de conservation\n-# <t:" in text(shown)
    assert "· <@5> · avant\u00a0: 90 · après\u00a0: 30" in text(shown)
    assert "- passage épinglé à\u00a0: Qui est \\*Tim\\* Wu ?" in text(shown)
    assert f"· <@6> · avant\u00a0: rien · après\u00a0: {'0' * 16}" in text(shown)


async def test_many_changes_come_in_pages(world: World, storage: Storage, mo: MemberActor) -> None:
    for number in range(10):
        await storage.guild(world.guild.id).documents.put(
            f"document-{number}", {"fr.md": ""}, by=1, expected=0
        )
    shown = await mo.slash(world.channel, "audit")
    assert "Page 1 sur 2" in text(shown) and "document-9" in text(shown)
    assert shown.response is not None
    turned = await mo.click(shown.response, label="Suivant")
    assert "Page 2 sur 2" in text(turned) and "document-0" in text(turned)
    world.env.backend.get_member(world.guild.id, mo.id).role_ids.clear()
    refused = await mo.click(shown.response, custom_id="audit:0")
    assert "C’est réservé" in text(refused)


async def test_another_servers_changes_are_not_seen(world: World, storage: Storage) -> None:
    await storage.guild(world.guild.id).pins.pin("Qui ?", Language.FRENCH, "0" * 16, by=1)
    other = world.env.create_guild("Autre")
    channel = other.create_text_channel("general")
    theirs = with_permission(world, "olga", "manage_messages", guild=other)
    assert "Nobody has changed anything yet." in text(await theirs.slash(channel, "audit"))
    assert "audit" not in world.ann.available_commands(world.channel)


def test_every_action_has_its_words(world: World) -> None:
    for language in Language:
        for action in Action:
            assert bot_of(world).books[language](f"audit.{action}", subject="x")
