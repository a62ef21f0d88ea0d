"""What is for moderators alone never reaches a member, whatever they type, press or forge."""

from __future__ import annotations

import json
import random
from typing import Any

import discord
import simcord
from discord import ui

from bot.answering.rate_limit import RateLimit
from bot.client.client import CoalitionBot
from bot.cogs.members.documents import OpenDocument
from bot.cogs.members.topics import ReadPassage
from bot.components.answer_buttons import InContext, ShowPassage
from bot.components.buttons import KeptButton, PassageReference
from bot.components.cards import COLOURS, Card
from index import Outcome
from knowledge import Language
from tests.bot.world import World, raw, text
from tests.contracts import walk

_HIDDEN = "quartzine"
_HUSH = (
    "---\ntitle: Sanctions of the quartzine club\nlanguage: en\ntags: [quartzine]\n"
    "visible_to: moderators\n---\n\n## Quartzine warnings\n\n"
    "Whoever breaks the quartzine vase is warned twice, and banned for quartzine the third time."
)
_OPEN = (
    "---\ntitle: House of clubs\nlanguage: en\n---\n\n"
    "Whoever breaks a vase says so at the desk and pays nine euros for a new one."
)
_TYPED = (
    "What happens to whoever breaks the quartzine vase?", "quartzine", "quartz", "sanctions",
    "warned twice and banned", "who breaks the vase", "",
)  # fmt: skip
_STEPS = 60


async def test_members_never_see_what_is_for_moderators(
    world: World, mo: simcord.MemberActor
) -> None:
    for name, content in (("hush.md", _HUSH), ("open.md", _OPEN)):
        await mo.slash(world.channel, "knowledge add", file=(name, content.encode()))
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    bot.answerer.rate_limit = RateLimit(a_minute=1_000_000)
    whole = await bot.answerer.whole_index(world.guild.id)
    hidden = next(each for each in whole.documents if each.is_for_moderators)
    tested = await mo.slash(world.channel, "test", question=_TYPED[0])
    assert _HIDDEN in text(tested), "moderators try it out"
    assert _HIDDEN in text(await mo.slash(world.channel, "knowledge list"))
    chosen = random.Random(3)
    place = PassageReference(hidden.passages[0].id, None)
    forged: list[KeptButton] = [
        ShowPassage("·", f"passage:{place}:en"),
        InContext("·", f"context:{place}:en"),
        ReadPassage("·", f"read:open:{place.passage}:en"),
        OpenDocument("·", f"document:open:{place.passage}:0:en"),
    ]
    channel = bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)

    async def see(shown: simcord.InteractionResult, typed: str) -> None:
        if shown.response is None:
            return
        assert _HIDDEN not in json.dumps(raw(shown), default=str).replace(typed, "")
        ids = [str(each.get("custom_id", "")) for each in walk(raw(shown)["components"])]
        pressed = [each for each in ids if each.startswith(("others:", "context:", "document"))]
        if pressed:
            again = await world.ann.click(shown.response, custom_id=chosen.choice(pressed))
            assert again.response is None or _HIDDEN not in json.dumps(raw(again), default=str)

    async def step(typed: str) -> None:
        way = chosen.randrange(4)
        if way == 0:
            await see(await world.ann.slash(world.channel, "ask", question=typed or "vase"), typed)
        elif way == 1:
            name, option = chosen.choice(
                (("ask", "question"), ("topics", "search"), ("topics", "tag"), ("read", "document"))
            )
            offered = await world.ann.autocomplete(world.channel, name, option, typed)
            assert _HIDDEN not in json.dumps(offered)
        elif way == 2:
            name = chosen.choice(("topics", "read"))
            option = {"topics": "search", "read": "document"}[name]
            await see(
                await world.ann.slash(world.channel, name, **{option: typed or "house"}), typed
            )
        else:
            button = chosen.choice(forged)
            row: list[ui.Item[Any]] = [button]
            card = Card(COLOURS[Outcome.NONE], ui.TextDisplay("·"), ui.ActionRow(*row))
            message = await channel.send(view=card)
            await see(await world.ann.click(message, custom_id=button.custom_id), "")

    for _ in range(_STEPS):
        await step(chosen.choice(_TYPED))
    shown = await mo.slash(
        world.channel, "knowledge audience", document=hidden.slug, visible_to="everyone"
    )
    assert "Tout le monde" in text(shown) or "autre réponse" in text(shown)
    assert Language.ENGLISH in hidden.editions
