"""A process that stands still for a minute and a half, and goes on."""

from __future__ import annotations

import asyncio
import signal

import pytest

from tests.discord_server import BotProcess
from tests.scenarios.conftest import ANSWER, QUESTION, House


@pytest.mark.long
async def test_a_process_that_stood_still_answers_again(bot: BotProcess, house: House) -> None:
    """Its session goes on; who asked meanwhile had Discord's own word."""
    gateway = house.discord.gateway
    assert ANSWER in (await (await house.ann.ask(QUESTION)).card()).text
    bot.send(signal.SIGSTOP)
    missed = [await each.ask(QUESTION) for each in house.crowd(3)]
    await asyncio.sleep(90)
    bot.send(signal.SIGCONT)
    await gateway.until(lambda: len(gateway.resumed) == 1, within=60)
    await gateway.connected(60)
    assert ANSWER in (await (await house.zoe.ask(QUESTION)).card(within=30)).text
    assert len(gateway.identified) == 1
    assert all(each.response is None for each in missed)
    assert "Traceback" not in bot.log
