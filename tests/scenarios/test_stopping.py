"""The bot is stopped, kindly and not, while it answers."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from pathlib import Path

from tests.discord_server import BotProcess, DiscordServer, Person
from tests.discord_server.interactions import ANSWER as ANSWERED
from tests.scenarios.conftest import ANSWER, QUESTION, QUESTION_FR, House, check_log

KILLS = int(os.environ.get("KILLS", "3"))


async def test_answers_in_flight_are_finished_and_new_questions_refused_kindly(
    bot: BotProcess, house: House
) -> None:
    people = house.crowd(50)
    # Every answer takes Discord a second, so all are in flight.
    fault = house.discord.faults.plan("POST", "/callback$", times=50, delay=1.0)
    asked = [await each.ask(QUESTION) for each in people]
    await house.discord.until(lambda: fault.hits == 50)
    bot.send(signal.SIGTERM)
    began = time.monotonic()
    await bot.logged("Stopping")
    late = await (await house.zoe.ask(QUESTION_FR)).card()
    assert "Je redémarre" in late.text
    assert late.ephemeral
    replied = await house.discord.reply_to(await house.ann.mention(QUESTION))
    assert "I am being restarted" in replied.text
    for each in asked:
        assert ANSWER in (await each.card()).text
    assert await bot.exited() == 0
    assert time.monotonic() - began < 10
    assert "Traceback" not in bot.log


async def test_a_thread_that_is_stuck_keeps_nobody_waiting(
    discord: DiscordServer, house: House, config: Path
) -> None:
    async with BotProcess(discord, config, launcher="tests.scenarios.broken") as process:
        await discord.gateway.connected()
        stuck = await house.ann.ask("Who is the stuck Tim Wu?")
        await stuck.acknowledgement()
        told = await (await house.zoe.command("language", language="fr")).card()
        assert "cannot save" not in told.text
        process.send(signal.SIGTERM)
        began = time.monotonic()
        assert await process.exited() == 0
        assert time.monotonic() - began < 10
        assert "Traceback" not in process.log


async def test_a_start_that_does_not_let_itself_be_stopped_is_left(
    discord: DiscordServer, config: Path
) -> None:
    async with BotProcess(discord, config, launcher="tests.scenarios.stubborn") as process:
        await process.logged("Nothing stops this")
        process.send(signal.SIGTERM)
        assert await process.exited(within=10) == 0
        assert "Traceback" not in process.log


async def test_a_start_that_is_interrupted_is_no_failure(
    discord: DiscordServer, config: Path
) -> None:
    async with BotProcess(discord, config) as process:
        await asyncio.sleep(0.6)
        process.send(signal.SIGTERM)
        assert await process.exited() in {0, -signal.SIGTERM}
        assert "Traceback" not in process.log


async def test_a_killed_bot_serves_again_and_lost_nothing_that_it_acknowledged(
    discord: DiscordServer, house: House, config: Path
) -> None:
    """`KILLS=100 python -m pytest -k killed_bot` kills it a hundred times."""
    chance = random.Random()
    card = None
    acknowledged: list[Person] = []
    for number in range(KILLS):
        async with BotProcess(discord, config) as process:
            await discord.gateway.until(
                lambda wanted=number + 1: len(discord.gateway.identified) == wanted,  # type: ignore[misc]
                60,
            )
            for person in acknowledged[-3:]:
                told = await (await person.command("help")).card()
                assert "en citant" in told.text
            if card is not None:
                # Buttons of the killed process's messages work.
                assert (await (await house.zoe.press(card, "In context")).card()).ephemeral
            people = house.crowd(6)
            card = await (await people[0].ask(QUESTION)).card()
            assert ANSWER in card.text
            choosing = [await each.command("language", language="fr") for each in people]
            await choosing[0].acknowledgement()
            await asyncio.sleep(chance.random() * 0.1)
            process.send(signal.SIGKILL)
            await process.exited()
            pairs = zip(people, choosing, strict=True)
            acknowledged += [who for who, choice in pairs if choice.response == ANSWERED]
            check_log(process)
    assert acknowledged
