"""Members press the buttons of an answer, in both languages."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import discord
import pytest
from simcord import ResponseMessage

from bot.answering.answers import Found
from bot.client.client import CoalitionBot
from bot.components.answer_cards import passage_card
from bot.storage import Opinion, Storage, StorageFullError
from index import Located
from knowledge import Language, Span
from tests.bot.world import World, buttons, last_message, press, raw, response, text, texts

TIM_WU = "Tim Wu"


LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


async def opinions(world: World, storage: Storage) -> tuple[Opinion, ...]:
    return await storage.guild(world.guild.id).questions.opinions(LONG_AGO)


async def asked(world: World, *, private: bool = False) -> ResponseMessage:
    result = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?", private=private)
    return response(result)


async def test_other_passages_are_paged_through_privately(world: World) -> None:
    opened = await press(world.zoe, await asked(world), "Other passages (3)")
    assert opened.ephemeral
    assert texts(opened)[0] == "-# Autre passage, 1 sur 3"
    assert TIM_WU not in text(opened)
    first = texts(opened)[1]
    turned = await press(world.zoe, response(opened), "Suivant")
    assert texts(turned)[0] == "-# Autre passage, 2 sur 3"
    assert texts(turned)[1] != first
    last = await press(world.zoe, response(opened), "Suivant")
    assert texts(last)[0] == "-# Autre passage, 3 sur 3"
    assert "Suivant" not in buttons(last)
    back = await press(world.zoe, response(opened), "Précédent")
    assert texts(back)[0] == "-# Autre passage, 2 sur 3"


async def test_a_passage_is_shown_between_its_neighbours(world: World) -> None:
    result = await world.ann.slash(world.channel, "ask", question="Who is part of the coalition?")
    shown = await press(world.ann, response(result), "In context")
    assert shown.ephemeral
    before, quote, after, source = texts(shown)
    assert "grip on online commerce" in before or "Small Business Rising" in before
    assert quote.startswith("> **The American Booksellers Association")
    assert "(Google, Amazon, Facebook and Apple)" in after
    assert "passage 4 of 9" in source
    assert "Translated from French for this bot" in source


async def test_an_answer_that_helped_is_kept_without_a_name(world: World, storage: Storage) -> None:
    shown = await press(world.zoe, await asked(world), "👍")
    assert shown.ephemeral
    assert text(shown).startswith("Merci\u00a0!")
    (kept,) = await opinions(world, storage)
    assert kept.helpful
    exported = await storage.privacy.export(world.guild.id)
    assert str(world.zoe.id) not in json.dumps(exported)


async def test_a_member_has_one_opinion_however_often_it_is_pressed(
    world: World, storage: Storage
) -> None:
    answer = await asked(world)
    for _ in range(5):
        assert text(await press(world.zoe, answer, "👍")).startswith("Merci")
    assert [each.helpful for each in await opinions(world, storage)] == [True]
    await press(world.ann, answer, "👍")
    assert [each.helpful for each in await opinions(world, storage)] == [True, True]
    modal = await press(world.zoe, answer, "👎")
    await world.zoe.submit_modal(modal, {"sought": "son âge"})
    assert sorted(each.helpful for each in await opinions(world, storage)) == [False, True]
    await press(world.zoe, await asked(world), "👍")
    assert len(await opinions(world, storage)) == 3


async def test_an_answer_is_shown_to_everyone_once_and_again_when_that_is_gone(
    world: World,
) -> None:
    private = await asked(world, private=True)
    await press(world.ann, private, "Show everyone")
    for _ in range(2):
        told = await press(world.ann, private, "Show everyone")
        assert told.ephemeral
        assert text(told).startswith("Everybody sees this answer already")
    assert len(world.channel.history()) == 1
    world.tongues[world.ann] = "fr"
    told = await press(world.ann, private, "Show everyone")
    assert text(told).startswith("Tout le monde voit déjà cette réponse")
    await press(world.ann, last_message(world.channel), "Delete")
    assert world.channel.history() == []
    await press(world.ann, private, "Show everyone")
    assert len(world.channel.history()) == 1


async def test_presses_count_once_across_a_restart(
    world: World, storage: Storage, make_bot: Callable[[], CoalitionBot]
) -> None:
    answer, private = await asked(world), await asked(world, private=True)
    await press(world.zoe, answer, "👍")
    await press(world.ann, private, "Show everyone")
    shown = len(world.channel.history())
    await world.env.restart_bot(make_bot())
    assert text(await press(world.zoe, answer, "👍")).startswith("Merci")
    assert [each.helpful for each in await opinions(world, storage)] == [True]
    told = await press(world.ann, private, "Show everyone")
    assert text(told).startswith("Everybody sees this answer already")
    world.tongues[world.ann] = "fr"
    told = await press(world.ann, private, "Show everyone")
    assert text(told).startswith("Tout le monde voit déjà cette réponse")
    assert len(world.channel.history()) == shown
    await press(world.ann, last_message(world.channel), "Delete")
    await press(world.ann, private, "Show everyone")
    assert len(world.channel.history()) == shown


async def test_an_answer_goes_with_its_question(world: World) -> None:
    for member, words in ((world.ann, "who is Tim Wu?"), (world.zoe, "qui est Tim Wu ?")):
        question = await member.send(world.channel, f"{world.bot_mention} {words}")
        assert len(world.channel.history()) == 2
        await member.delete(question)
        await world.env.settle()
        assert world.channel.history() == []


async def test_what_was_sought_is_asked_for_and_kept(world: World, storage: Storage) -> None:
    modal = await press(world.zoe, await asked(world), "👎")
    assert modal.modal is not None
    assert modal.modal["title"] == "Que cherchiez-vous\u00a0?"
    thanks = await world.zoe.submit_modal(modal, {"sought": " son âge "})
    assert thanks.ephemeral
    (kept,) = await opinions(world, storage)
    assert (kept.helpful, kept.sought) == (False, "son âge")


async def test_what_was_sought_is_kept_across_a_restart(
    world: World, storage: Storage, make_bot: Callable[[], CoalitionBot]
) -> None:
    modal = await press(world.zoe, await asked(world), "👎")
    await world.env.restart_bot(make_bot())
    thanks = await world.zoe.submit_modal(modal, {"sought": "son âge"})
    assert text(thanks).startswith("Merci\u00a0!")
    (kept,) = await opinions(world, storage)
    assert (kept.helpful, kept.sought) == (False, "son âge")


@pytest.mark.usefixtures("unsure")
async def test_what_is_shown_to_everyone_keeps_its_look(world: World) -> None:
    question = "Qui est Tim Wu ?"
    private = await world.zoe.slash(world.channel, "ask", question=question, private=True)
    assert "Le passage le plus proche" in text(private)
    await press(world.zoe, response(private), "Montrer à tous")
    public = last_message(world.channel)
    assert texts(public)[0] == texts(private)[0]
    assert (
        raw(public)["components"][0]["accent_color"]
        == (raw(private)["components"][0]["accent_color"])
    )


async def test_a_private_answer_can_be_shown_to_everyone(world: World) -> None:
    private = await asked(world, private=True)
    assert "Delete" not in buttons(private)
    await press(world.ann, private, "Show everyone")
    public = last_message(world.channel)
    assert not public.flags.ephemeral
    assert "**Who is Tim Wu?**" in text(public)
    assert TIM_WU in text(public)
    assert "Delete" in buttons(public)


async def test_who_asked_deletes_the_answer(world: World) -> None:
    answer = await asked(world)
    await press(world.ann, answer, "Delete")
    assert world.channel.history() == []


async def test_another_member_may_not_delete(world: World) -> None:
    refused = await press(world.zoe, await asked(world), "Delete")
    assert refused.ephemeral
    assert text(refused).startswith("Seuls l’auteur de la question et les modérateurs")
    assert len(world.channel.history()) == 1


async def test_a_moderator_deletes(world: World) -> None:
    role = world.guild.create_role("mods", permissions=discord.Permissions(manage_messages=True))
    moderator = world.guild.add_member(world.env.create_user("mo"), roles=[role])
    await press(moderator, await asked(world), "Delete")
    assert world.channel.history() == []


async def test_who_asked_by_mention_deletes_the_answer(world: World) -> None:
    await world.ann.send(world.channel, f"{world.bot_mention} who is Tim Wu?")
    await press(world.ann, last_message(world.channel), "Delete")
    assert len(world.channel.history()) == 1


@pytest.mark.parametrize(
    ("question", "offer", "language"),
    [
        ("how do i unclog a sink", "Here is what I can answer:", "en"),
        ("Comment cuire des pâtes al dente ?", "Voici à quoi je peux répondre\u00a0:", "fr"),
    ],
)
async def test_where_nothing_fits_three_questions_are_offered(
    world: World, question: str, offer: str, language: str
) -> None:
    member = world.ann if language == "en" else world.zoe
    result = await member.slash(world.channel, "ask", question=question)
    assert offer in text(result)
    offered = list(buttons(result))
    assert len(offered) == 3
    answer = await press(member, response(result), offered[0])
    assert answer.ephemeral
    assert f"**{offered[0]}**" in text(answer)
    assert texts(answer)[0].startswith("> ")


async def test_buttons_work_after_a_restart(
    world: World, make_bot: Callable[[], CoalitionBot]
) -> None:
    answer = await asked(world)
    await world.env.restart_bot(make_bot())
    for label in ("Other passages (3)", "In context", "👍"):
        assert (await press(world.ann, answer, label)).acknowledged, label
    await press(world.ann, answer, "Delete")
    assert world.channel.history() == []


@pytest.mark.parametrize("label", ["Other passages (3)", "In context", "Read in French"])
async def test_a_button_whose_passage_is_gone_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    answer = await asked(world)
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    monkeypatch.setattr(bot.knowledge.shared.answerer, "index", WithoutPassages())
    shown = await press(world.ann, answer, label)
    assert shown.ephemeral
    assert "This passage is no longer there" in text(shown)


async def test_a_button_that_fails_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = await asked(world)
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)

    def fail(*_: object) -> None:
        raise RuntimeError("the index broke")

    monkeypatch.setattr(bot.knowledge.shared.answerer, "passage", fail)
    shown = await press(world.zoe, answer, "In context")
    assert shown.ephemeral
    assert "Une erreur s’est produite de mon côté" in text(shown)


async def test_a_button_of_the_first_releases_works(world: World) -> None:
    answer = await asked(world)
    _, place, language = buttons(answer)["Read in French"].split(":")
    passage, sentence = place[:16], place[16:]
    view = discord.ui.LayoutView(timeout=None)
    earlier: discord.ui.Button[Any] = discord.ui.Button(
        label="Lire en français", custom_id=f"passage:{passage}:{language}:{sentence}"
    )
    view.add_item(discord.ui.ActionRow(earlier))
    # Only what Discord keeps is left of it: the bot that sent it has ended.
    view.stop()
    channel = world.env.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    sent = await channel.send(view=view)
    shown = await press(world.zoe, sent, "Lire en français")
    assert shown.ephemeral
    assert text(shown).startswith("> **M. Biden a également demandé à Tim Wu")


async def test_a_full_storage_is_said_so_and_answers_go_on(
    world: World, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await asked(world)

    def full(guild: int) -> None:
        raise StorageFullError(f"no space left for guild {guild}")

    monkeypatch.setattr(storage, "guild", full)
    shown = await press(world.zoe, answer, "👍")
    assert shown.ephemeral
    assert "rien n’a été changé" in text(shown)
    assert TIM_WU in text(await asked(world))


class WithoutPassages:
    """An index from which everything has gone."""

    def passage(self, identifier: str) -> None:
        """There is none."""


@pytest.mark.parametrize("language", list(Language))
async def test_a_long_passage_is_read_to_its_end(
    world: World, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    (document,) = bot.knowledge.index.documents
    found = Found.of(Located(document, document.passages[0]), language)
    text_of_it = f"{'word ' * 1500}end"
    quote = dataclasses.replace(
        found.quote, text=text_of_it, sentences=(Span(0, len(text_of_it)),), sentence=None
    )
    long = dataclasses.replace(found, quote=quote)
    monkeypatch.setattr(bot.knowledge.shared.answerer, "passage", lambda *_: long)
    phrases = bot.localiser.books[language]
    channel = bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    cut = await channel.send(view=passage_card(long, phrases))
    assert text(cut).count(r"\[…\]") == 1
    member = world.zoe if language is Language.FRENCH else world.ann
    opened = await press(member, cut, phrases("card.whole"))
    assert opened.ephemeral
    assert texts(opened)[0] == f"-# Page 1 {'sur' if language is Language.FRENCH else 'of'} 3"
    await press(member, response(opened), phrases("card.next"))
    last = await press(member, response(opened), phrases("card.next"))
    assert texts(last)[1].endswith("word end")
    assert phrases("card.next") not in buttons(last)
    back = await press(member, response(opened), phrases("card.previous"))
    assert texts(back)[0].startswith("-# Page 2 ")
