"""Moderators add what is missing, and the question that it was missing for is dealt with."""

from __future__ import annotations

from collections.abc import Callable

import discord
import pytest
from simcord import ChannelHandle, InteractionResult, MemberActor

from bot.client.client import CoalitionBot
from bot.storage import Action, GuildStorage, Resolution, Storage
from tests.bot.cogs.moderators.test_gaps_on_discord import PASTA, SINK, asked, presses
from tests.bot.world import (
    World,
    buttons,
    last_message,
    press,
    response,
    text,
    with_permission,
)

BODY = (
    "To unclog a sink, pour boiling water into it, wait five minutes, and use a plunger.\n\n"
    "The tools of the house are in the cellar, and whoever takes one writes it down."
)
ASIDE = "On Sundays the bakery opens at nine. On every other day of the week it opens at six."


@pytest.fixture
def mo(world: World) -> MemberActor:
    """A moderator, in English."""
    return with_permission(world, "mo", "manage_messages")


@pytest.fixture
def kept(world: World, storage: Storage) -> GuildStorage:
    return storage.guild(world.guild.id)


@pytest.fixture
async def desk(world: World) -> ChannelHandle:
    """The channel of the moderators."""
    channel = world.guild.create_text_channel("moderators")
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    await bot.settings.change(world.guild.id, by=1, moderators_channel=channel.id)
    return channel


async def window(world: World, mo: MemberActor) -> InteractionResult:
    """The window that opens for what is missing most."""
    panel = await mo.slash(world.channel, "gaps")
    shown = await mo.click(response(panel), custom_id=presses(panel, "gap:open")[0])
    return await mo.click(response(shown), custom_id=presses(shown, "gap:add")[0])


async def handed_over(world: World, desk: ChannelHandle) -> discord.Message:
    answer = await world.zoe.slash(world.channel, "ask", question=SINK)
    await press(world.zoe, response(answer), "Demander aux modérateurs")
    return last_message(desk)


def prefilled(shown: InteractionResult) -> object:
    assert shown.modal is not None
    return shown.modal["components"][0]["component"]["value"]


async def test_what_is_missing_is_added_and_marked_as_done(
    world: World, mo: MemberActor, kept: GuildStorage
) -> None:
    await asked(world, SINK, "How do I unclog a sink?", PASTA, SINK)
    shown = await window(world, mo)
    assert prefilled(shown) == SINK
    said = await mo.submit_modal(shown, {"title": "Sinks", "text": BODY})
    assert "“Sinks” is added under the name `sinks`" in text(said)
    assert f"**{SINK}** is answered by it: I asked." in text(said)
    assert "could not be told" not in text(said)
    (gap,) = await kept.questions.gaps(9)
    assert gap.text == PASTA
    answer = await world.ann.slash(world.channel, "ask", question=SINK)
    assert "pour boiling water" in text(answer)


async def test_what_does_not_answer_leaves_the_question_open(
    world: World, mo: MemberActor, kept: GuildStorage
) -> None:
    await asked(world, SINK)
    said = await mo.submit_modal(await window(world, mo), {"title": "Bakery", "text": ASIDE})
    assert "“Bakery” is added" in text(said)
    assert f"I asked **{SINK}** again, and this document does not answer it yet" in text(said)
    assert [each.text for each in await kept.questions.gaps(9)] == [SINK]
    offered = await press(mo, response(said), "Answer with a passage")
    assert "Which passage answers this question" in text(offered)


async def test_an_answer_from_elsewhere_is_not_taken_for_one_of_the_document(
    world: World, mo: MemberActor, kept: GuildStorage
) -> None:
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    modal = await press(world.zoe, response(answer), "👎")
    await world.zoe.submit_modal(modal, {"sought": ""})
    said = await mo.submit_modal(await window(world, mo), {"title": "Bakery", "text": ASIDE})
    assert "this document does not answer it yet" in text(said)
    assert len(await kept.questions.gaps(9)) == 1


