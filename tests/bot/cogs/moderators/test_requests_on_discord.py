"""Members hand questions to the moderators, who answer them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import discord
import pytest
from simcord import ChannelHandle, InteractionResult, MemberActor, ResponseMessage

from bot.client.client import CoalitionBot
from bot.cogs.upkeep.posting import Posting
from bot.storage import GuildStorage, Resolution, Storage
from knowledge import Language
from tests.bot.world import (
    World,
    buttons,
    last_message,
    last_request,
    press,
    raw,
    response,
    text,
    texts,
)
from tests.contracts import walk

SINK = "how do i unclog a sink"


@pytest.fixture
async def moderated(world: World) -> World:
    """The same server, with a channel of its moderators."""
    await appoint(world, world.guild.create_text_channel("moderators"))
    return world


async def appoint(world: World, channel: ChannelHandle) -> None:
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    await bot.settings.change(world.guild.id, by=1, moderators_channel=channel.id)


@pytest.fixture
def kept(world: World, storage: Storage) -> GuildStorage:
    return storage.guild(world.guild.id)


@pytest.fixture
def mo(world: World) -> MemberActor:
    return moderator_of(world)


def moderator_of(world: World) -> MemberActor:
    """A moderator, whose Discord is in French."""
    role = world.guild.create_role("mods", permissions=discord.Permissions(manage_messages=True))
    moderator = world.guild.add_member(world.env.create_user("mo"), roles=[role])
    world.tongues[moderator] = "fr"
    return moderator


def desk(world: World) -> ChannelHandle:
    return world.guild.channels["moderators"]


async def asked(world: World, question: str = SINK) -> ResponseMessage:
    return response(await world.ann.slash(world.channel, "ask", question=question))


async def handed_over(world: World, label: str = "Ask the moderators") -> discord.Message:
    """The post in the moderators' channel."""
    said = await press(world.ann, await asked(world), label)
    assert said.ephemeral
    assert text(said).startswith("The moderators have your question.")
    return last_message(desk(world))


def told(member: MemberActor) -> str:
    """What a member was told last in a direct message."""
    return text(last_message(member.user.dm_channel))


async def test_moderators_are_offered_only_where_there_are_some(world: World) -> None:
    assert "Ask the moderators" not in buttons(await asked(world))
    await appoint(world, world.guild.create_text_channel("moderators"))
    assert "Ask the moderators" in buttons(await asked(world))
    french = await world.zoe.slash(world.channel, "ask", question="Comment cuire des pâtes ?")
    assert "Demander aux modérateurs" in buttons(french)


async def test_moderators_are_not_offered_where_the_bot_may_not_write(world: World) -> None:
    me = world.env.bot.user
    assert me is not None
    closed = world.guild.create_text_channel(
        "moderators", overwrites={me: discord.PermissionOverwrite(send_messages=False)}
    )
    await appoint(world, closed)
    assert "Ask the moderators" not in buttons(await asked(world))


async def test_moderators_are_offered_with_answers_and_not_with_greetings(moderated: World) -> None:
    assert "Ask the moderators" in buttons(await asked(moderated, "Who is Tim Wu?"))
    greeting = await moderated.ann.slash(moderated.channel, "ask", question="Hello!")
    assert buttons(greeting) == {}


async def test_a_request_is_posted_with_its_buttons(moderated: World, kept: GuildStorage) -> None:
    post = await handed_over(moderated)
    assert text(post).startswith(f"**{SINK}**\n-# A member asks this in <#{moderated.channel.id}>")
    assert list(buttons(post)) == [
        "Answer with a passage",
        "Answer in your own words",
        "Add knowledge",
        "Not our subject",
        "Done",
        "Go to the message",
    ]
    (waiting,) = await kept.requests.waiting()
    assert (waiting.member, waiting.text) == (moderated.ann.id, SINK)


async def test_the_same_question_is_handed_over_once(moderated: World) -> None:
    await handed_over(moderated)
    again = await press(moderated.ann, await asked(moderated), "Ask the moderators")
    assert text(again).startswith("The moderators have this question of yours already.")
    assert len(desk(moderated).history()) == 1


async def test_only_who_asked_hands_it_over(moderated: World) -> None:
    said = await press(moderated.zoe, await asked(moderated), "Ask the moderators")
    assert said.ephemeral
    assert text(said).startswith("Seul l’auteur de la question peut la transmettre")
    assert desk(moderated).history() == []


async def test_a_member_does_not_flood_the_moderators(moderated: World) -> None:
    for number in range(4):
        question = f"how do i unclog {number} sinks"
        said = await press(moderated.ann, await asked(moderated, question), "Ask the moderators")
    assert text(said).startswith("3 of your questions wait for the moderators already.")
    assert len(desk(moderated).history()) == 3


