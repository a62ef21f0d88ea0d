"""What moderators see, for `tests.bot.gallery`."""

from __future__ import annotations

import discord
import simcord

from bot.client import CoalitionBot
from tests.bot.world import World

Seen = tuple[str, simcord.MemberActor, simcord.InteractionResult]


async def moderating_scenes(world: World) -> list[Seen]:
    """Do what moderators do, and keep what they see: name, who, what."""
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    permissions = discord.Permissions(manage_guild=True, manage_messages=True)
    role = world.guild.create_role("moderators", permissions=permissions)
    people = {
        language: world.guild.add_member(world.env.create_user(name), roles=[role])
        for language, name in (("fr", "mo"), ("en", "max"))
    }
    world.tongues[people["fr"]] = "fr"
    questions = world.guild.create_text_channel("questions")
    await bot.settings.change(
        world.guild.id, by=1, moderators_channel=questions.id, auto_channels=(questions.id, 404)
    )
    seen: list[Seen] = []
    for language, person in people.items():
        seen.append((f"settings-{language}", person, await person.slash(world.channel, "settings")))
    return seen
