"""Moderators see what is missing, grouped by meaning, and do something about it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from simcord import InteractionResult, MemberActor

from bot.client.client import CoalitionBot
from bot.cogs.moderators.gaps.cards import gap_card, gaps_card, unposted_card
from bot.cogs.moderators.statistics.cog import Statistics
from bot.guilds.gaps import GapGroup
from bot.locales import Phrasebooks
from bot.storage import Gap, Request, Resolution, Storage
from index import Outcome
from knowledge import Language
from tests.bot.world import (
    World,
    buttons,
    last_message,
    press,
    raw,
    response,
    text,
    texts,
    with_permission,
)
from tests.contracts import check_components, walk

SINK = "how do i unclog a sink"
PASTA = "Comment cuire des pâtes al dente ?"


def presses(shown: InteractionResult, start: str) -> list[str]:
    """The custom_ids of buttons that begin so."""
    found = [str(each.get("custom_id")) for each in walk(raw(shown)["components"])]
    return [each for each in found if each.startswith(start)]


async def asked(world: World, *questions: str, private: bool = False) -> None:
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    for number, question in enumerate(questions):
        member = world.guild.add_member(world.env.create_user(f"asker{number}{question[:3]}"))
        await member.slash(world.channel, "ask", question=question, private=private)
    await bot.recorder.flush()


async def test_what_means_the_same_stands_together_most_asked_first(
    world: World, mo: MemberActor
) -> None:
    await asked(world, PASTA, SINK, "How do I unclog a sink?", "how do i unclog the sink")
    panel = await mo.slash(world.channel, "gaps")
    assert panel.ephemeral
    head, first, second = texts(panel)
    assert "### Ce qui manque" in head
    assert "unclog" in first and "posée 3 ×" in first and "rien trouvé" in first
    assert "aussi\u00a0: " in first
    assert first.startswith("**1.** **") and list(buttons(panel)) == ["Voir 1", "Voir 2"]
    assert second.startswith(f"**2.** **{PASTA}**\n-# posée 1 ×")


async def test_a_public_answer_has_a_way_to_it(world: World, mo: MemberActor) -> None:
    await asked(world, SINK)
    url = last_message(world.channel).jump_url
    panel = await mo.slash(world.channel, "gaps")
    assert buttons(await press(mo, panel, "Voir 1"))["Aller au message"] == url
    await asked(world, PASTA, private=True)
    panel = await mo.slash(world.channel, "gaps")
    shown = await press(mo, panel, "Voir 1")
    assert PASTA in text(shown) and "Aller au message" not in buttons(shown)
    back = await press(mo, shown, "Revenir à la liste")
    assert list(buttons(back)) == ["Voir 1", "Voir 2"]


async def test_an_answer_that_did_not_help_is_missing_too(world: World, mo: MemberActor) -> None:
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    modal = await press(world.zoe, response(answer), "👎")
    await world.zoe.submit_modal(modal, {"sought": ""})
    panel = await mo.slash(world.channel, "gaps")
    assert "**Who is Tim Wu?**\n-# posée 1 × · réponse jugée inutile" in text(panel)


@pytest.mark.parametrize(
    ("label", "how"), [("Hors sujet", Resolution.OFF_SUBJECT), ("C’est réglé", Resolution.DONE)]
)
async def test_a_group_is_settled_as_a_whole(
    world: World, storage: Storage, mo: MemberActor, label: str, how: Resolution
) -> None:
    await asked(world, SINK, "How do I unclog a sink?", "how do i unclog the sink")
    panel = await mo.slash(world.channel, "gaps")
    settled = await press(mo, await press(mo, panel, "Voir 1"), label)
    assert "Toutes les questions ont trouvé une bonne réponse" in text(settled)
    guild = storage.guild(world.guild.id)
    (entry,) = await guild.audit.latest(5)
    assert entry.new == {"progress": how, "questions": 3}
    await asked(world, SINK)
    assert (await guild.questions.gaps(9) == ()) == (how is Resolution.OFF_SUBJECT)


async def test_a_group_can_be_split_and_settled_one_by_one(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    await asked(world, SINK, "How do I unclog a sink?", "how do i unclog the sink, please?")
    for tongue, label, done in (
        ("fr", "Une par une (2)", "C’est réglé"),
        ("en-US", "One by one (2)", "Done"),
    ):
        world.tongues[mo] = tongue
        panel = await mo.slash(world.channel, "gaps")
        see = "Voir 1" if tongue == "fr" else "See 1"
        split = await press(mo, await press(mo, panel, see), label)
        assert split.ephemeral
        assert [str(each.get("label")) for each in walk(raw(split)["components"])].count(done) == 2
    await mo.click(response(split), custom_id=presses(split, "gap:done:")[0])
    (left,) = await storage.guild(world.guild.id).questions.gaps(9)
    assert "unclog" in left.text
    (entry,) = await storage.guild(world.guild.id).audit.latest(5)
    assert entry.new["progress"] == Resolution.DONE


async def test_a_group_is_answered_with_a_passage(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    await asked(world, SINK, "how do i unclog the sink")
    panel = await mo.slash(world.channel, "gaps")
    offered = await press(mo, await press(mo, panel, "Voir 1"), "Répondre par un passage")
    assert offered.ephemeral and len(texts(offered)) == 5
    pinned = await mo.click(response(offered), custom_id=presses(offered, "pin:")[0])
    assert "reçoivent désormais ce passage" in text(pinned)
    assert await storage.guild(world.guild.id).questions.gaps(9) == ()
    answer = await world.ann.slash(world.channel, "ask", question=SINK)
    assert "The passage that the moderators chose" in text(answer)


async def test_many_groups_come_in_pages(
    world: World, mo: MemberActor, make_bot: Callable[[], CoalitionBot]
) -> None:
    await asked(
        world, PASTA, SINK, "what is the tallest mountain in japan", "best pizza dough recipe",
        "how far is the moon from the earth", "how do i change a bike tyre",
        "who won the world cup in 1998", "when do swallows fly south", "how old is the sphinx",
        "which paint sticks to glass",
    )  # fmt: skip
    panel = await mo.slash(world.channel, "gaps")
    assert "Page 1 sur 2" in texts(panel)[0] and len(texts(panel)) == 9
    await world.env.restart_bot(make_bot())
    turned = await press(mo, response(panel), "Suivant")
    assert "Page 2 sur 2" in texts(turned)[0]
    assert list(buttons(turned)) == ["Voir 9", "Voir 10", "Précédent"]
    settled = await press(mo, await press(mo, turned, "Voir 10"), "C’est réglé")
    assert "Page 2 sur 2" in texts(settled)[0] and len(texts(settled)) == 2


async def test_another_servers_questions_are_not_seen(world: World) -> None:
    await asked(world, SINK)
    other = world.env.create_guild("Autre")
    channel = other.create_text_channel("general")
    theirs = with_permission(world, "olga", "manage_messages", guild=other)
    panel = await theirs.slash(channel, "gaps")
    assert "All questions found a good answer" in text(panel)


async def test_members_do_not_see_them(world: World, mo: MemberActor) -> None:
    assert "gaps" not in world.ann.available_commands(world.channel)
    await asked(world, SINK)
    panel = await mo.slash(world.channel, "gaps")
    other = await mo.slash(world.channel, "gaps")
    shown = await press(mo, other, "Voir 1")
    world.env.backend.get_member(world.guild.id, mo.id).role_ids.clear()
    for message, start in ((panel, "gap:open"), (shown, "gap:answer"), (shown, "gap:done")):
        refused = await mo.click(response(message), custom_id=presses(message, start)[0])
        assert "C’est réservé aux personnes qui gèrent les messages" in text(refused)


@pytest.mark.parametrize(
    ("tongue", "language", "said"),
    [
        ("en-US", Language.ENGLISH, "looked for: son âge / her \\_age\\_"),
        ("fr", Language.FRENCH, "cherché\u00a0: son âge / her \\_age\\_"),
    ],
)
async def test_what_was_sought_is_shown_counted_and_told(
    world: World, mo: MemberActor, tongue: str, language: Language, said: str
) -> None:
    world.tongues[mo] = tongue
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    for member, words in ((world.ann, "her _age_"), (world.zoe, "son âge")):
        modal = await member.click(response(answer), custom_id=unhelpful(answer))
        await member.submit_modal(modal, {"sought": words})
    assert said in text(await mo.slash(world.channel, "gaps"))
    shown = text(await mo.slash(world.channel, "stats"))
    counted = "looking for: 2" if tongue == "en-US" else "cherchaient\u00a0: 2"
    assert counted in shown

    channel = world.guild.create_text_channel("moderators")
    await bot.settings.change(
        world.guild.id, by=1, moderators_channel=channel.id, digest=True, language=language
    )
    statistics = bot.get_cog("Statistics")
    assert isinstance(statistics, Statistics)
    guild = bot.get_guild(world.guild.id)
    assert guild is not None
    await statistics.post_digest(guild)
    assert said.partition(" / ")[0] in text(last_message(channel))


def unhelpful(shown: InteractionResult) -> str:
    (found,) = presses(shown, "unhelpful:")
    return found


@pytest.mark.parametrize(
    ("tongue", "said"),
    [("en-US", "get this passage from now on"), ("fr", "reçoivent désormais ce passage")],
)
async def test_what_was_sought_becomes_a_question_in_one_tap(
    world: World, storage: Storage, mo: MemberActor, tongue: str, said: str
) -> None:
    world.tongues[mo] = tongue
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    modal = await world.ann.click(response(answer), custom_id=unhelpful(answer))
    sought = "Who is part of the coalition?"
    await world.ann.submit_modal(modal, {"sought": sought})
    panel = await mo.slash(world.channel, "gaps")
    shown = await mo.click(response(panel), custom_id=presses(panel, "gap:open")[0])
    (keep,) = presses(shown, "gap:keep")
    kept = await mo.click(response(shown), custom_id=keep)
    assert said in text(kept) and sought in text(kept)
    (pin,) = await storage.guild(world.guild.id).pins.every()
    assert (pin.question, pin.by) == (sought, mo.id)
    world.env.backend.get_member(world.guild.id, mo.id).role_ids.clear()
    refused = await mo.click(response(shown), custom_id=keep)
    assert "people who manage" in text(refused) or "qui gèrent" in text(refused)


async def test_what_was_sought_and_fits_nothing_is_to_be_added(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    modal = await world.ann.click(response(answer), custom_id=unhelpful(answer))
    await world.ann.submit_modal(modal, {"sought": SINK})
    shown = await press(mo, await mo.slash(world.channel, "gaps"), "Voir 1")
    said = await press(mo, shown, "En faire une question (1)")
    assert SINK in text(said) and list(buttons(said)) == ["Ajouter un document"]
    assert await storage.guild(world.guild.id).pins.every() == ()


def test_the_longest_gaps_are_valid_cards() -> None:
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    ugly = "*" * 2000
    gap = Gap(
        "q" * 16, ugly, Language.FRENCH, Outcome.NONE, 999, at, "https://x.y", None, (ugly,) * 9
    )
    request = Request(10**14, 1, ugly, Language.FRENCH, 1, at, "q", "https://x.y")
    requests = [dataclasses.replace(request, id=10**14 + each) for each in range(20)]
    for phrases in (Phrasebooks.read()[each] for each in Language):
        # Each is another question, as no two buttons of a message may be one.
        gaps = [dataclasses.replace(gap, question=f"{number:016}") for number in range(270)]
        groups = [GapGroup(tuple(gaps[at : at + 9])) for at in range(0, 270, 9)]
        for card in (
            gaps_card(groups, 1, phrases),
            gaps_card([], 0, phrases, requests),
            gap_card(groups[0], 9999, phrases),
            unposted_card(request, 9999, phrases),
        ):
            check_components(card.to_components())  # type: ignore[no-untyped-call]