async def test_a_passage_answers_and_is_pinned(
    moderated: World, mo: MemberActor, kept: GuildStorage
) -> None:
    post = await handed_over(moderated)
    modal = await press(mo, post, "Answer with a passage")
    assert modal.modal is not None
    assert modal.modal["title"] == "Quel passage répond\u00a0?"
    offered = await mo.submit_modal(modal, {"words": "qui est tim wu"})
    assert offered.ephemeral
    title, first, *_ = texts(offered)
    assert title == "**Lequel de ces passages répond à la question\u00a0?**"
    assert "Tim Wu" in first
    ids = choices(offered)
    assert len(ids) == 5
    done = await mo.click(response(offered), custom_id=ids[0])
    assert text(done) == "C’est fait. Le membre est prévenu."
    assert told(moderated.ann).startswith(
        f"**{SINK}**\n-# The moderators answered your question with this passage."
    )
    assert "Mr. Biden has also asked Tim Wu" in told(moderated.ann)
    (pin,) = await kept.pins.every()
    assert (pin.question, pin.by) == (SINK, mo.id)
    again = await moderated.zoe.slash(moderated.channel, "ask", question=SINK)
    assert "Mr. Biden has also asked Tim Wu" in text(again)
    assert await kept.requests.waiting() == ()
    ended = last_message(desk(moderated))
    assert buttons(ended) == {}
    assert f"<@{mo.id}> answered it with a passage" in text(ended)


def choices(offered: InteractionResult) -> list[str]:
    """The custom_ids of the buttons beside the passages."""
    ids = [str(each.get("custom_id", "")) for each in walk(raw(offered)["components"])]
    return [each for each in ids if each.startswith("request:choose:")]


@pytest.mark.parametrize(
    ("how", "label", "said"),
    [
        (Resolution.OFF_SUBJECT, "Hors sujet", "it is not a subject of this server"),
        (Resolution.DONE, "C’est réglé", "have dealt with your question"),
    ],
)
async def test_a_request_ends_without_a_passage(
    moderated: World, kept: GuildStorage, how: Resolution, label: str, said: str
) -> None:
    bot = moderated.env.bot
    assert isinstance(bot, CoalitionBot)
    await bot.settings.change(moderated.guild.id, by=1, language=Language.FRENCH)
    post = await handed_over(moderated, bot.localiser.books[Language.FRENCH]("request.ask"))
    assert "Un membre pose cette question" in text(post)
    moderator = moderator_of(moderated)
    await press(moderator, post, label)
    assert said in told(moderated.ann)
    assert f"<@{moderator.id}>\u00a0: {label[0].lower()}{label[1:]}." in text(
        last_message(desk(moderated))
    )
    request = await kept.requests.get(1)
    assert request is not None and request.question is not None
    question = await kept.questions.get(request.question)
    assert question is not None
    assert question.progress is how


async def test_a_member_is_told_in_the_chosen_language(moderated: World, mo: MemberActor) -> None:
    post = await handed_over(moderated)
    await moderated.ann.slash(moderated.channel, "language", language="fr")
    await press(mo, post, "Done")
    assert "Les modérateurs se sont occupés de votre question" in told(moderated.ann)


async def test_blocked_direct_messages_are_said_to_the_moderator(
    moderated: World, mo: MemberActor
) -> None:
    post = await handed_over(moderated)
    path = f"/channels/{moderated.ann.user.dm_channel.id}/messages"
    moderated.env.inject_error("POST", path, status=403, code=50007)
    done = await press(mo, post, "Done")
    assert text(done).startswith("C’est fait. Le membre n’accepte pas les messages privés")


async def test_members_may_not_press_what_is_the_moderators(
    moderated: World, kept: GuildStorage
) -> None:
    post = await handed_over(moderated)
    for label in ("Answer with a passage", "Not our subject", "Done"):
        refused = await press(moderated.ann, post, label)
        assert refused.ephemeral
        assert "people who manage messages" in text(refused)
    assert len(await kept.requests.waiting()) == 1


async def test_a_request_is_ended_once(moderated: World, mo: MemberActor) -> None:
    post = await handed_over(moderated)
    modal = await press(mo, post, "Answer with a passage")
    offered = await mo.submit_modal(modal, {"words": "tim wu"})
    await press(mo, post, "Done")
    late = await mo.click(response(offered), custom_id=choices(offered)[0])
    assert text(late) == "Cette question a déjà été traitée."
    sent = str(last_request(moderated.env, "POST", "/messages").json)
    assert "have dealt with your question" in sent


async def test_requests_are_answered_after_a_restart(
    moderated: World, mo: MemberActor, make_bot: Callable[[], CoalitionBot]
) -> None:
    post = await handed_over(moderated)
    modal = await press(mo, post, "Answer with a passage")
    await moderated.env.restart_bot(make_bot())
    offered = await mo.submit_modal(modal, {"words": "tim wu"})
    await moderated.env.restart_bot(make_bot())
    await mo.click(response(offered), custom_id=choices(offered)[0])
    assert "with this passage" in told(moderated.ann)


