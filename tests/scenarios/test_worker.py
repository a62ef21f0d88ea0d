"""What answers breaks: what members see, and what is in the log."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

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


async def test_what_waited_on_its_way_is_answered_while_that_is_of_use(
    bot: BotProcess, house: House
) -> None:
    # What came quickest tells what the way takes.
    asked = await (await house.ann.ask(QUESTION)).card()
    assert ANSWER in asked.text
    house.discord.clock.ahead = -1.0
    assert ANSWER in (await (await house.zoe.ask(QUESTION)).card()).text
    house.discord.clock.ahead = -2.5
    let_go = await house.zoe.ask(QUESTION)
    house.discord.clock.ahead = 0.0
    assert ANSWER in (await (await house.ann.ask(QUESTION)).card()).text
    assert let_go.response is None
    del bot


async def test_a_bot_that_stood_still_answers_a_few_who_asked_meanwhile_and_tells_the_others(
    bot: BotProcess, house: House
) -> None:
    assert ANSWER in (await (await house.ann.ask(QUESTION)).card()).text
    bot.send(signal.SIGSTOP)
    asked = [await each.ask(QUESTION) for each in house.crowd(60)]
    await asyncio.sleep(0.8)
    bot.send(signal.SIGCONT)
    cards = [await each.card() for each in asked]
    told = [each for each in cards if "Many questions" in each.text and each.ephemeral]
    answered = [each for each in cards if ANSWER in each.text]
    assert len(told) + len(answered) == len(asked)
    assert told
    assert len(answered) >= 10
    assert ANSWER in (await (await house.zoe.ask(QUESTION)).card()).text


async def test_a_crowd_is_answered_or_asked_to_come_again(
    discord: DiscordServer, house: House, config: Path
) -> None:
    settings = {**yaml.safe_load(config.read_text()), "discord": {"waiting": 20}}
    config.write_text(yaml.safe_dump(settings))
    async with BotProcess(discord, config) as process:
        await discord.gateway.connected()
        asked = await asyncio.gather(*(each.ask(QUESTION) for each in house.crowd(300)))
        cards = [await each.card() for each in asked]
        answered = [each for each in cards if ANSWER in each.text]
        told = [each for each in cards if "Many questions" in each.text and each.ephemeral]
        assert len(answered) + len(told) == len(asked)
        assert 20 <= len(answered) < len(asked)
        assert ANSWER in (await (await house.zoe.ask(QUESTION)).card()).text
    check_log(process)
