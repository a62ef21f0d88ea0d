"""Members ask in every way, over real sockets."""

from __future__ import annotations

import signal

from tests.discord_server import BotProcess
from tests.scenarios.conftest import ANSWER, ANSWER_FR, QUESTION, QUESTION_FR, House


async def test_every_way_to_ask(bot: BotProcess, house: House) -> None:
    ann, zoe, discord = house.ann, house.zoe, house.discord
    card = await (await ann.ask(QUESTION)).card()
    assert ANSWER in card.text
    assert not card.ephemeral
    shown = await (await zoe.press(card, "Read in French")).card()
    assert ANSWER_FR in shown.text
    assert shown.ephemeral
    private = await (await zoe.ask(QUESTION_FR, private=True)).card()
    assert ANSWER_FR in private.text
    assert private.ephemeral
    assert ANSWER_FR in (await discord.reply_to(await zoe.mention(QUESTION_FR))).text
    assert ANSWER_FR in (await discord.reply_to(await zoe.write_privately(QUESTION_FR))).text
    remark = await ann.say(QUESTION)
    found = await (await zoe.use_on("Find the passage", remark)).card()
    assert ANSWER in found.text
    assert found.ephemeral
    bot.send(signal.SIGTERM)
    assert await bot.exited() == 0


async def test_choices_modals_and_deleting(bot: BotProcess, house: House) -> None:
    del bot
    typing = await (await house.zoe.type_into("ask", "question", "Tim")).done()
    assert QUESTION_FR in [each["value"] for each in typing.choices or ()]
    card = await (await house.ann.ask(QUESTION)).card()
    pressed = await (await house.zoe.press(card, "👎")).done()
    thanks = await (await house.zoe.submit(pressed, "When it was.")).card()
    assert "Merci" in thanks.text
    await (await house.ann.press(card, "Delete")).done()
    await house.discord.until(lambda: card.deleted)


async def test_what_was_said_to_others_is_left_alone(bot: BotProcess, house: House) -> None:
    del bot
    await house.ann.say(QUESTION)
    # What comes after is answered, so what came before has been seen.
    reply = await house.discord.reply_to(await house.ann.mention(QUESTION))
    assert [each for each in house.discord.messages_in(house.ann.channel) if each.author.bot] == [
        reply
    ]
