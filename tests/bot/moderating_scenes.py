"""What moderators see, for `tests.bot.gallery`."""

from __future__ import annotations

import discord
import simcord

from bot.client.client import CoalitionBot
from bot.storage import DocumentChanges
from tests.bot.world import World, press
from tests.contracts import walk

_SINKS = ("how do i unclog the sink", "How do I unclog a sink?")
_TITLES = {"fr": "Déboucher un évier", "en": "Unclog a sink"}
_UNCLOG = "To unclog a sink, pour boiling water into it, wait five minutes, and use a plunger."
_ASIDE = {
    "fr": "Le dimanche, la boulangerie ouvre à neuf heures, et les autres jours à six heures.",
    "en": "On Sundays the bakery opens at nine. On every other day of the week it opens at six.",
}
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
    for question in _SINKS:
        await world.ann.slash(channel, "ask", question=question)
    seen: list[Seen] = []
    for language, person in people.items():
        panel = await person.slash(channel, "gaps")
        seen.append((f"gaps-{language}", person, panel))
        assert panel.response is not None
        # The first stays as it is, for its picture.
        panel = await person.slash(channel, "gaps")
        assert panel.response is not None
        shown = await person.click(panel.response, custom_id=_first(panel, "gap:open:"))
        assert shown.response is not None
        seen.append((f"gap-{language}", person, shown))
        add = _first(shown, "gap:add:")
        for name, text in (("unanswered", _ASIDE[language]), ("answered", _UNCLOG)):
            window = await person.click(shown.response, custom_id=add)
            filled = await person.submit_modal(window, {"title": _TITLES[language], "text": text})
            seen.append((f"gap-{name}-{language}", person, filled))
        # As it was, for the other language.
        await _forget_documents(world)
        for question in _SINKS:
            await world.ann.slash(channel, "ask", question=question)
        seen.append((f"gap-window-{language}", person, window))
    return seen


def _first(shown: simcord.InteractionResult, start: str) -> str:
    """The first button whose custom_id begins so."""
    assert shown.response is not None
    found = (str(each.get("custom_id")) for each in walk(shown.response.components))
    return next(each for each in found if each.startswith(start))


async def _forget_documents(world: World) -> None:
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)

    async def remove(documents: DocumentChanges) -> None:
        for each in await bot.storage.guild(world.guild.id).documents.every():
            await documents.remove(each.slug, by=1, expected=each.version)

    await bot.knowledge.change(world.guild.id, remove)


async def _correcting(world: World, people: dict[str, simcord.MemberActor]) -> list[Seen]:
    channel = world.channel
    seen: list[Seen] = []
    for language, question in (("fr", "Qui est Tim Wu ?"), ("en", "Who is Tim Wu?")):
        person = people[language]
        asked = await world.ann.slash(channel, "ask", question=question)
        assert asked.response is not None and isinstance(world.env.bot, CoalitionBot)
        await world.env.bot.recorder.flush()
        label = "👎"
        seen.append((f"not-right-{language}", person, await press(person, asked.response, label)))
        offered = await press(person, asked.response, label)
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
