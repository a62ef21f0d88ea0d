"""REST fails, while members ask: what they see, and what is in the log."""

from __future__ import annotations

from discord import Permissions

from tests.discord_server import BotProcess, Cut
from tests.scenarios.conftest import ANSWER, QUESTION, House

CALLBACK, MESSAGES = "/callback$", r"^/channels/\d+/messages$"


async def test_an_answer_whose_sending_is_cut_comes_once(bot: BotProcess, house: House) -> None:
    for cut in Cut:
        fault = house.discord.faults.plan("POST", CALLBACK, cut=cut)
        asked = await house.ann.ask(QUESTION)
        assert ANSWER in (await asked.card()).text
        assert fault.hits == 1
        assert not asked.followups
    await bot.logged("broke off .*; again", times=3)
    assert "Traceback" not in bot.log


async def test_a_reply_whose_sending_is_cut_comes_once(bot: BotProcess, house: House) -> None:
    house.discord.limits.each.clear()
    for cut in Cut:
        fault = house.discord.faults.plan("POST", MESSAGES, cut=cut)
        asked = await house.ann.mention(QUESTION)
        assert ANSWER in (await house.discord.reply_to(asked)).text
        await bot.logged("broke off", times=fault.hits)
        # The next reply comes after whatever was sent twice.
        await house.discord.reply_to(await house.zoe.mention(QUESTION))
        replies = [
            each for each in house.discord.messages_in(house.ann.channel) if each.reference is asked
        ]
        assert len(replies) == 1
    assert "Traceback" not in bot.log


async def test_a_button_whose_answer_is_cut_is_answered_once(bot: BotProcess, house: House) -> None:
    card = await (await house.ann.ask(QUESTION)).card()
    for cut in Cut:
        house.discord.faults.plan("POST", CALLBACK, cut=cut)
        pressed = await house.zoe.press(card, "In context")
        assert (await pressed.card()).ephemeral
    assert "Traceback" not in bot.log


async def test_a_server_error_is_waited_out(bot: BotProcess, house: House) -> None:
    for status in (500, 502, 503, 504):
        house.discord.faults.plan("POST", CALLBACK, status=status)
        asked = await house.crowd(1)[0].ask(QUESTION)
        house.discord.faults.plan("POST", MESSAGES, status=status)
        mentioned = await house.crowd(1)[0].mention(QUESTION)
        assert ANSWER in (await asked.card()).text
        assert ANSWER in (await house.discord.reply_to(mentioned)).text
    assert "Traceback" not in bot.log


async def test_a_full_bucket_and_the_limit_over_all_are_waited_for(
    bot: BotProcess, house: House
) -> None:
    house.discord.limits.each[r"^POST /channels/\d+/messages$"] = (2, 1.0)
    asked = [await each.mention(QUESTION) for each in house.crowd(5)]
    for each in asked:
        assert ANSWER in (await house.discord.reply_to(each)).text
    house.discord.limits.close_everywhere(1.5)
    asked_then = await house.ann.mention(QUESTION)
    # Answers to interactions are not counted there.
    assert (await (await house.zoe.ask(QUESTION)).card()).text
    assert ANSWER in (await house.discord.reply_to(asked_then)).text
    await bot.logged("Global rate limit has been hit")
    assert "Traceback" not in bot.log


async def test_an_interaction_that_expired_is_one_line(bot: BotProcess, house: House) -> None:
    house.discord.first_response = 0.0
    asked = await house.ann.ask(QUESTION)
    await bot.logged("could not be answered: it expired")
    assert asked.refused == [10062]
    house.discord.first_response = 3.0
    assert ANSWER in (await (await house.ann.ask(QUESTION)).card()).text
    assert "Traceback" not in bot.log


async def test_a_slow_discord_gets_its_answer(bot: BotProcess, house: House) -> None:
    house.discord.faults.plan("POST", CALLBACK, delay=2.0)
    assert ANSWER in (await (await house.ann.ask(QUESTION)).card()).text
    assert "Traceback" not in bot.log


async def test_a_channel_that_is_closed_to_the_bot_is_told_privately(
    bot: BotProcess, house: House
) -> None:
    quiet = house.discord.channel(house.ann.member.guild, "quiet", Permissions(send_messages=True))
    await house.discord.take_away(house.ann.member.guild)
    await house.discord.give_back(house.ann.member.guild)
    await house.ann.mention(QUESTION, quiet)
    told = await house.discord.written(house.ann.direct)
    assert "I cannot answer in" in told.text
    house.discord.takes_no_direct_messages.add(house.zoe.user)
    await house.zoe.mention(QUESTION, quiet)
    assert ANSWER in (await (await house.ann.ask(QUESTION)).card()).text
    assert "Traceback" not in bot.log


async def test_a_channel_deleted_between_question_and_answer_does_no_harm(
    bot: BotProcess, house: House
) -> None:
    going = house.discord.channel(house.ann.member.guild, "going")
    house.discord.faults.plan("POST", MESSAGES, delay=0.3)
    await house.ann.mention(QUESTION, going)
    await house.discord.delete_channel(going)
    assert ANSWER in (await (await house.zoe.ask(QUESTION)).card()).text
    assert "Traceback" not in bot.log
