"""Every way to ask beside `/ask` itself."""

from __future__ import annotations

import re

import pytest

from bot.client.client import CoalitionBot
from bot.process.worker import Worker
from tests.bot.world import World, buttons, last_message, last_request, text

MEMBERS_EN = "The American Booksellers Association"


async def test_curated_questions_are_offered_in_the_members_language(world: World) -> None:
    english = await world.ann.autocomplete(world.channel, "ask", "question", "")
    french = await world.zoe.autocomplete(world.channel, "ask", "question", "qui est tim")
    assert 0 < len(english) <= 25
    assert {"name": "Who is Tim Wu?", "value": "Who is Tim Wu?"} in await world.ann.autocomplete(
        world.channel, "ask", "question", "tim wu"
    )
    assert french[0]["name"].startswith("Qui est Tim Wu")
    assert all(len(each["name"]) <= 100 for each in english + french)


async def test_the_chosen_language_of_the_quote_is_offered(world: World) -> None:
    offered = await world.ann.autocomplete(
        world.channel, "ask", "question", "qui est tim", language="fr"
    )
    assert offered[0]["name"].startswith("Qui est Tim Wu")


async def test_nothing_is_offered_for_nonsense(world: World) -> None:
    assert await world.ann.autocomplete(world.channel, "ask", "question", "xyzzy") == []


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_the_passage_for_somebodys_message_is_found_privately(
    world: World, language: str
) -> None:
    said = await world.ann.send(world.channel, "who is part of the coalition?")
    member = world.ann if language == "en" else world.zoe
    result = await member.context_menu(world.channel, "Find the passage", said)
    assert result.ephemeral
    assert MEMBERS_EN in text(result)
    assert ("Show everyone" if language == "en" else "Montrer à tous") in buttons(result)


async def test_a_direct_message_is_a_question(world: World) -> None:
    await world.zoe.user.send_dm("qui fait partie de la coalition ?")
    sent = last_request(world.env, "POST", "/messages").json
    assert isinstance(sent, dict)
    assert "L'Association américaine des libraires" in str(sent["components"])


async def test_a_reply_to_the_bot_is_a_question(world: World) -> None:
    await world.ann.send(world.channel, f"{world.bot_mention} who is Tim Wu?")
    await world.ann.send(
        world.channel,
        f"{world.bot_mention} and who is part of the coalition?",
        reply_to=last_message(world.channel),
    )
    assert MEMBERS_EN in text(last_message(world.channel))


async def test_a_mention_in_reply_says_where_the_message_can_be_asked(world: World) -> None:
    said = await world.zoe.send(world.channel, "who is part of the coalition?")
    await world.ann.send(world.channel, world.bot_mention, reply_to=said)
    # Without the privileged intent Discord hides the other message.
    assert "“Find the passage”" in text(last_message(world.channel))


async def test_a_mention_in_reply_asks_a_message_that_is_not_hidden(world: World) -> None:
    said = await world.zoe.send(world.channel, f"{world.bot_mention} who is Tim Wu?")
    await world.ann.send(world.channel, world.bot_mention, reply_to=said)
    assert "**Mr. Biden has also asked Tim Wu" in text(last_message(world.channel))


async def test_members_may_install_the_bot_for_themselves(world: World) -> None:
    sent = last_request(world.env, "PUT", "/commands").json
    assert isinstance(sent, list)
    theirs = {each["name"]: each for each in sent if set(each["integration_types"]) == {0, 1}}
    # The moderators' commands are for servers that the bot is in.
    assert theirs.keys() >= {"ask", "topics", "read", "language", "help", "Find the passage"}
    assert all(set(each["contexts"]) == {0, 1, 2} for each in theirs.values())
    (find,) = (command for command in sent if command["name"] == "Find the passage")
    assert find["name_localizations"]["fr"] == "Trouver le passage"
    (ask,) = (command for command in sent if command["name"] == "ask")
    assert ask["name_localizations"]["fr"] == "demander"
    named = {each["name"]: each["name_localizations"]["fr"] for each in ask["options"]}
    assert named == {"question": "question", "language": "langue", "private": "privé"}
    (knowledge,) = (command for command in sent if command["name"] == "knowledge")
    (add,) = (each for each in knowledge["options"] if each["name"] == "add")
    french = [each["name_localizations"]["fr"] for each in (knowledge, add)]
    assert french == ["documents", "ajouter"]


async def test_a_member_who_asks_too_much_is_told_how_long_to_wait(world: World) -> None:
    for _ in range(6):
        answered = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
        assert "Tim Wu" in text(answered)
    refused = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    assert refused.ephemeral
    waits = re.search(r"Please ask the next one in (\d+) s\.", text(refused))
    # Asking six times takes a moment of the minute.
    assert waits is not None and 30 <= int(waits[1]) <= 60
    another = await world.zoe.slash(world.channel, "ask", question="Qui est Tim Wu ?")
    assert "Tim Wu" in text(another)
    await world.env.advance_time(61)
    again = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    assert not again.ephemeral


async def test_a_reply_that_only_pings_the_bot_is_a_question(world: World) -> None:
    await world.ann.send(world.channel, f"{world.bot_mention} who is Tim Wu?")
    answer = last_message(world.channel)
    # Discord tells of a reply's ping in the message's mentions, not in its text.
    await world.ann.send(world.channel, "who is part of the coalition?", reply_to=answer)
    assert MEMBERS_EN in text(last_message(world.channel))


@pytest.mark.parametrize(
    ("typed", "language", "offered"),
    [
        ("bookshops taking part", "en", "Are booksellers involved in the coalition?"),
        ("covid et pouvoir du numérique", "fr", "Quel effet la pandémie a-t-elle eu"),
    ],
)
async def test_questions_are_offered_by_what_they_mean(
    world: World, typed: str, language: str, offered: str
) -> None:
    member = world.ann if language == "en" else world.zoe
    choices = await member.autocomplete(world.channel, "ask", "question", typed)
    assert len(choices) <= 25
    # It shares no word with what was typed.
    assert any(each["name"].startswith(offered) for each in choices[:3])


async def test_questions_are_offered_by_their_words_while_others_ask(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    typed = "who is part of what"
    quiet = await world.ann.autocomplete(world.channel, "ask", "question", typed)

    def encode(*_: object) -> None:
        raise AssertionError("a question waits for the thread")

    monkeypatch.setattr(bot.knowledge.shared.suggestions, "meant", encode)
    monkeypatch.setattr(Worker, "idle", property(lambda _: False))
    busy = await world.ann.autocomplete(world.channel, "ask", "question", typed)
    assert "Who is part of the coalition?" in [each["name"] for each in busy]
    assert quiet != busy
