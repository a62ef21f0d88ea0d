"""The gateway fails, while members ask: what they see, and what is in the log."""

from __future__ import annotations

import asyncio

import pytest

from tests.discord_server import BotProcess, Interaction
from tests.scenarios.conftest import ANSWER, QUESTION, House


async def asked_by_all(house: House, count: int = 8) -> list[Interaction]:
    """Questions of many members, sent at once and not waited for."""
    return list(await asyncio.gather(*(each.ask(QUESTION) for each in house.crowd(count))))


async def check_answered(asked: list[Interaction]) -> None:
    """Every question has its one answer."""
    for each in asked:
        assert ANSWER in (await each.card()).text
        assert not each.refused
        assert not each.followups


async def test_a_dropped_connection_is_resumed_and_nothing_is_lost(
    bot: BotProcess, house: House
) -> None:
    before = await asked_by_all(house)
    house.discord.gateway.drop()
    # These are sent while there is no connection, and come when the session is resumed.
    after = await asked_by_all(house)
    await check_answered([*before, *after])
    await bot.logged("RESUMED session")
    assert len(house.discord.gateway.identified) == 1


async def test_when_discord_asks_to_reconnect_nothing_is_lost(
    bot: BotProcess, house: House
) -> None:
    before = await asked_by_all(house)
    await house.discord.gateway.ask_to_reconnect()
    after = await asked_by_all(house)
    await check_answered([*before, *after])
    await bot.logged("RESUMED session")


async def test_a_closed_connection_comes_back(bot: BotProcess, house: House) -> None:
    gateway = house.discord.gateway
    for times, code in enumerate((1000, 4000, 4007, 4009), 1):
        before = await asked_by_all(house)
        await gateway.close(code)
        await check_answered(before)
        await bot.logged("RESUMED session", times=times)
        after = await house.crowd(1)[0].ask(QUESTION)
        await check_answered([after])
    assert "Traceback" not in bot.log


async def test_an_invalid_session_is_begun_anew(bot: BotProcess, house: House) -> None:
    gateway = house.discord.gateway
    before = await asked_by_all(house)
    await gateway.invalidate(resumable=False)
    # discord.py waits some seconds, as Discord wants, before it identifies again.
    await gateway.until(lambda: len(gateway.identified) == 2)
    await check_answered(before)
    assert ANSWER in (await (await house.ann.ask(QUESTION)).card()).text
    await bot.logged("session has been invalidated")


async def test_a_gateway_that_is_away_for_a_while_is_found_again(
    bot: BotProcess, house: House
) -> None:
    gateway = house.discord.gateway
    gateway.refuses = 503
    gateway.drop()
    await bot.logged("Attempting a reconnect")
    asked = await asked_by_all(house)
    gateway.refuses = None
    await check_answered_late(asked)


async def check_answered_late(asked: list[Interaction]) -> None:
    """Answered, or too late for Discord: then nothing is left half done."""
    for each in asked:
        try:
            assert ANSWER in (await each.card()).text
        except AssertionError:
            assert each.refused == [10062]


async def test_a_revoked_token_ends_the_bot_with_one_clear_line(
    bot: BotProcess, house: House
) -> None:
    await asked_by_all(house)
    house.discord.revoke_token()
    await house.discord.gateway.close(4004)
    assert await bot.exited() == 2
    assert "Discord refused the token" in bot.lines[-1]
    assert "Traceback" not in bot.log


async def test_a_connection_closed_for_good_ends_the_bot_with_one_clear_line(
    bot: BotProcess, house: House
) -> None:
    await house.discord.gateway.close(4012)
    assert await bot.exited() == 2
    assert "closed the connection and takes no other (code 4012)" in bot.lines[-1]
    assert "Traceback" not in bot.log


async def test_a_server_that_is_away_for_a_while_is_served_again(
    bot: BotProcess, house: House
) -> None:
    guild = house.ann.member.guild
    before = await asked_by_all(house)
    await house.discord.take_away(guild)
    during = await asked_by_all(house)
    await house.discord.give_back(guild)
    await check_answered([*before, *during])
    reply = await house.discord.reply_to(await house.ann.mention(QUESTION))
    assert ANSWER in reply.text
    assert "Traceback" not in bot.log


async def test_a_clock_that_jumps_by_a_day_does_no_harm(bot: BotProcess, house: House) -> None:
    for seconds in (-86_400.0, 86_400.0):
        house.discord.clock.ahead = seconds
        await check_answered(await asked_by_all(house))
        reply = await house.discord.reply_to(await house.ann.mention(QUESTION))
        assert ANSWER in reply.text
        pressed = await house.ann.press(reply, "In context")
        assert (await pressed.card()).ephemeral
    assert "Traceback" not in bot.log


async def test_heartbeats_that_discord_asks_for_are_sent(bot: BotProcess, house: House) -> None:
    del bot
    gateway = house.discord.gateway
    had = len(gateway.heartbeats)
    await gateway.ask_for_heartbeat()
    await gateway.until(lambda: len(gateway.heartbeats) > had)


@pytest.mark.long
@pytest.mark.timeout(180)
async def test_a_zombie_is_noticed_and_nothing_is_lost(bot: BotProcess, house: House) -> None:
    gateway = house.discord.gateway
    gateway.fall_silent()
    asked = await asked_by_all(house)
    await gateway.until(lambda: bool(gateway.resumed), within=120)
    # Too late for these by Discord's own limit; what comes now is answered.
    await check_answered_late(asked)
    assert ANSWER in (await (await house.ann.ask(QUESTION)).card()).text
    assert len(gateway.identified) == 1
    assert "Traceback" not in bot.log
