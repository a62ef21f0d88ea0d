"""What goes wrong between a question and its answer, and what a member reads then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import discord
import pytest
from simcord.enums import MessageType

from bot.client.client import CoalitionBot
from tests.bot.world import World, last_message, last_request, press, raw, text

ASKED = "who is Tim Wu?"


def bot_of(world: World) -> CoalitionBot:
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    return bot


def meanwhile(world: World, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Let something happen while the bot looks for an answer."""
    answer = bot_of(world).answerer.answer

    async def answer_after(*args: Any) -> object:  # noqa: ANN401 - whatever `answer` takes
        happens()
        return await answer(*args)

    monkeypatch.setattr(bot_of(world).answerer, "answer", answer_after)


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the bot itself wrote into its log; an error's traceback is a mistake."""
    ours = [each for each in caplog.records if each.name.startswith("bot.")]
    assert all(each.exc_info is None for each in ours)
    return [each.getMessage() for each in ours]


async def test_two_thousand_mentions_are_one_empty_question(world: World) -> None:
    await world.ann.send(world.channel, world.bot_mention * (2000 // len(world.bot_mention)))
    assert "Write your question after the mention" in text(last_message(world.channel))


async def test_a_member_is_told_privately_what_is_missing(world: World) -> None:
    me = world.env.bot.user
    assert me is not None
    mute = world.guild.create_text_channel(
        "mute", overwrites={me: discord.PermissionOverwrite(send_messages=False)}
    )
    await world.ann.send(mute, f"{world.bot_mention} who is Tim Wu?")
    assert len(mute.history()) == 1
    told = str(last_request(world.env, "POST", "/messages").json)
    assert "what is missing: Send Messages." in told
    assert f"<#{mute.id}>" in told


async def test_a_closed_thread_is_said_privately(world: World) -> None:
    # 50083: the thread is archived.
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("POST", path, status=400, code=50083, times=1)
    await world.ann.send(world.channel, f"{world.bot_mention} who is Tim Wu?")
    told = str(last_request(world.env, "POST", "/messages").json)
    assert f"I cannot answer in <#{world.channel.id}>: it is archived or locked." in told


async def test_a_channel_that_is_gone_is_met_with_silence(world: World) -> None:
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("POST", path, status=404, code=10003, times=1)
    await world.ann.send(world.channel, f"{world.bot_mention} who is Tim Wu?")
    assert len(world.channel.history()) == 1
    assert world.env.errors == []


async def test_blocked_direct_messages_are_met_with_silence(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=2)
    await world.ann.send(world.channel, f"{world.bot_mention} who is Tim Wu?")
    assert len(world.channel.history()) == 1
    assert world.env.errors == []


async def test_a_message_with_an_attachment_alone_is_explained(world: World) -> None:
    said = await world.ann.send(
        world.channel, world.bot_mention, attachments=[("who.txt", b"who?")]
    )
    assert "I can only read text, not attachments." in text(last_message(world.channel))
    found = await world.zoe.context_menu(world.channel, "Find the passage", said)
    assert "Je ne lis que le texte" in text(found)


async def test_other_bots_are_never_answered(world: World) -> None:
    other = world.guild.add_member(world.env.create_user("other", bot=True))
    await other.send(world.channel, f"{world.bot_mention} who is Tim Wu?")
    assert len(world.channel.history()) == 1


async def test_webhooks_are_never_answered(world: World) -> None:
    hook = world.guild.create_webhook(world.channel)
    await hook.send(f"{world.bot_mention} {ASKED}")
    assert len(world.channel.history()) == 1


async def test_the_bot_never_answers_itself(world: World) -> None:
    await world.ann.send(world.channel, f"{world.bot_mention} {world.bot_mention} {ASKED}")
    # Its card echoes the question; what it says is no question, even where it names itself.
    me = bot_of(world).user
    assert me is not None
    world.env.backend.create_message(world.channel.id, me.id, f"{me.mention} {ASKED}")
    await world.env.settle()
    assert len(world.channel.history()) == 3


async def test_the_message_of_a_bot_is_searched_for_a_member_who_asks(world: World) -> None:
    other = world.guild.add_member(world.env.create_user("other", bot=True))
    said = await other.send(world.channel, ASKED)
    found = await world.ann.context_menu(world.channel, "Find the passage", said)
    assert found.ephemeral
    assert "Tim Wu" in text(found)
    assert len(world.channel.history(viewer=world.zoe)) == 1


async def test_what_discord_itself_writes_is_never_answered(world: World) -> None:
    me = bot_of(world).user
    assert me is not None
    # "Ann added the bot to the thread" mentions the bot.
    world.env.backend.create_system_message(
        world.channel.id, MessageType.RECIPIENT_ADD, world.ann.id, recipient_id=me.id
    )
    await world.env.settle()
    assert len(world.channel.history()) == 1


async def test_a_question_that_was_deleted_is_answered_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete() -> None:
        world.env.backend.delete_message(world.channel.id, last_message(world.channel).id)

    meanwhile(world, monkeypatch, delete)
    await world.ann.send(world.channel, f"{world.bot_mention} {ASKED}")
    (answer,) = world.channel.history()
    assert f"**{ASKED}**" in text(answer)
    body = last_request(world.env, "POST", "/messages").json
    assert isinstance(body, dict)
    # Discord refuses a reply to what is gone, unless it is told not to.
    assert body["message_reference"]["fail_if_not_exists"] is False


async def test_a_channel_that_is_deleted_meanwhile_is_met_with_silence(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    doomed = world.guild.create_text_channel("doomed")
    meanwhile(world, monkeypatch, lambda: world.env.backend.delete_channel(doomed.id))
    # `send` would look for the message afterwards.
    world.env.backend.create_message(doomed.id, world.ann.id, f"{world.bot_mention} {ASKED}")
    await world.env.settle()
    assert last_request(world.env, "POST", f"/channels/{doomed.id}/messages")
    assert logged(caplog) == []
    assert world.env.errors == []


async def test_a_locked_thread_is_said_privately_without_naming_a_permission(
    world: World,
) -> None:
    parent = world.env.backend.get_channel(world.channel.id)
    thread = world.env.backend.create_thread(parent.id, "thread", world.ann.id)
    await world.env.settle()
    world.env.inject_error("POST", f"/channels/{thread.id}/messages", status=403, code=50001)
    message = world.env.backend.create_message(
        thread.id, world.ann.id, f"{world.bot_mention} {ASKED}"
    )
    await world.env.settle()
    assert [each.id for each in thread_messages(world, thread.id)] == [message.id]
    told = str(last_request(world.env, "POST", "/messages").json)
    assert f"I cannot answer in <#{thread.id}>: it is archived or locked." in told


def thread_messages(world: World, thread: int) -> list[Any]:
    return list(world.env.backend.messages[thread].values())


@pytest.mark.parametrize("code", [10062, 10015, 10003, 10008])
async def test_an_interaction_that_is_gone_is_one_line_of_the_log(
    world: World, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    answer = await world.ann.slash(world.channel, "ask", question=ASKED)
    assert answer.response is not None
    world.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=code, times=2)
    await press(world.ann, answer.response, "👍")
    assert logged(caplog) == ["An interaction could not be answered: it expired or was deleted."]


async def test_a_command_whose_channel_is_deleted_is_one_line_of_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10003, times=2)
    await world.ann.slash(world.channel, "ask", question=ASKED)
    assert logged(caplog) == ["An interaction could not be answered: it expired or was deleted."]
    assert len(world.env.errors) == 1


async def test_another_copy_that_answers_is_named_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.env.inject_error("POST", "/interactions/*/*/callback", status=400, code=40060)
    await world.ann.slash(world.channel, "ask", question=ASKED)
    (line,) = logged(caplog)
    assert "does another copy of the bot run with this token? Stop one of them." in line
    assert len(world.env.errors) == 1


async def test_an_edited_question_is_answered_anew_in_place(world: World) -> None:
    said = await world.ann.send(world.channel, f"{world.bot_mention} {ASKED}")
    assert f"**{ASKED}**" in text(last_message(world.channel))
    await world.ann.edit(said, f"{world.bot_mention} who is Lina Khan?")
    _, answer = world.channel.history()
    assert "**who is Lina Khan?**" in text(answer)
    assert "Lina Khan, a well-known scourge" in text(answer)


async def test_a_question_that_was_forgotten_can_be_added(world: World) -> None:
    said = await world.ann.send(world.channel, world.bot_mention)
    await world.ann.edit(said, f"{world.bot_mention} {ASKED}")
    _, answer = world.channel.history()
    assert f"**{ASKED}**" in text(answer)


async def test_an_edit_that_changes_no_word_is_no_question(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await world.ann.send(world.channel, f"{world.bot_mention} {ASKED}")
    monkeypatch.setattr(bot_of(world).answerer, "answer", None)
    await world.ann.edit(said, said.content)
    assert len(world.channel.history()) == 2
    assert world.env.errors == []


async def test_an_answer_stays_where_the_mention_is_taken_away(world: World) -> None:
    said = await world.ann.send(world.channel, f"{world.bot_mention} {ASKED}")
    await world.ann.edit(said, "never mind")
    assert f"**{ASKED}**" in text(last_message(world.channel))


async def test_too_many_edits_leave_the_answer(world: World) -> None:
    said = await world.ann.send(world.channel, f"{world.bot_mention} {ASKED}")
    for number in range(8):
        await world.ann.edit(said, f"{world.bot_mention} {ASKED} {number}")
    _, answer = world.channel.history()
    assert f"**{ASKED} 4**" in text(answer)


async def test_an_answer_that_was_deleted_does_not_come_back(world: World) -> None:
    said = await world.ann.send(world.channel, f"{world.bot_mention} {ASKED}")
    world.env.backend.delete_message(world.channel.id, last_message(world.channel).id)
    await world.ann.edit(said, f"{world.bot_mention} who is Lina Khan?")
    assert len(world.channel.history()) == 1
    assert world.env.errors == []


async def test_a_flood_of_mentions_pings_nobody(world: World) -> None:
    crowd = " ".join(f"<@{number}>" for number in range(100_000, 100_090))
    await world.ann.send(world.channel, f"{world.bot_mention} {crowd} {ASKED} @everyone")
    shown = str(raw(last_message(world.channel))["components"])
    assert "<@1000" not in shown
    assert r"\@everyone" in text(last_message(world.channel))
