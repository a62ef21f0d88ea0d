"""Questions asked in servers are kept without names, and never delay an answer."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import pytest

from bot.client.client import CoalitionBot
from bot.guilds.recording import Recorder
from bot.storage import AskedQuestion, Storage, StorageBusyError, Surface
from index import Outcome
from knowledge import Language
from tests.bot.storage.test_questions import GUILD, OTHER, question
from tests.bot.world import World, buttons, last_message, press, response, text

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


class Clock:
    now = dt.datetime.now(dt.UTC)


async def kept(world: World, storage: Storage) -> tuple[AskedQuestion, ...]:
    assert isinstance(world.env.bot, CoalitionBot)
    await world.env.bot.recorder.flush()
    return await storage.guild(world.guild.id).questions.since(LONG_AGO)


async def test_a_question_is_kept_with_its_answer(world: World, storage: Storage) -> None:
    await world.zoe.slash(world.channel, "ask", question="Qui est Tim Wu ?")
    (asked,) = await kept(world, storage)
    assert (asked.text, asked.language) == ("Qui est Tim Wu ?", Language.FRENCH)
    assert (asked.outcome, asked.surface) == (Outcome.ANSWER, Surface.COMMAND)
    assert asked.channel == world.channel.id
    assert asked.url == last_message(world.channel).jump_url
    assert asked.passage is not None and len(asked.passage) == 16
    assert 0 < asked.milliseconds < 60_000 and asked.evidence > 0
    exported = json.dumps(await storage.privacy.export(world.guild.id))
    assert str(world.zoe.id) not in exported


async def test_a_mention_is_kept(world: World, storage: Storage) -> None:
    await world.ann.send(world.channel, f"{world.bot_mention} how do i unclog a sink")
    (asked,) = await kept(world, storage)
    assert (asked.text, asked.outcome) == ("how do i unclog a sink", Outcome.NONE)
    assert (asked.surface, asked.passage) == (Surface.MENTION, None)
    assert asked.url == last_message(world.channel).jump_url


async def test_a_private_answer_has_an_address_once_everyone_sees_it(
    world: World, storage: Storage
) -> None:
    private = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?", private=True)
    (asked,) = await kept(world, storage)
    assert asked.url is None
    await press(world.ann, response(private), "Show everyone")
    (asked,) = await kept(world, storage)
    public = last_message(world.channel)
    assert asked.url == public.jump_url
    await press(world.zoe, public, "👍")
    (opinion,) = await storage.guild(world.guild.id).questions.opinions(LONG_AGO)
    assert (opinion.question, opinion.helpful) == (asked.id, True)


async def test_an_opinion_is_tied_to_its_question(world: World, storage: Storage) -> None:
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    modal = await press(world.zoe, response(answer), "👎")
    await world.zoe.submit_modal(modal, {"sought": "son âge"})
    (asked,) = await kept(world, storage)
    (opinion,) = await storage.guild(world.guild.id).questions.opinions(LONG_AGO)
    assert (opinion.question, opinion.sought) == (asked.id, "son âge")
    assert [each.question for each in await storage.guild(world.guild.id).questions.gaps(99)] == [
        asked.id
    ]


async def test_small_talk_is_not_kept(world: World, storage: Storage) -> None:
    await world.zoe.slash(world.channel, "ask", question="merci beaucoup !")
    assert await kept(world, storage) == ()


async def test_what_is_asked_in_direct_messages_is_not_kept(world: World, storage: Storage) -> None:
    asked = await world.ann.user.slash("ask", question="Who is Tim Wu?")
    await world.ann.user.send_dm("Who is Tim Wu?")
    assert "👍" not in buttons(asked)
    assert isinstance(world.env.bot, CoalitionBot)
    await world.env.bot.recorder.flush()
    assert await storage.sequences() == {}


async def test_a_storage_that_fails_keeps_nobody_from_an_answer(
    world: World,
    storage: Storage,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def busy(questions: Sequence[AskedQuestion]) -> None:
        raise StorageBusyError(f"locked for {len(questions)}")

    monkeypatch.setattr(storage, "record", busy)
    answer = await world.ann.slash(world.channel, "ask", question="Who is Tim Wu?")
    assert "Tim Wu" in text(answer)
    assert isinstance(world.env.bot, CoalitionBot)
    await world.env.bot.recorder.flush()
    assert world.env.bot.recorder.lost == 1
    assert "Questions could not be kept (1 so far)." in caplog.text
    assert "Who is" not in caplog.text


async def test_what_is_asked_meanwhile_is_written_together(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    is_written = asyncio.Event()
    record = storage.record

    async def counted(questions: Sequence[AskedQuestion]) -> None:
        written.append(len(questions))
        await record(questions)
        is_written.set()

    monkeypatch.setattr(storage, "record", counted)
    clock: Any = Clock()
    recorder = Recorder(lambda: storage)
    for number in range(40):
        recorder.record(question(clock, guild=number))
        await asyncio.sleep(0)
    assert written == []
    await recorder.flush()
    assert written == [40]
    is_written.clear()
    recorder.record(question(clock))
    await is_written.wait()
    assert written == [40, 1]


async def test_many_questions_are_written_together_and_too_many_are_counted(
    storage: Storage,
) -> None:
    clock: Any = Clock()
    recorder = Recorder(lambda: storage)
    for number in range(1200):
        recorder.record(question(clock, guild=GUILD if number % 2 else OTHER))
    await recorder.flush()
    await asyncio.sleep(0)
    found = [len(await storage.guild(each).questions.since(LONG_AGO)) for each in (GUILD, OTHER)]
    assert found == [500, 500]
    assert recorder.lost == 200
