"""Members choose the language in which they are answered."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.client.client import CoalitionBot
from bot.storage import Storage, StorageBusyError
from knowledge import Language
from tests.bot.world import World, buttons, last_message, press, text

MEMBERS_FR = "L'Association américaine des libraires"
MEMBERS_EN = "The American Booksellers Association"


async def test_a_chosen_language_is_that_of_every_answer(world: World) -> None:
    said = await world.ann.slash(world.channel, "language", language="fr")
    assert said.ephemeral
    assert text(said).startswith("Je vous réponds désormais en français")
    answer = await world.ann.slash(world.channel, "ask", question="Who is part of the coalition?")
    assert MEMBERS_FR in text(answer)
    assert "Lire l’article" in buttons(answer)
    assert answer.response is not None
    context = await press(world.ann, answer.response, "Voir le contexte")
    assert "6 avril 2021" in text(context)
    helped = await world.ann.slash(world.channel, "help")
    assert text(helped).startswith("**Je réponds")
    offered = await world.ann.autocomplete(world.channel, "ask", "question", "qui est tim")
    assert offered[0]["name"].startswith("Qui est Tim Wu")


async def test_a_mention_is_answered_in_the_chosen_language(world: World) -> None:
    await world.ann.slash(world.channel, "language", language="fr")
    await world.ann.send(world.channel, f"{world.bot_mention} who is part of the coalition?")
    assert MEMBERS_FR in text(last_message(world.channel))
    assert "passage 4 sur 9" in text(last_message(world.channel))
    await world.ann.send(world.channel, world.bot_mention)
    assert "Écrivez votre question" in text(last_message(world.channel))


async def test_the_language_of_one_question_goes_before(world: World) -> None:
    await world.zoe.slash(world.channel, "language", language="fr")
    answer = await world.zoe.slash(
        world.channel, "ask", question="Qui fait partie de la coalition ?", language="en"
    )
    assert MEMBERS_EN in text(answer)


async def test_one_members_language_is_no_others(world: World) -> None:
    await world.zoe.slash(world.channel, "language", language="en")
    answer = await world.zoe.slash(world.channel, "ask", question="Qui est Tim Wu ?")
    assert answer.response is not None
    shown = await press(world.ann, answer.response, "Read in French")
    assert "passage 9 of 9" in text(shown)


async def test_the_language_is_kept_across_a_restart_and_taken_back(
    world: World, make_bot: Callable[[], CoalitionBot]
) -> None:
    await world.ann.slash(world.channel, "language", language="fr")
    await world.env.restart_bot(make_bot())
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    assert "passage 9 sur 9" in text(answer)
    said = await world.ann.slash(world.channel, "language", language="discord")
    assert "the language of your question" in text(said)
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    assert "passage 9 of 9" in text(answer)


async def test_a_storage_that_cannot_be_read_costs_no_answer(
    world: World, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> None:
        raise StorageBusyError("busy")

    monkeypatch.setattr(storage.preferences, "languages", busy)
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    assert "passage 9 of 9" in text(answer)
    monkeypatch.setattr(storage.preferences, "choose_language", busy)
    said = await world.ann.slash(world.channel, "language", language="fr")
    assert said.ephemeral
    assert "language" not in text(said)
    assert len(world.env.errors) == 1


async def test_moderators_choose_the_language_of_their_server(
    world: World, storage: Storage
) -> None:
    await storage.guild(world.guild.id).settings.change(by=1, language=Language.FRENCH)
    await world.ann.send(world.channel, f"{world.bot_mention} who is part of the coalition?")
    answer = text(last_message(world.channel))
    assert MEMBERS_EN in answer
    assert "passage 4 sur 9" in answer


async def test_names_are_answered_in_what_the_channel_speaks(world: World) -> None:
    async def answered(question: str) -> str:
        await world.ann.send(world.channel, f"{world.bot_mention} {question}")
        return text(last_message(world.channel))

    await answered("Qui fait partie de la coalition ?")
    assert "demandé à Tim Wu" in await answered("Tim Wu")
    await answered("Who is part of the coalition?")
    assert "demandé à Tim Wu" not in await answered("Tim Wu")


@pytest.mark.parametrize(
    ("language", "place"),
    [(Language.FRENCH, "passage 4 sur 9"), (Language.ENGLISH, "passage 4 of 9")],
)
async def test_the_language_of_public_answers_holds_for_ask(
    world: World, storage: Storage, language: Language, place: str
) -> None:
    await storage.guild(world.guild.id).settings.change(by=1, language=language)
    for member in (world.ann, world.zoe):
        question = "who is part of the coalition?"
        answer = text(await member.slash(world.channel, "ask", question=question))
        assert MEMBERS_EN in answer
        assert place in answer
    private = await world.ann.slash(world.channel, "ask", question=question, private=True)
    assert "passage 4 of 9" in text(private)
    await world.zoe.slash(world.channel, "language", language=language.other)
    chosen = text(await world.zoe.slash(world.channel, "ask", question=question))
    assert place not in chosen
