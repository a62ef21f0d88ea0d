"""Moderators see who changed what, in words."""

from __future__ import annotations

from simcord import MemberActor

from bot.client.client import CoalitionBot
from bot.storage import Action, Storage
from index import Strictness
from knowledge import Language
from tests.bot.cogs.moderators.test_knowledge_on_discord import BODY, added, do
from tests.bot.world import World, press, text, with_permission

MARKED = f"---\ntitle: Bakery\nlanguage: en\n---\n\n{BODY}\n"


def bot_of(world: World) -> CoalitionBot:
    assert isinstance(world.env.bot, CoalitionBot)
    return world.env.bot


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
    assert "· <@5> · avant\u00a0: 90 jours · après\u00a0: 30 jours" in text(shown)
    assert "- passage épinglé à\u00a0: Qui est \\*Tim\\* Wu ?" in text(shown)
    assert "· <@6> · avant\u00a0: rien · après\u00a0: passage disparu" in text(shown)


async def test_what_was_changed_is_said_in_words(world: World, mo: MemberActor) -> None:
    bot, guild = bot_of(world), world.guild.id
    usual = "Celle du serveur ou de la question"
    role = world.guild.create_role("helpers")
    for changes in (
        {"open_channels": (world.channel.id,)}, {"moderator_roles": (role.id,)},
        {"strictness": Strictness.STRICT}, {"questions_a_minute": 3}, {"digest": True},
        {"language": Language.FRENCH}, {"moderators_channel": world.channel.id},
    ):  # fmt: skip
        await bot.settings.change(guild, by=5, **changes)
    shown = text(await mo.slash(world.channel, "audit"))
    for said in (
        f"Salons ouverts\n-#~avant~: Tous les salons · après~: <#{world.channel.id}>",
        f"Rôles des modérateurs\n-#~avant~: Aucun · après~: <@&{role.id}>",
        "Exigence\n-#~avant~: Par défaut (équilibrée) · après~: stricte",
        "Questions par minute\n-#~avant~: Par défaut (6) · après~: 3",
        "Bilan de la semaine\n-#~avant~: non · après~: oui",
        f"Langue des réponses publiques\n-#~avant~: {usual} · après~: français",
        f"Salon des modérateurs\n-#~avant~: Aucun · après~: <#{world.channel.id}>",
    ):
        head, _, change = said.replace("~:", "\u00a0:").partition("\n-#~")
        lines = shown.split("\n")
        at = next(at for at, line in enumerate(lines) if line.endswith(f"\u00a0: {head}"))
        assert lines[at + 1].endswith(f"· <@5> · {change}"), lines[at + 1]


async def test_documents_and_passages_are_named_in_the_audit(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    world.tongues[mo] = "en-US"
    documents, guild = storage.guild(world.guild.id).documents, storage.guild(world.guild.id)
    await added(world, mo)
    await documents.put("bakery", {"en.md": MARKED}, by=mo.id, expected=1)
    await documents.restore("bakery", 1, by=mo.id, expected=2)
    await documents.remove("bakery", by=mo.id, expected=3)
    await do(world, mo, "reload")
    shown = text(await mo.slash(world.channel, "audit"))
    assert "document removed: bakery\n" in shown and "· it was at version 3" in shown
    await documents.bring_back("bakery", by=mo.id)
    await do(world, mo, "reload")
    own = (await bot_of(world).answerer.index(world.guild.id)).documents[-1]
    await guild.pins.pin("When?", Language.ENGLISH, own.passages[0].id, by=mo.id)
    shown = text(await mo.slash(world.channel, "audit"))
    assert "document added: Bakery\n" in shown and shown.endswith("· version 1")
    assert "document edited: Bakery\n" in shown and "· version 1, now 2\n" in shown
    assert (
        "earlier version restored: Bakery\n" in shown and "version 1 again, as version 3" in shown
    )
    assert (
        "· before: nothing · after: “On Sundays the bakery opens at nine. On every other day of…”"
        " (Bakery)" in shown
    )


async def test_a_title_in_the_audit_cannot_ping_or_format(world: World, mo: MemberActor) -> None:
    world.tongues[mo] = "en-US"
    shown = await do(world, mo, "add")
    await mo.submit_modal(shown, {"title": "**@everyone** [x](https://x.org)", "text": BODY})
    said = text(await mo.slash(world.channel, "audit"))
    assert "\\*\\*\\@everyone\\*\\* \\[x\\](https" in said


async def test_many_changes_come_in_pages(world: World, storage: Storage, mo: MemberActor) -> None:
    for number in range(10):
        await storage.guild(world.guild.id).documents.put(
            f"document-{number}", {"fr.md": ""}, by=1, expected=0
        )
    shown = await mo.slash(world.channel, "audit")
    assert "Page 1 sur 2" in text(shown) and "document-9" in text(shown)
    assert shown.response is not None
    turned = await press(mo, shown.response, "Suivant")
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
            assert bot_of(world).localiser.books[language](f"audit.{action}", subject="x")