async def test_words_that_are_none_are_refused(moderated: World, mo: MemberActor) -> None:
    modal = await press(mo, await handed_over(moderated), "Answer with a passage")
    refused = await mo.submit_modal(modal, {"words": "???"})
    assert refused.ephemeral
    assert text(refused).startswith("Il n’y a aucun mot")


async def test_moderators_of_another_server_see_nothing(moderated: World, storage: Storage) -> None:
    await handed_over(moderated)
    elsewhere = moderated.env.create_guild("Elsewhere")
    assert await storage.guild(elsewhere.id).requests.waiting() == ()


async def test_a_moderators_channel_that_is_gone_is_said(moderated: World) -> None:
    answer = await asked(moderated)
    moderated.env.backend.delete_channel(desk(moderated).id)
    await moderated.env.settle()
    said = await press(moderated.ann, answer, "Ask the moderators")
    assert (
        text(said) == "I cannot reach the moderators here any more. Please write to them yourself."
    )


async def test_a_mention_that_found_nothing_can_be_handed_over(moderated: World) -> None:
    await moderated.ann.send(moderated.channel, f"{moderated.bot_mention} {SINK}")
    await press(moderated.ann, last_message(moderated.channel), "Ask the moderators")
    assert SINK in text(last_message(desk(moderated)))


class TestAPostThatFails:
    """Nobody's question is lost, and none is posted twice."""

    # A request of one nonce is sent again after a 503.
    @pytest.mark.parametrize(
        "fault",
        [
            {"status": 403, "code": 50013},
            {"status": 503, "times": 2},
            {"status": 404, "code": 10003},
        ],
    )
    async def test_it_is_kept_and_posted_later(
        self, moderated: World, mo: MemberActor, kept: GuildStorage, fault: dict[str, Any]
    ) -> None:
        answer = await asked(moderated)
        path = f"/channels/{desk(moderated).id}/messages"
        moderated.env.inject_error("POST", path, **fault)
        said = await press(moderated.ann, answer, "Ask the moderators")
        assert text(said).startswith("Your question is kept for the moderators. I could not post")
        (waiting,) = await kept.requests.waiting()
        assert (waiting.text, waiting.post) == (SINK, None)
        panel = await mo.slash(moderated.channel, "gaps")
        assert texts(panel)[1].startswith(f"**1.** **{SINK}**\n-# Un membre a demandé cela")

        await posting(moderated).post_all()
        await posting(moderated).post_all()
        (post,) = desk(moderated).history()
        assert SINK in text(post)
        (waiting,) = await kept.requests.waiting()
        assert waiting.post == post.id
        assert "publier dans leur salon" not in text(await mo.slash(moderated.channel, "gaps"))

    async def test_pressing_again_posts_it(self, moderated: World, kept: GuildStorage) -> None:
        moderated.tongues[moderated.ann] = "fr"
        answer = await asked(moderated)
        path = f"/channels/{desk(moderated).id}/messages"
        moderated.env.inject_error("POST", path, status=403, code=50013)
        said = await press(moderated.ann, answer, "Demander aux modérateurs")
        assert text(said).startswith("Votre question est gardée pour les modérateurs.")
        again = await press(moderated.ann, answer, "Demander aux modérateurs")
        assert text(again).startswith("Les modérateurs ont déjà cette question de votre part.")
        assert len(desk(moderated).history()) == len(await kept.requests.waiting()) == 1

    async def test_it_is_settled_from_gaps(
        self, moderated: World, mo: MemberActor, kept: GuildStorage
    ) -> None:
        answer = await asked(moderated)
        path = f"/channels/{desk(moderated).id}/messages"
        moderated.env.inject_error("POST", path, status=403, code=50013)
        await press(moderated.ann, answer, "Ask the moderators")
        panel = await mo.slash(moderated.channel, "gaps")
        shown = await press(mo, panel, "Voir 1")
        await mo.click(response(shown), custom_id="request:done:1")
        assert "have dealt with your question" in told(moderated.ann)
        await posting(moderated).post_all()
        assert desk(moderated).history() == []
        assert await kept.requests.waiting() == ()

    async def test_two_attempts_at_once_post_once(self, moderated: World) -> None:
        answer = await asked(moderated)
        path = f"/channels/{desk(moderated).id}/messages"
        moderated.env.inject_error("POST", path, status=403, code=50013)
        await press(moderated.ann, answer, "Ask the moderators")
        await asyncio.gather(*(posting(moderated).post_all() for _ in range(3)))
        assert len(desk(moderated).history()) == 1


def posting(world: World) -> Posting:
    """What tries again, as a test has it try now."""
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    return cast("Posting", bot.get_cog("Posting"))
