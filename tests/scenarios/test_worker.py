"""What answers breaks: what members see, and what is in the log."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.discord_server import BotProcess, DiscordServer
from tests.scenarios.conftest import ANSWER, QUESTION, House, check_log


@pytest.fixture
async def broken(discord: DiscordServer, house: House, config: Path) -> AsyncIterator[BotProcess]:
    """The bot with an encoder that breaks at certain words."""
    del house
    async with BotProcess(discord, config, launcher="tests.scenarios.broken") as process:
        await discord.gateway.connected()
        yield process
    check_log(process)


async def test_an_encoder_that_fails_on_a_question_is_told_with_a_reference(
    broken: BotProcess, house: House
) -> None:
    asked = await (await house.ann.ask("Who is unreadable?")).card()
    reference = re.search(r"reference: ([0-9a-f]{6})", asked.text)
    assert reference is not None, asked.text
    assert asked.ephemeral
    await broken.logged(f"Failed with reference {reference[1]}")
    assert "unreadable" not in broken.log
    replied = await house.discord.reply_to(await house.zoe.mention("Who is unreadable?"))
    assert "Something went wrong" in replied.text
    assert ANSWER in (await (await house.ann.ask(QUESTION)).card()).text


async def test_a_worker_that_dies_takes_nothing_with_it(broken: BotProcess, house: House) -> None:
    asked = await (await house.ann.ask("How deadly is it?")).card()
    assert "Something went wrong" in asked.text
    await broken.logged("Failed with reference")
    assert ANSWER in (await (await house.zoe.ask(QUESTION)).card()).text


async def test_a_slow_question_is_announced_and_then_answered(
    broken: BotProcess, house: House
) -> None:
    slow = await house.ann.ask("Who is the slow Tim Wu?")
    # The same member has to wait; all others wait behind a worker that is taken.
    again = await (await house.ann.ask(QUESTION)).card()
    assert "I am still looking" in again.text
    assert again.ephemeral
    await slow.acknowledgement()
    assert slow.original is not None and slow.original.thinking
    assert ANSWER in (await slow.card()).text
    del broken


async def test_questions_are_answered_while_the_index_is_replaced(
    bot: BotProcess, house: House, config: Path
) -> None:
    building = BotProcess(house.discord, config, "index", "build")
    async with building:
        while building.running.returncode is None:
            for person in house.crowd(3):
                assert ANSWER in (await (await person.ask(QUESTION)).card()).text
            await asyncio.sleep(0.05)
        assert await building.exited() == 0
    assert ANSWER in (await (await house.ann.ask(QUESTION)).card()).text
    assert "Traceback" not in bot.log


async def test_an_interaction_that_waited_too_long_is_let_go(bot: BotProcess, house: House) -> None:
    # What came quickest tells what the way takes.
    assert ANSWER in (await (await house.ann.ask(QUESTION)).card()).text
    house.discord.clock.ahead = -1.0
    refused = await (await house.zoe.ask(QUESTION)).card()
    assert "Beaucoup de questions" in refused.text
    assert refused.ephemeral
    house.discord.clock.ahead = -2.5
    let_go = await house.zoe.ask(QUESTION)
    house.discord.clock.ahead = 0.0
    assert ANSWER in (await (await house.ann.ask(QUESTION)).card()).text
    assert let_go.response is None
    del bot
