"""The settings of a server, seen and changed by who manages it and by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import discord
import pytest
from simcord import Env, InteractionResult, MemberActor

from bot.client.client import CoalitionBot
from bot.cogs.moderators.settings.panel import _NAMES
from bot.config import Config
from bot.config.settings import DiscordSettings
from bot.storage import Action, DocumentWord, GuildSettings, Storage
from index import Strictness
from knowledge import Language
from tests.bot.world import (
    World,
    buttons,
    last_message,
    raw,
    response,
    text,
    with_permission,
)
from tests.contracts import walk


@pytest.fixture
def boss(world: World) -> MemberActor:
    """Who manages the server, in French."""
    boss = with_permission(world, "boss", "manage_guild")
    world.tongues[boss] = "fr"
    return boss


def selects(shown: InteractionResult) -> dict[str, Any]:
    """The selects of a panel by their settings."""
    found = [each for each in walk(raw(shown)["components"]) if each.get("type") in {3, 6, 8}]
    return {str(each["custom_id"]).partition(":")[2]: each for each in found}


def defaults(select: dict[str, Any]) -> list[str]:
    chosen = [each["value"] for each in select.get("options", ()) if each.get("default")]
    return chosen + [str(each["id"]) for each in select.get("default_values", ())]


async def change(
    panel: InteractionResult, member: MemberActor, name: str, values: list[Any]
) -> InteractionResult:
    return await member.select(response(panel), values=values, custom_id=f"setting:{name}")


async def test_the_panel_has_every_setting_with_its_value(world: World, boss: MemberActor) -> None:
    panel = await boss.slash(world.channel, "settings")
    assert panel.ephemeral
    assert set(selects(panel)) == set(_NAMES) == set(GuildSettings.model_fields)
    assert "### Réglages du serveur" in text(panel)
    assert "**Durée de conservation**\n-# Les questions sont gardées sans nom" in text(panel)
    assert defaults(selects(panel)["retention_days"]) == ["90"]
    assert defaults(selects(panel)["strictness"]) == ["-"]
    assert defaults(selects(panel)["digest"]) == ["no"]


async def test_every_setting_is_changed_with_its_select(
    world: World, storage: Storage, boss: MemberActor
) -> None:
    channel, role = world.channel, world.guild.create_role("helpers")
    panel = await boss.slash(channel, "settings")
    chosen: dict[str, list[Any]] = {
        "language": ["fr"],
        "open_channels": [channel],
        "auto_channels": [channel],
        "strictness": ["strict"],
        "questions_a_minute": ["20"],
        "moderators_channel": [channel],
        "moderator_roles": [role],
        "retention_days": ["30"],
        "digest": ["yes"],
        "called": ["rules"],
    }
    for name, values in chosen.items():
        await change(panel, boss, name, values)
    changed = await storage.guild(world.guild.id).settings.read()
    assert changed == GuildSettings(
        language=Language.FRENCH,
        open_channels=(channel.id,),
        auto_channels=(channel.id,),
        strictness=Strictness.STRICT,
        questions_a_minute=20,
        moderators_channel=channel.id,
        moderator_roles=(role.id,),
        retention_days=30,
        digest=True,
        called=DocumentWord.RULES,
    )
    again = selects(await boss.slash(channel, "settings"))
    assert {name: defaults(select) for name, select in again.items()} == {
        "language": ["fr"],
        "open_channels": [str(channel.id)],
        "auto_channels": [str(channel.id)],
        "strictness": ["strict"],
        "questions_a_minute": ["20"],
        "moderators_channel": [str(channel.id)],
        "moderator_roles": [str(role.id)],
        "retention_days": ["30"],
        "digest": ["yes"],
        "called": ["rules"],
    }
    entries = await storage.guild(world.guild.id).audit.latest(20)
    assert {each.action for each in entries} == {Action.SETTING_CHANGED}
    assert {each.by for each in entries} == {boss.id} and len(entries) == 10


async def test_a_setting_is_unset_again(world: World, storage: Storage, boss: MemberActor) -> None:
    panel = await boss.slash(world.channel, "settings")
    await change(panel, boss, "strictness", ["eager"])
    await change(panel, boss, "open_channels", [world.channel])
    await change(panel, boss, "strictness", ["-"])
    await change(panel, boss, "open_channels", [])
    assert await storage.guild(world.guild.id).settings.read() == GuildSettings()


@pytest.mark.parametrize("permission", ["manage_messages", "send_messages"])
async def test_nobody_else_is_offered_the_command(world: World, permission: str) -> None:
    mo = with_permission(world, "mo", permission)
    assert "settings" not in mo.available_commands(world.channel)


async def test_who_may_no_longer_manage_the_server_changes_nothing(
    world: World, storage: Storage, boss: MemberActor
) -> None:
    panel = await boss.slash(world.channel, "settings")
    world.env.backend.get_member(world.guild.id, boss.id).role_ids.clear()
    refused = await change(panel, boss, "digest", ["yes"])
    assert refused.ephemeral
    assert "réservé aux personnes qui gèrent le serveur" in text(refused)
    assert await storage.guild(world.guild.id).settings.read() == GuildSettings()


async def test_what_has_gone_and_what_is_not_allowed_is_named(
    world: World, storage: Storage, boss: MemberActor
) -> None:
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot) and bot.user is not None
    closed = world.guild.create_text_channel(
        "closed", overwrites={bot.user: discord.PermissionOverwrite(send_messages=False)}
    )
    await storage.guild(world.guild.id).settings.change(
        by=1, open_channels=(closed.id, 404), moderator_roles=(405,)
    )
    panel = await boss.slash(world.channel, "settings")
    assert (
        f"- Salons ouverts\u00a0: dans <#{closed.id}>, il me manque\u00a0: Envoyer des messages. "
        "Accordez-le-moi dans les paramètres du salon, à Permissions."
    ) in text(panel)
    assert "- Salons ouverts\u00a0: le salon 404 n’existe plus. Choisissez-en un autre." in text(
        panel
    )
    assert "- Rôles des modérateurs\u00a0: le rôle 405 n’existe plus." in text(panel)
    assert defaults(selects(panel)["open_channels"]) == [str(closed.id)]


async def test_what_is_wrong_is_named_at_the_start(
    world: World,
    storage: Storage,
    make_bot: Callable[[], CoalitionBot],
    caplog: pytest.LogCaptureFixture,
) -> None:
    await storage.guild(world.guild.id).settings.change(by=1, moderators_channel=404)
    await world.env.restart_bot(make_bot())
    assert (
        f"Settings of the server {world.guild.id}: Moderators’ channel: the channel 404 is no "
        "longer there."
    ) in caplog.text


async def test_the_panel_works_after_a_restart(
    world: World, storage: Storage, boss: MemberActor, make_bot: Callable[[], CoalitionBot]
) -> None:
    panel = await boss.slash(world.channel, "settings")
    await world.env.restart_bot(make_bot())
    await change(panel, boss, "digest", ["yes"])
    assert (await storage.guild(world.guild.id).settings.read()).digest
    assert isinstance(world.env, Env)


@pytest.mark.parametrize(
    ("tongue", "cannot", "portal", "choose"),
    [
        ("fr", "cela ne peut pas encore fonctionner", "portail", "Choisissez plus bas un salon"),
        ("en-US", "this cannot work yet", "Developer Portal", "Choose a moderators’ channel"),
    ],
)
async def test_what_is_turned_on_and_cannot_work_says_how_it_can(
    world: World, boss: MemberActor, *, tongue: str, cannot: str, portal: str, choose: str
) -> None:
    world.tongues[boss] = tongue
    panel = await boss.slash(world.channel, "settings")
    assert cannot not in text(panel)
    deaf = await change(panel, boss, "auto_channels", [world.channel])
    assert text(deaf).count(cannot) == 1
    assert portal in text(deaf) and "`message_content`" in text(deaf)
    silent = await change(panel, boss, "digest", ["yes"])
    assert text(silent).count(cannot) == 2 and choose in text(silent)
    mended = await change(panel, boss, "moderators_channel", [world.channel])
    assert text(mended).count(cannot) == 1 and choose not in text(mended)
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    bot.config = Config(discord=DiscordSettings(message_content=True))
    assert cannot not in text(await boss.slash(world.channel, "settings"))


async def test_the_bot_speaks_of_rules_where_that_is_chosen(
    world: World, boss: MemberActor
) -> None:
    panel = await boss.slash(world.channel, "settings")
    changed = await change(panel, boss, "called", ["rules"])
    assert defaults(selects(changed)["called"]) == ["rules"]
    for member, said, read in (
        (world.zoe, "Ce que les règles en disent.", "Lire les règles"),
        (world.ann, "What the rules say about it.", "Read the rules"),
    ):
        answer = await member.slash(world.channel, "ask", question="Tim Wu")
        assert said in text(answer) and read in buttons(answer)
        context = await member.slash(world.channel, "read", document="small-business-rising")
        assert read in buttons(context)
    nothing = await world.ann.slash(world.channel, "ask", question="how do i unclog a sink")
    assert "Nothing in the rules fits this question." in text(nothing)
    await world.zoe.send(world.channel, f"{world.bot_mention} Qui est Tim Wu ?")
    assert "Ce que les règles en disent." in text(last_message(world.channel))
    other = world.env.create_guild("Autre")
    there = other.create_text_channel("general")
    olga = other.add_member(world.env.create_user("olga"))
    assert "the articles" in text(await olga.slash(there, "ask", question="Tim Wu"))
