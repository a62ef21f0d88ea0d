"""A process that is stopped for a minute and a half, and goes on."""

from __future__ import annotations

import asyncio
import signal

import pytest

from tests.discord_server import BotProcess
from tests.scenarios.conftest import ANSWER, QUESTION, House


@pytest.mark.long
async def test_a_process_that_stood_still_for_a_minute_and_a_half(
    bot: BotProcess, house: House
) -> None:
    assert ANSWER in (await (await house.ann.ask(QUESTION)).card()).text
    connections = house.discord.gateway.connections
    bot.send(signal.SIGSTOP)
    missed = [await each.ask(QUESTION) for each in house.crowd(3)]
    await asyncio.sleep(90)
    late = await house.zoe.ask(QUESTION)
    bot.send(signal.SIGCONT)
    import time

    t = time.monotonic()
    for n in range(60):
        asked = await house.ann.ask(QUESTION)
        try:
            card = await asked.card(within=3)
            print("answered after", time.monotonic() - t, card.text[:60])
            break
        except BaseException as e:
            print(n, time.monotonic() - t, repr(e)[:80])
    print([(m.response, m.refused) for m in [*missed, late]])
    print(
        connections,
        house.discord.gateway.connections,
        len(house.discord.gateway.identified),
        len(house.discord.gateway.resumed),
    )
    await asyncio.sleep(10)
    print([(m.response, m.refused) for m in [*missed, late]])
    print(bot.log)
    assert 0
