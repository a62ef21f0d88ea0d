"""The settings of a server, seen and changed by who manages it and by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import discord
import pytest
from simcord import Env, InteractionResult, MemberActor

from bot.client.client import CoalitionBot
from bot.cogs.moderators.settings.panel import _NAMES
from bot.storage import Action, GuildSettings, Storage
from index import Strictness
from knowledge import Language
from tests.bot.world import World, raw, response, text, with_permission
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
    }
    entries = await storage.guild(world.guild.id).audit.latest(20)
    assert {each.action for each in entries} == {Action.SETTING_CHANGED}
    assert {each.by for each in entries} == {boss.id} and len(entries) == 9


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
        f"- Salons ouverts\u00a0: dans <#{closed.id}>, il me manque\u00a0: Envoyer des messages."
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