async def test_who_waits_is_told_with_the_passage(
    world: World, mo: MemberActor, kept: GuildStorage, desk: ChannelHandle
) -> None:
    post = await handed_over(world, desk)
    assert list(buttons(post))[0::2][:2] == ["Answer with a passage", "Add knowledge"]
    shown = await press(mo, post, "Add knowledge")
    assert prefilled(shown) == SINK
    second = await press(mo, post, "Add knowledge")
    said = await mo.submit_modal(shown, {"title": "Sinks", "text": BODY})
    assert "The member who waited has been told." in text(said)
    told = text(last_message(world.zoe.user.dm_channel))
    assert told.startswith(f"**{SINK}**\n-# The moderators added what answers your question.")
    assert "pour boiling water" in told
    ended = last_message(desk)
    assert buttons(ended) == {}
    assert f"<@{mo.id}> added a document that answers it." in text(ended)
    assert await kept.requests.waiting() == ()
    assert await kept.questions.gaps(9) == ()
    (entry,) = [each for each in await kept.audit.latest(9) if each.action is Action.GAP_SETTLED]
    assert entry.new["progress"] == Resolution.DONE
    late = await mo.submit_modal(second, {"title": "More of sinks", "text": ASIDE})
    assert "“More of sinks” is added" in text(late)
    assert "has been dealt with already" in text(late)


async def test_who_waits_is_told_too_where_the_panel_was_used(
    world: World, mo: MemberActor, kept: GuildStorage, desk: ChannelHandle
) -> None:
    await handed_over(world, desk)
    said = await mo.submit_modal(await window(world, mo), {"title": "Sinks", "text": BODY})
    assert "The member who waited has been told." in text(said)
    assert "pour boiling water" in text(last_message(world.zoe.user.dm_channel))
    assert await kept.requests.waiting() == ()


async def test_a_request_that_the_document_does_not_answer_goes_on_waiting(
    world: World, mo: MemberActor, kept: GuildStorage, desk: ChannelHandle
) -> None:
    post = await handed_over(world, desk)
    world.tongues[mo] = "fr"
    shown = await press(mo, post, "Add knowledge")
    said = await mo.submit_modal(shown, {"title": "Bakery", "text": ASIDE})
    assert f"J’ai reposé **{SINK}**, et ce document n’y répond pas encore" in text(said)
    assert len(await kept.requests.waiting()) == 1
    assert "Add knowledge" in buttons(last_message(desk))


async def test_who_takes_no_direct_messages_is_told_where_they_asked(
    world: World, mo: MemberActor, desk: ChannelHandle
) -> None:
    post = await handed_over(world, desk)
    shown = await press(mo, post, "Add knowledge")
    path = f"/channels/{world.zoe.user.dm_channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50007)
    said = await mo.submit_modal(shown, {"title": "Sinks", "text": BODY})
    assert "The member who waited has been told" in text(said)
    assert f"<@{world.zoe.id}>" in text(last_message(world.channel))


async def test_a_restart_between_button_and_text_loses_nothing(
    world: World, mo: MemberActor, desk: ChannelHandle, make_bot: Callable[[], CoalitionBot]
) -> None:
    post = await handed_over(world, desk)
    await world.env.restart_bot(make_bot())
    shown = await press(mo, post, "Add knowledge")
    await world.env.restart_bot(make_bot())
    said = await mo.submit_modal(shown, {"title": "Sinks", "text": BODY})
    assert "The member who waited has been told." in text(said)


async def test_members_add_nothing(
    world: World, mo: MemberActor, kept: GuildStorage, desk: ChannelHandle
) -> None:
    post = await handed_over(world, desk)
    refused = await press(world.ann, post, "Add knowledge")
    assert "people who manage messages" in text(refused)
    shown = await window(world, mo)
    panel = await press(mo, await mo.slash(world.channel, "gaps"), "See 1")
    world.env.backend.get_member(world.guild.id, mo.id).role_ids.clear()
    refused = await mo.submit_modal(shown, {"title": "Sinks", "text": BODY})
    assert "people who manage messages" in text(refused)
    refused = await press(mo, response(panel), "Add knowledge")
    assert "people who manage messages" in text(refused)
    assert await kept.documents.count() == 0
    assert len(await kept.requests.waiting()) == 1


async def test_a_full_page_of_public_questions_fits_between_two_others(
    world: World, mo: MemberActor
) -> None:
    await asked(
        world, PASTA, SINK, "what is the tallest mountain in japan", "best pizza dough recipe",
        "how far is the moon from the earth", "how do i change a bike tyre",
        "who won the world cup in 1998", "when do swallows fly south", "how old is the sphinx",
        "which paint sticks to glass", "how do i knit a sock", "where do penguins nest",
        "how tall is the eiffel tower", "can i freeze cheese", "why do cats purr",
        "how long does glue dry", "what rhymes with orange",
    )  # fmt: skip
    panel = await mo.slash(world.channel, "gaps")
    turned = await press(mo, response(panel), "Next")
    assert "Page 2 of 3" in text(turned)
