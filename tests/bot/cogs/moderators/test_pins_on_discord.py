"""Moderators correct an answer: in their server, at once, and nobody else can."""

from __future__ import annotations

import re
from collections.abc import Callable

from simcord import InteractionResult, MemberActor

from bot.client.client import CoalitionBot
from bot.storage import Action, Resolution, Storage
from knowledge import Language
from tests.bot.world import World, buttons, press, raw, response, text, texts
from tests.contracts import walk

QUESTION = "how many shops joined the group so far"


def bot_of(world: World) -> CoalitionBot:
    assert isinstance(world.env.bot, CoalitionBot)
    return world.env.bot


def passage(world: World, number: int) -> str:
    (document,) = bot_of(world).knowledge.index.documents
    return document.passages[number - 1].id


async def flushed(world: World) -> None:
    await bot_of(world).recorder.flush()


async def pin(world: World, question: str, number: int) -> None:
    await bot_of(world).pins.pin(
        world.guild.id, question, Language.ENGLISH, passage(world, number), by=1
    )


async def test_a_wrong_answer_is_corrected_once_it_is_known_what_else_changes(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    await flushed(world)
    offered = await press(mo, response(answer), "👎")
    assert offered.ephemeral
    head, *others = texts(offered)
    assert "**Who is Tim Wu?**\n-# Quel passage répond à cette question\u00a0?" in head
    assert len(others) == 4
    assert all("passage 9 sur 9" not in each for each in others)
    chosen = others[1].rpartition("passage ")[2]
    custom_ids = [each for each in raw_buttons(offered) if each.startswith("pin:")]
    asked = await mo.click(response(offered), custom_id=custom_ids[1])
    assert "auraient une autre réponse" in text(asked), "others mean the same"
    pinned = await mo.click(response(asked), label="Enregistrer")
    assert "reçoivent désormais ce passage" in text(pinned)
    again = await world.zoe.slash(world.channel, "ask", question="who is tim wu")
    assert "★ Le passage que les modérateurs ont choisi pour cette question." in texts(again)[1]
    assert f"passage {chosen}" in text(again)
    settled, pinning = await storage.guild(world.guild.id).audit.latest(2)
    assert (settled.action, pinning.action) == (Action.GAP_SETTLED, Action.PINNED)
    assert settled.by == pinning.by == mo.id
    undone = await press(mo, response(pinned), "Désépingler")
    assert "retrouve la réponse que je trouve moi-même" in text(undone)
    last = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    assert "What the articles say about it." in texts(last)[1]


def raw_buttons(shown: InteractionResult) -> list[str]:
    return [
        str(each["custom_id"])
        for each in walk(raw(shown)["components"])
        if each.get("type") == 2 and "custom_id" in each
    ]


async def test_a_moderator_says_what_was_sought_like_a_member(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    await flushed(world)
    offered = await press(mo, response(answer), "👎")
    modal = await press(mo, response(offered), "Dire plutôt ce qui manque")
    await mo.submit_modal(modal, {"sought": "son âge"})
    (gap,) = await storage.guild(world.guild.id).questions.gaps(99)
    assert gap.text == "Who is Tim Wu?"


async def test_a_pin_answers_what_means_the_same(world: World) -> None:
    await pin(world, "What is the group called?", 4)
    for question in ("what is the group called", "What's the group called?"):
        answer = await world.ann.slash(world.channel, "ask", question=question)
        assert "passage 4 of 9" in text(answer), question
    other = await world.ann.slash(world.channel, "ask", question="Who is Lina Khan?")
    assert "passage 8 of 9" in text(other)


async def test_a_pin_answers_where_nothing_would_fit(world: World, storage: Storage) -> None:
    unrelated = "how do i unclog a sink"
    await pin(world, unrelated, 2)
    answer = await world.ann.slash(world.channel, "ask", question=unrelated)
    assert "passage 2 of 9" in text(answer)
    await flushed(world)
    assert await storage.guild(world.guild.id).questions.gaps(99) == ()


async def test_a_pin_is_the_servers_own(world: World) -> None:
    other = world.env.create_guild("Autre")
    channel = other.create_text_channel("general")
    member = other.add_member(world.env.create_user("olga"))
    await pin(world, "Who is Tim Wu?", 2)
    answer = await member.slash(channel, "ask", question="Who is Tim Wu?")
    assert "passage 9 of 9" in text(answer)


async def test_a_pin_whose_passage_has_gone_does_not_answer(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    await bot_of(world).pins.pin(world.guild.id, "Who is Tim Wu?", Language.ENGLISH, "0" * 16, by=1)
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    assert "What the articles say about it." in text(answer)
    offered = await mo.autocomplete(world.channel, "unpin", "question", "tim")
    assert offered[0]["name"] == "[passage disparu] Who is Tim Wu?"
    tested = await mo.slash(world.channel, "test-all")
    assert "- **Who is Tim Wu?** · épinglée à un passage qui a disparu" in text(tested)
    done = await mo.slash(world.channel, "unpin", question=offered[0]["value"])
    assert done.ephemeral and "retrouve la réponse" in text(done)
    assert await storage.guild(world.guild.id).pins.every() == ()


async def test_a_passage_is_pinned_with_a_command(world: World, mo: MemberActor) -> None:
    offered = await mo.autocomplete(
        world.channel, "pin", "passage", "Lina Khan", question="Qui va à la FTC ?"
    )
    assert offered[0]["name"].startswith("8/9 · ") and len(offered) == 5
    blank = await mo.autocomplete(world.channel, "pin", "passage", "", question="Qui est Tim Wu ?")
    assert blank[0]["name"].startswith("9/9 · ")
    pinned = await mo.slash(
        world.channel, "pin", question="Qui va à la FTC ?", passage=offered[0]["value"]
    )
    assert pinned.ephemeral
    assert "**Qui va à la FTC ?**" in texts(pinned)[0]
    answer = await world.zoe.slash(world.channel, "ask", question="qui va a la ftc")
    assert "passage 8 sur 9" in text(answer)


async def test_a_passage_that_is_none_is_refused(world: World, mo: MemberActor) -> None:
    refused = await mo.slash(world.channel, "pin", question="Qui ?", passage="celui-là")
    assert "Choisissez-en un dans la liste" in text(refused)
    refused = await mo.slash(world.channel, "pin", question="👍", passage=passage(world, 1))
    assert "Il n’y a aucun mot dans cette question." in text(refused)
    refused = await mo.slash(world.channel, "unpin", question="Qui ?")
    assert "Aucun passage n’est épinglé" in text(refused)


async def test_a_pin_goes_by_its_question_as_typed_and_by_no_number(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    pins = storage.guild(world.guild.id).pins
    await pin(world, "Who is Tim Wu?", 2)
    await pin(world, "2", 3)
    first, second = sorted(await pins.every(), key=lambda each: each.id)
    assert (first.id, second.id) == (1, 2)
    refused = await mo.slash(world.channel, "unpin", question="1")
    assert "Aucun passage n’est épinglé" in text(refused)
    taken = await mo.slash(world.channel, "unpin", question="2")
    assert "**2**" in text(taken)
    assert await pins.every() == (first,)
    taken = await mo.slash(world.channel, "unpin", question="who is TÎM wu")
    assert "**Who is Tim Wu?**" in text(taken)
    assert await pins.every() == ()


async def test_a_passage_goes_by_its_words_and_by_no_number(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    async def pinned(passage: str) -> str:
        return text(await mo.slash(world.channel, "pin", question="Qui ?", passage=passage))

    for number in ("9", "1", "9/9"):
        assert "Je n’ai pas ce passage." in await pinned(number)
    assert "Donnez-en davantage" in await pinned("of the")
    assert await storage.guild(world.guild.id).pins.every() == ()
    await pinned("mr. biden has also asked tim wu")
    (kept,) = await storage.guild(world.guild.id).pins.every()
    assert kept.passage == passage(world, 9)
    await pinned("Who is Lina Khan")
    (kept,) = await storage.guild(world.guild.id).pins.every()
    assert kept.passage == passage(world, 8)


async def test_a_question_is_tried_out_with_its_scores(world: World, mo: MemberActor) -> None:
    tested = await mo.slash(world.channel, "test", question="Qui est Tim Wu ?")
    assert tested.ephemeral
    head, first, *rest = texts(tested)
    assert "Points\u00a0: " in head and "✓ Ce que les articles en disent." in head
    assert re.search(r"Juste avec une probabilité de [89]\d", head)
    assert first.startswith("**1.** ") and "passage 9 sur 9" in first
    assert "points " in first and "mots proches" in first and len(rest) == 4
    await pin(world, "Qui est Tim Wu ?", 2)
    tested = await mo.slash(world.channel, "test", question="Qui est Tim Wu ?")
    assert "Le passage que les modérateurs ont choisi" in texts(tested)[0]
    assert "passage 2 sur 9" in texts(tested)[1]
    unrelated = await mo.slash(world.channel, "test", question="comment déboucher un évier")
    assert "Rien dans les articles" in texts(unrelated)[0] and len(texts(unrelated)) == 6


async def test_all_questions_are_tried_out(world: World, mo: MemberActor) -> None:
    tested = await mo.slash(world.channel, "test-all")
    count = sum(
        len(questions)
        for document in bot_of(world).knowledge.index.documents
        for each in document.passages
        for questions in each.questions.values()
    )
    assert tested.ephemeral and f"{count}" in text(tested)
    await pin(world, "Who is Tim Wu?", 2)
    tested = await mo.slash(world.channel, "test-all")
    assert f" sur {count + 1}.\n- **" in text(tested)
    assert "passage 9 sur 9\u00a0; trouvé\u00a0: small-business-rising, passage 2 sur 9" in text(
        tested
    )


async def test_members_see_none_of_it(world: World) -> None:
    assert not {"pin", "unpin", "test", "test-all"} & set(
        world.ann.available_commands(world.channel)
    )


async def test_a_member_who_presses_a_moderators_button_is_told(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    await flushed(world)
    offered = await press(mo, response(answer), "👎")
    world.env.backend.get_member(world.guild.id, mo.id).role_ids.clear()
    refused = await mo.click(response(offered), custom_id=raw_buttons(offered)[0])
    assert "C’est réservé aux personnes qui gèrent les messages" in text(refused)
    assert await storage.guild(world.guild.id).pins.every() == ()


async def test_a_role_in_the_settings_makes_a_moderator(world: World) -> None:
    role = world.guild.create_role("helpers")
    helper = world.guild.add_member(world.env.create_user("hal"), roles=[role])
    await bot_of(world).settings.change(world.guild.id, by=1, moderator_roles=(role.id,))
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    await flushed(world)
    offered = await press(helper, response(answer), "👎")
    assert "Which passage answers this question?" in text(offered)


async def test_correcting_goes_on_after_a_restart(
    world: World, storage: Storage, mo: MemberActor, make_bot: Callable[[], CoalitionBot]
) -> None:
    answer = await world.ann.slash(world.channel, "ask", question=QUESTION)
    await flushed(world)
    offered = await press(mo, response(answer), "👎")
    await world.env.restart_bot(make_bot())
    await mo.click(response(offered), custom_id=raw_buttons(offered)[0])
    (kept,) = await storage.guild(world.guild.id).pins.every()
    assert kept.question == QUESTION
    assert "Pin" not in buttons(answer)
    (asked,) = await storage.guild(world.guild.id).questions.since(kept.at.replace(year=2020))
    assert asked.progress is Resolution.PINNED


async def test_a_question_that_is_no_longer_kept(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    await flushed(world)
    offered = await press(mo, response(answer), "👎")
    await storage.privacy.erase(world.guild.id)
    refused = await mo.click(response(offered), custom_id=raw_buttons(offered)[0])
    assert "Cette question n’est plus conservée." in text(refused)
    refused = await press(mo, response(answer), "👎")
    assert "Cette question n’est plus conservée." in text(refused)
