"""Who is let in where moderators and managers act, and what everybody else is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import discord
import pytest
from discord import app_commands
from simcord import MemberActor

from bot.client.client import CoalitionBot
from bot.cogs.access import in_servers
from tests.bot.cogs.members.test_user_installed import in_a_private_channel, in_a_server
from tests.bot.world import World, press, response, text, with_permission

MODERATORS = "for people who manage messages"
MANAGERS = "for people who manage the server"


def bot_of(world: World) -> CoalitionBot:
    assert isinstance(world.env.bot, CoalitionBot)
    return world.env.bot


async def refused(world: World, member: MemberActor) -> list[str]:
    """Which commands of moderators and managers `member` is refused, though Discord offers them."""
    tree = cast("app_commands.CommandTree", bot_of(world).tree)
    registered = {each.name: each for each in await tree.fetch_commands()}
    refused = []
    for command, reason in (("audit", MODERATORS), ("settings", MANAGERS)):
        world.guild.set_command_permissions(registered[command], {member: True})
        shown = await member.slash(world.channel, command)
        assert shown.ephemeral
        if reason in text(shown):
            refused.append(command)
    # simcord wants every check that failed looked at.
    assert all(isinstance(each, app_commands.CheckFailure) for each in world.env.errors)
    return refused


@pytest.mark.parametrize(
    ("permissions", "kept_from"),
    [
        ((), ["audit", "settings"]),
        (("kick_members", "manage_channels"), ["audit", "settings"]),
        (("manage_messages",), ["settings"]),
        (("manage_guild",), ["audit"]),
        (("manage_guild", "manage_messages"), []),
    ],
)
async def test_a_permission_lets_in_where_it_is_meant_for(
    world: World, permissions: tuple[str, ...], kept_from: list[str]
) -> None:
    assert await refused(world, with_permission(world, "pat", *permissions)) == kept_from


async def test_a_role_that_the_settings_name_makes_a_moderator_and_no_manager(
    world: World,
) -> None:
    chosen, other = (world.guild.create_role(name) for name in ("helpers", "others"))
    helper, stranger = (
        world.guild.add_member(world.env.create_user(name), roles=roles)
        for name, roles in (("hal", [other, chosen]), ("sam", [other]))
    )
    assert await refused(world, helper) == ["audit", "settings"]
    await bot_of(world).settings.change(world.guild.id, by=1, moderator_roles=(chosen.id,))
    assert await refused(world, helper) == ["settings"]
    assert await refused(world, stranger) == ["audit", "settings"]


def by_permission(world: World) -> MemberActor:
    return with_permission(world, "mo", "manage_messages")


def by_administration(world: World) -> MemberActor:
    return with_permission(world, "mo", "administrator")


async def by_role(world: World) -> MemberActor:
    helpers = world.guild.create_role("helpers")
    await bot_of(world).settings.change(world.guild.id, by=1, moderator_roles=(helpers.id,))
    return world.guild.add_member(world.env.create_user("mo"), roles=[helpers])


@pytest.mark.parametrize("tongue", ["en-US", "fr"])
@pytest.mark.parametrize("way", [by_permission, by_administration, by_role])
async def test_every_way_to_be_a_moderator_has_every_right(
    world: World, way: Callable[[World], Any], tongue: str
) -> None:
    mo = way(world)
    if not isinstance(mo, MemberActor):
        mo = await mo
    world.tongues[mo] = tongue
    english = tongue == "en-US"
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    await bot_of(world).recorder.flush()
    offered = await press(mo, response(answer), "👎")
    asked = "Which passage answers this question?" if english else "Quel passage répond"
    assert asked in text(offered)
    tree = cast("app_commands.CommandTree", bot_of(world).tree)
    commands = {each.name: each for each in await tree.fetch_commands()}
    world.guild.set_command_permissions(commands["pin"], {mo: True})
    assert await mo.autocomplete(world.channel, "pin", "passage", "tim wu", question="Who?")
    for command in ("audit", "gaps", "stats"):
        world.guild.set_command_permissions(commands[command], {mo: True})
        assert MODERATORS not in text(await mo.slash(world.channel, command))
    refused = await press(world.zoe, response(answer), "Delete")
    assert text(refused).startswith("Seuls l’auteur de la question et les modérateurs")
    await press(mo, response(answer), "Delete")
    assert world.channel.history() == []


async def test_a_button_of_moderators_does_nothing_for_who_is_none_any_more(
    world: World, mo: MemberActor
) -> None:
    for most in range(1, 12):
        await bot_of(world).settings.change(world.guild.id, by=1, questions_a_minute=most)
    newest = await mo.slash(world.channel, "audit")
    older = await press(mo, response(newest), "Suivant")
    assert "Page 2" in text(older)
    world.env.backend.get_member(world.guild.id, mo.id).role_ids.clear()
    told = await press(mo, response(older), "Précédent")
    assert told.ephemeral
    assert text(told).startswith("C’est réservé aux personnes qui gèrent les messages")


@pytest.mark.parametrize("tell", [in_a_server, in_a_private_channel])
async def test_where_the_bot_is_not_nobody_is_let_in(
    world: World, tell: Callable[[Mapping[str, Any], str], dict[str, Any]]
) -> None:
    everything = with_permission(world, "pat", "administrator")
    assert await refused(world, everything) == []
    plain = world.env.backend.emit

    def emit(event: str, payload: Mapping[str, Any]) -> None:
        plain(
            event, tell(payload, str(everything.id)) if event == "INTERACTION_CREATE" else payload
        )

    world.env.backend.emit = emit  # type: ignore[method-assign]
    assert await refused(world, everything) == ["audit", "settings"]


def test_a_command_for_servers_is_there_for_nobody_who_installed_the_bot_alone() -> None:
    @in_servers
    @app_commands.command(name="anything", description="anything")
    async def command(interaction: discord.Interaction[Any]) -> None:
        del interaction

    assert command.guild_only
    assert command.allowed_installs is not None
    assert (command.allowed_installs.guild, command.allowed_installs.user) == (True, False)
