"""Members ask, with the command and by mention, and read the card."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from simcord import Env

from bot.client.client import CoalitionBot
from tests.bot.world import (
    World,
    buttons,
    last_message,
    last_request,
    press,
    raw,
    text,
    texts,
)
from tests.contracts import check_commands

MEMBERS_FR = "L'Association américaine des libraires"
MEMBERS_EN = "The American Booksellers Association"


async def test_a_french_member_reads_a_french_card(world: World) -> None:
    result = await world.zoe.slash(
        world.channel, "ask", question="Qui fait partie de la coalition ?"
    )
    assert not result.ephemeral
    quote, source, head = texts(result)
    assert "Qui fait partie de la coalition ?" in head
    assert quote.startswith(f"> **{MEMBERS_FR}")
    assert quote.endswith("font partie de cette nouvelle coalition.**")
    assert "La Libre · 6 avril 2021 · passage 4 sur 9" in source
    assert "Traduit" not in source
    assert list(buttons(result)) == [
        "Lire l’article",
        "Lire en anglais",
        "👍",
        "👎",
        "Voir le contexte",
        "Autres passages (3)",
        "Supprimer",
    ]
    assert "#:~:text=L%27Association" in buttons(result)["Lire l’article"]


async def test_an_english_member_reads_the_twin_marked_as_a_translation(world: World) -> None:
    result = await world.ann.slash(world.channel, "ask", question="Who is part of the coalition?")
    quote, source, head = texts(result)
    assert "Who is part of the coalition?" in head
    assert quote.startswith(f"> **{MEMBERS_EN}")
    assert "April 6, 2021 · passage 4 of 9" in source
    assert "Translated from French for this bot; the original prevails." in source
    # The page is in French: the link must jump to the French sentence.
    assert "#:~:text=L%27Association" in buttons(result)["Read the article"]


async def test_the_frame_is_the_members_and_the_quote_the_questions(world: World) -> None:
    result = await world.zoe.slash(world.channel, "ask", question="Who is part of the coalition?")
    assert MEMBERS_EN in text(result)
    assert "Traduit du français" in text(result)


async def test_the_language_of_the_quote_can_be_chosen(world: World) -> None:
    result = await world.ann.slash(
        world.channel, "ask", question="Who is part of the coalition?", language="fr"
    )
    assert MEMBERS_FR in text(result)


async def test_a_private_answer_is_seen_by_the_member_alone(world: World) -> None:
    result = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?", private=True)
    assert result.ephemeral


async def test_only_the_telling_sentence_is_bold(world: World) -> None:
    result = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    quote = texts(result)[0]
    assert quote.startswith("> **Mr. Biden has also asked Tim Wu")
    assert "(NEC).** Amazon did not immediately react" in quote


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("   ", "The question is empty."),
        ("\u200b\u202e", "The question is empty."),
        ("👍🏽 ❤️", "There is no word in this question."),
        ("why " * 1000, "The question has 3999 characters; the limit is 500."),
    ],
)
async def test_a_text_that_is_no_question_is_refused_privately(
    world: World, question: str, said: str
) -> None:
    result = await world.ann.slash(world.channel, "ask", question=question)
    assert result.ephemeral
    assert said in text(result)


async def test_the_other_language_is_shown_to_whoever_clicks(world: World) -> None:
    result = await world.zoe.slash(world.channel, "ask", question="Qui est Tim Wu ?")
    assert result.response is not None
    shown = await press(world.ann, result.response, "Lire en anglais")
    assert shown.ephemeral
    assert "**Mr. Biden has also asked Tim Wu" in text(shown)
    assert "Translated from French" in text(shown)


async def test_the_button_works_after_a_restart(
    world: World, make_bot: Callable[[], CoalitionBot]
) -> None:
    result = await world.zoe.slash(world.channel, "ask", question="Qui est Tim Wu ?")
    assert result.response is not None
    await world.env.restart_bot(make_bot())
    shown = await press(world.zoe, result.response, "Lire en anglais")
    assert "Tim Wu" in text(shown)


async def test_a_mention_is_answered_with_a_card(world: World) -> None:
    await world.ann.send(world.channel, f"{world.bot_mention} who is part of the coalition?")
    reply = last_message(world.channel)
    assert MEMBERS_EN in text(reply)
    assert reply.reference is not None


async def test_a_mention_in_french_gets_a_french_frame(world: World) -> None:
    await world.zoe.send(world.channel, f"qui fait partie de la coalition ? {world.bot_mention}")
    assert MEMBERS_FR in text(last_message(world.channel))
    assert "passage 4 sur 9" in text(last_message(world.channel))


async def test_a_mention_without_a_question_is_explained(world: World) -> None:
    await world.ann.send(world.channel, world.bot_mention)
    assert "Write your question after the mention" in text(last_message(world.channel))


async def test_other_messages_are_left_alone(world: World) -> None:
    await world.ann.send(world.channel, "who is part of the coalition?")
    assert len(world.channel.history()) == 1


async def test_a_hostile_question_is_shown_to_the_letter(world: World) -> None:
    hostile = (
        "who is part of it? @everyone <@1> **b** [x](https://evil.example) `c` ||s|| <#2> :a: # t"
    )
    result = await world.ann.slash(world.channel, "ask", question=hostile)
    shown = text(result)
    assert r"\@everyone \<\@1\>" in shown
    assert r"\[x\](https\://evil.example)" in shown


async def test_an_unexpected_error_is_said_with_a_reference(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)

    def fail(*_: object) -> None:
        raise RuntimeError("the encoder broke")

    monkeypatch.setattr(bot.knowledge.shared.answerer, "answer", fail)
    result = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    assert result.ephemeral
    reference = text(result).rsplit(maxsplit=1)[1]
    assert f"Failed with reference {reference}." in caplog.text
    assert "Tim Wu" not in caplog.text
    assert len(world.env.errors) == 1


async def test_the_commands_are_described_in_both_languages(world: World) -> None:
    sent = last_request(world.env, "PUT", "/commands").json
    assert isinstance(sent, list)
    check_commands(sent)
    (ask,) = (command for command in sent if command["name"] == "ask")
    assert ask["description"].startswith("Ask a question")
    assert ask["description_localizations"]["fr"].startswith("Poser une question")
    assert set(ask["description_localizations"]) == {"fr", "en-US", "en-GB"}


async def test_no_privileged_intent_is_asked_for(simcord_env: Env) -> None:
    intents = simcord_env.bot.intents
    assert not (intents.message_content or intents.members or intents.presences)


async def test_components_are_the_only_content(world: World) -> None:
    result = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    assert raw(result)["content"] == ""


async def test_a_greeting_is_returned_and_nothing_quoted(world: World) -> None:
    result = await world.zoe.slash(world.channel, "ask", question="Bonjour !")
    assert text(result).startswith("Bonjour\u00a0! Posez-moi une question")
    assert buttons(result) == {}
