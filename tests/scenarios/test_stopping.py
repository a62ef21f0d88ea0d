"""The bot is stopped, kindly and not, while it answers."""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path

from tests.discord_server import BotProcess, DiscordServer
from tests.scenarios.conftest import ANSWER, QUESTION, QUESTION_FR, House, check_log


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


async def test_a_start_that_is_interrupted_is_no_failure(
    discord: DiscordServer, config: Path
) -> None:
    async with BotProcess(discord, config) as process:
        await asyncio.sleep(0.6)
        process.send(signal.SIGTERM)
        assert await process.exited() in {0, -signal.SIGTERM}
        assert "Traceback" not in process.log


async def test_a_killed_bot_serves_again(
    discord: DiscordServer, house: House, config: Path
) -> None:
    card = None
    for number in range(3):
        async with BotProcess(discord, config) as process:
            await discord.gateway.until(
                lambda wanted=number + 1: len(discord.gateway.identified) == wanted  # type: ignore[misc]
            )
            if card is not None:
                # Buttons of the killed process's messages work.
                shown = await (await house.zoe.press(card, "In context")).card()
                assert shown.ephemeral
            asked = await house.crowd(1)[0].ask(QUESTION)
            card = await asked.card()
            assert ANSWER in card.text
            process.send(signal.SIGKILL)
            await process.exited()
            check_log(process)
