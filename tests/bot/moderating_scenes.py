"""What moderators see, for `tests.bot.gallery`."""

from __future__ import annotations

import discord
import simcord

from bot.client import CoalitionBot
from tests.bot.world import World
from tests.contracts import walk

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
    return [
        *seen,
        *await _correcting(world, people),
        *await _gaps(world, people),
        *await _looking(world, people),
    ]


async def _looking(world: World, people: dict[str, simcord.MemberActor]) -> list[Seen]:
    channel = world.channel
    return [
        (f"{name}-{language}", person, await person.slash(channel, name))
        for language, person in people.items()
        for name in ("stats", "audit", "privacy", "forget-me")
    ]


async def _gaps(world: World, people: dict[str, simcord.MemberActor]) -> list[Seen]:
    channel = world.channel
    for question in ("how do i unclog the sink", "How can I unclog a sink?"):
        await world.ann.slash(channel, "ask", question=question)
    return [
        (f"gaps-{language}", person, await person.slash(channel, "gaps"))
        for language, person in people.items()
    ]


async def _correcting(world: World, people: dict[str, simcord.MemberActor]) -> list[Seen]:
    channel = world.channel
    seen: list[Seen] = []
    for language, question in (("fr", "Qui est Tim Wu ?"), ("en", "Who is Tim Wu?")):
        person = people[language]
        asked = await world.ann.slash(channel, "ask", question=question)
        assert asked.response is not None and isinstance(world.env.bot, CoalitionBot)
        await world.env.bot.recorder.flush()
        label = "Not helpful"
        seen.append(
            (f"not-right-{language}", person, await person.click(asked.response, label=label))
        )
        offered = await person.click(asked.response, label=label)
        assert offered.response is not None
        pin = next(
            str(each["custom_id"])
            for each in walk(offered.response.components)
            if str(each.get("custom_id")).startswith("pin:")
        )
        seen += [
            (f"test-{language}", person, await person.slash(channel, "test", question=question)),
            (f"pinned-{language}", person, await person.click(offered.response, custom_id=pin)),
            (f"test-all-{language}", person, await person.slash(channel, "test-all")),
        ]
    return seen
