"""Members, and whoever speaks in Discord's name, who mean harm."""

from __future__ import annotations

import copy
import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.discord_server import BotProcess, DiscordServer, NotAnsweredError
from tests.scenarios.conftest import ANSWER, QUESTION, House, check_log

FORGED = (
    "passage:ffffffffffffffff-:fr",
    "passage:../../../../etc/passwd:fr",
    "context:ffffffffffffffff999:en",
    "whole:ffffffffffffffff-:en:999",
    "others:turn:9:fr:ffffffffffffffff-",
    "others:open:0:fr:" + "a" * 82,
    "suggested:ffffffffffffffff:fr:00000000",
    "delete:99999999999999999999",
    "read:turn:ffffffffffffffff:fr",
    "topics:999999:fr",
    "helpful:ffffffffffffffff",
    "unpin:999999999999999999",
    "pin:ffffffffffffffff:aaaaaaaaaaaaaaaa",
    "setting:open_channels",
    "setting:moderator_roles",
    "request:done:1",
    "request:find:1",
    "\u0000\u202e`${jndi:ldap://x}`",
)


async def test_forged_buttons_do_nothing_and_say_so(bot: BotProcess, house: House) -> None:
    card = await (await house.ann.ask(QUESTION)).card()
    (other,) = house.crowd(1)
    answered = 0
    for custom_id in FORGED:
        pressed = await other.forge(card, custom_id)
        try:
            shown = await pressed.card(within=2)
        except NotAnsweredError:
            # What is no button of the bot's is left alone.
            continue
        answered += 1
        assert shown.ephemeral or shown.id == card.id, custom_id
        assert ANSWER in card.text
    assert answered >= 10
    assert not card.deleted
    assert "Traceback" not in bot.log, bot.log


async def test_a_member_who_presses_delete_of_another_deletes_nothing(
    bot: BotProcess, house: House
) -> None:
    del bot
    card = await (await house.ann.ask(QUESTION)).card()
    shown = await (await house.zoe.press(card, "Delete")).card()
    assert "peuvent supprimer" in shown.text
    assert not card.deleted


async def test_a_question_pings_nobody_and_formats_nothing(bot: BotProcess, house: House) -> None:
    # The stand-in holds every message against the rule that nothing may ping.
    del bot
    typed = f"{QUESTION} @everyone <@&1> [free](https://x.example) **bold** `code`"
    asked = await (await house.ann.ask(typed)).card()
    replied = await house.discord.reply_to(await house.zoe.mention(typed))
    for card in (asked, replied):
        assert ANSWER in card.text
        assert "[free](" not in card.text
        assert "**bold**" not in card.text


async def test_names_write_no_lines_into_the_log(discord: DiscordServer, config: Path) -> None:
    forged = "x\n2026-01-01 00:00:00,000 ERROR forged\r\x1b[31mred"
    guild = discord.guild(forged)
    channel = discord.channel(guild, forged)
    person = discord.person(forged, guild)
    async with BotProcess(discord, config, launcher="tests.scenarios.broken") as process:
        await discord.gateway.connected()
        await (await person.ask("Who is unreadable?", channel)).card()
        await discord.reply_to(await person.mention(f"unreadable {forged}", channel))
        await (await person.ask(QUESTION, channel)).card()
    assert "forged" not in process.log
    assert "\x1b[31m" not in process.log
    check_log(process)


@pytest.fixture
async def unchecked(config: Path) -> AsyncIterator[tuple[House, BotProcess]]:
    """A Discord that sends what Discord's documents do not know."""
    async with DiscordServer(checked=False) as discord:
        guild = discord.guild()
        house = House(discord, discord.person("ann", guild), discord.person("zoe", guild, "fr"))
        async with BotProcess(discord, config) as process:
            await discord.gateway.connected()
            yield house, process


def mutated(payload: Any, chance: random.Random) -> Any:  # noqa: ANN401 - any JSON
    """A payload in which something is missing, unknown, or of another kind."""
    changed = copy.deepcopy(payload)
    places = list(_places(changed))
    for holder, key in chance.sample(places, k=min(len(places), chance.randint(1, 3))):
        if isinstance(holder, dict) and chance.random() < 0.4:
            holder.pop(key, None)
        else:
            holder[key] = chance.choice(
                [None, 0, -1, 2**63, "", "x" * 5000, [], {}, [[]], {"x": {}}, True, "\u0000"]
            )
    return changed


def _places(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - any JSON
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(items):
        yield value, key
        if isinstance(inner, (dict, list)):
            yield from _places(inner)


async def test_payloads_with_missing_and_unknown_fields_are_survived(
    unchecked: tuple[House, BotProcess],
) -> None:
    house, bot = unchecked
    discord, chance = house.discord, random.Random(2021)
    card = await (await house.ann.ask(QUESTION)).card()
    templates = [
        await house.ann.payload_of(2, {"id": "1", "name": "ask", "type": 1, "options": [
            {"name": "question", "type": 3, "value": QUESTION}]}),
        await house.ann.payload_of(3, {"component_type": 2, "custom_id": card.buttons["👍"]},
                                   card),
        await house.ann.payload_of(5, {"custom_id": "sought:" + "0" * 16, "components": []}, card),
    ]  # fmt: skip
    for number in range(150):
        template = templates[number % len(templates)]
        sent = {**mutated(template, chance), "more": {"unknown": [1, None]}}
        await discord.gateway.dispatch("INTERACTION_CREATE", sent, None)
        if number % 50 == 49:
            asked = await house.crowd(1)[0].ask(QUESTION)
            assert ANSWER in (await asked.card(within=30)).text
    assert discord.gateway.connections == 1
    check_log(bot)
