"""A flood of calls from one slows no other."""

from __future__ import annotations

import asyncio
from threading import Barrier, Event, current_thread
from time import sleep

import pytest

from bot.answering.answers import Answer, Answerer
from bot.answering.rate_limit import Asker
from bot.client.client import CoalitionBot
from bot.cogs.composition import add_features
from bot.config import Config
from bot.errors import BusyError, WorkerError
from bot.locales import Phrasebooks
from bot.process.worker import Worker
from knowledge import Language


class Held:
    """A worker of one thread that works only when it is let go."""

    def __init__(self, waiting: int) -> None:
        self.worker = Worker(1, waiting)
        self.done: list[str] = []
        self._gate = Event()

    def call(self, whose: str) -> asyncio.Task[None]:
        return asyncio.create_task(self.worker.run_for(whose[0], self.work, whose))

    def work(self, name: str) -> None:
        assert self._gate.wait(10)
        self.done.append(name)

    async def let_go(self, *calls: asyncio.Task[None]) -> list[BaseException | None]:
        await asyncio.sleep(0)
        self._gate.set()
        results = await asyncio.gather(*calls, return_exceptions=True)
        self.worker.close()
        return results


async def test_queues_take_turns() -> None:
    held = Held(waiting=9)
    calls = [held.call(name) for name in ("a1", "a2", "a3", "a4", "b1", "b2", "c1")]
    await held.let_go(*calls)
    assert held.done == ["a1", "a2", "b1", "c1", "a3", "b2", "a4"]


async def test_where_too_many_wait_the_longest_queue_loses_its_newest() -> None:
    held = Held(waiting=3)
    calls = [held.call(name) for name in ("a1", "a2", "a3", "a4", "b1")]
    results = await held.let_go(*calls)
    assert [isinstance(each, BusyError) for each in results] == [False, False, False, True, False]
    assert held.done == ["a1", "a2", "b1", "a3"]


async def test_whoever_has_the_longest_queue_is_refused() -> None:
    held = Held(waiting=2)
    calls = [held.call(name) for name in ("a1", "a2", "b1", "a3", "b2")]
    results = await held.let_go(*calls)
    assert [isinstance(each, BusyError) for each in results] == [False, False, False, True, True]


async def refused(held: Held, *names: str) -> list[str]:
    """Call in turn; which calls are refused."""
    results = await held.let_go(*map(held.call, names))
    assert {type(each) for each in results} <= {type(None), BusyError}
    return [name for name, each in zip(names, results, strict=True) if each is not None]


async def test_a_place_is_made_for_whoever_has_at_least_two_fewer() -> None:
    held = Held(waiting=4)
    names = ("a1", "a2", "a3", "a4", "b1", "b2", "b3", "c1", "d1", "e1")
    assert await refused(held, *names) == ["a3", "a4", "b2", "b3", "e1"]
    assert held.done == ["a1", "a2", "b1", "c1", "d1"]


async def test_no_place_is_made_where_that_would_only_change_who_waits_with_more() -> None:
    held = Held(waiting=3)
    assert await refused(held, "a1", "a2", "a3", "b1", "b2") == ["b2"]
    assert held.done == ["a1", "a2", "b1", "a3"]


async def test_where_nobody_may_wait_who_comes_meanwhile_is_refused() -> None:
    held = Held(waiting=0)
    assert await refused(held, "a1", "b1") == ["b1"]
    assert held.done == ["a1"]


async def test_who_is_refused_learns_how_many_wait() -> None:
    held = Held(waiting=2)
    *_, error = await held.let_go(*map(held.call, ("a1", "a2", "a3", "a4")))
    assert isinstance(error, BusyError) and error.waiting == 2


async def test_who_gives_up_waiting_leaves_the_turn_to_others() -> None:
    held = Held(waiting=9)
    calls = [held.call(name) for name in ("a1", "b1", "c1")]
    await asyncio.sleep(0)
    calls[1].cancel()
    await held.let_go(*calls)
    assert held.done == ["a1", "c1"]
    assert held.worker.idle


async def test_who_gives_up_waiting_leaves_the_place_too() -> None:
    held = Held(waiting=2)
    calls = [held.call(name) for name in ("a1", "b1", "c1")]
    await asyncio.sleep(0)
    calls[1].cancel()
    await asyncio.sleep(0)
    assert held.worker.waiting == 1
    assert (await held.let_go(calls[0], calls[2], held.call("d1"))) == [None, None, None]
    assert held.done == ["a1", "c1", "d1"]


async def test_who_gives_up_just_when_the_turn_has_come_passes_it_on() -> None:
    held = Held(waiting=9)

    async def run_and_cancel() -> None:
        try:
            await held.worker.run_for("a", held.work, "a1")
        finally:
            # The thread was given to the second, who does not know it yet.
            second.cancel()

    running = asyncio.create_task(run_and_cancel())
    await asyncio.sleep(0)
    second, third = held.call("b1"), held.call("c1")
    await held.let_go(running, second, third)
    assert second.cancelled()
    assert held.done == ["a1", "c1"]
    assert held.worker.idle and not held.worker.waiting


async def test_who_gives_up_just_when_refused_has_no_turn_to_pass_on() -> None:
    held = Held(waiting=2)
    calls = [held.call(name) for name in ("a1", "a2", "a3")]
    await asyncio.sleep(0)
    newcomer = held.call("b1")

    async def cancel() -> None:
        calls[2].cancel()

    # It runs after the newcomer took the place, and before the one who lost it knows.
    cancelling = asyncio.create_task(cancel())
    await cancelling
    await asyncio.sleep(0)
    assert calls[2].cancelled()
    assert held.worker.waiting == 2
    await held.let_go(*calls, newcomer)
    assert held.done == ["a1", "a2", "b1"]


async def test_as_many_calls_run_at_once_as_there_are_threads_again_and_again() -> None:
    worker = Worker(2, 0)
    for _ in range(3):
        both = Barrier(2)
        calls = [worker.run(both.wait, 10), worker.run(both.wait, 10), worker.run(int)]
        *met, third = await asyncio.gather(*calls, return_exceptions=True)
        assert sorted(map(str, met)) == ["0", "1"]
        assert isinstance(third, BusyError)
    worker.close()


async def test_a_call_runs_in_a_thread_of_the_worker_with_all_its_arguments() -> None:
    worker = Worker(1, 0)
    assert await worker.run(int, "11", base=2) == 3
    assert (await worker.run(lambda: current_thread().name)).startswith("worker")
    worker.close()


async def test_closing_lets_a_running_call_end() -> None:
    worker, begun, ended = Worker(1, 0), Event(), Event()

    def work() -> None:
        begun.set()
        sleep(0.1)
        ended.set()

    running = asyncio.create_task(worker.run(work))
    await asyncio.to_thread(begun.wait, 10)
    worker.close()
    assert ended.is_set()
    await running


async def test_closing_leaves_undone_what_was_ahead() -> None:
    worker, gate, done = Worker(1, 0, ahead=1), Event(), Event()
    running = asyncio.create_task(worker.run(gate.wait, 10))
    ahead = asyncio.create_task(worker.run(done.set))
    await asyncio.sleep(0)
    closing = asyncio.create_task(asyncio.to_thread(worker.close))
    await asyncio.wait({ahead})
    assert ahead.cancelled() and not done.is_set()
    gate.set()
    assert await running
    await closing


async def test_a_failing_call_frees_its_thread() -> None:
    worker = Worker(1, 0)
    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda: 1 // 0)
    assert await worker.run(lambda: 2) == 2
    worker.close()


async def test_a_server_whose_members_all_ask_at_once_slows_no_other(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = CoalitionBot(Config(), Phrasebooks.read(), add_features, answerer)
    order: list[str] = []
    known = answerer.answer("who is Tim Wu?", Language.ENGLISH)

    def noted(text: str, *_: object) -> Answer:
        # At once, so that nobody's patience ends on a busy machine.
        order.append(text)
        return known

    monkeypatch.setattr(answerer, "answer", noted)
    crowd = [
        bot.answerer.answer(Asker(member, guild=1), f"who is Tim Wu? {member}", Language.ENGLISH)
        for member in range(150)
    ]
    other = bot.answerer.answer(Asker(500, guild=2), "Who is Lina Khan?", Language.ENGLISH)
    *answered, mine = await asyncio.gather(*crowd, other, return_exceptions=True)
    # The first of the crowd had the threads already, or stood right before them.
    threads = bot.config.discord.threads
    first = threads + 4
    assert order.index("Who is Lina Khan?") <= first + threads
    assert isinstance(mine, Answer)
    # Beside those a hundred places, of which the crowd had to leave one.
    assert sum(isinstance(each, Answer) for each in answered) == first + 99
    assert sum(isinstance(each, BusyError) for each in answered) == 51 - first
    await bot.close()


async def test_one_member_has_one_question_among_those_that_wait(answerer: Answerer) -> None:
    bot = CoalitionBot(Config(), Phrasebooks.read(), add_features, answerer)
    asker = Asker(1, guild=None)
    flood = [
        bot.answerer.answer(asker, f"Who is Tim Wu? {at}", Language.ENGLISH) for at in range(50)
    ]
    results = await asyncio.gather(*flood, return_exceptions=True)
    assert sum(isinstance(each, Answer) for each in results) == 1
    await bot.close()


async def test_what_would_end_the_process_ends_the_call_alone() -> None:
    def deadly() -> None:
        raise SystemExit(3)

    worker = Worker(1, 1)
    with pytest.raises(WorkerError, match="SystemExit"):
        await worker.run(deadly)
    assert await worker.run(int, "7") == 7
    worker.close()


async def test_a_call_that_is_stuck_is_given_up_and_others_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    gate = Event()
    worker = Worker(1, 1, longest=0.05)
    ended = Event()

    def stuck() -> None:
        gate.wait(10)
        ended.set()

    with pytest.raises(WorkerError, match="given up"):
        await worker.run(stuck)
    assert await worker.run(int, "7") == 7
    # Nobody waited for the one that is stuck.
    assert not ended.is_set()
    assert "A call has not ended in 0 s; another thread takes its place." in caplog.messages
    gate.set()
    worker.close()


async def test_threads_go_on_with_calls_that_are_ahead_while_the_loop_is_late() -> None:
    worker = Worker(1, 9, ahead=2)
    gate, done = Event(), Event()

    def last() -> None:
        done.set()

    calls = [asyncio.create_task(worker.run(each)) for each in (gate.wait, gate.is_set, last, int)]
    await asyncio.sleep(0)
    assert (worker.idle, worker.waiting) == (False, 1)
    gate.set()
    # The loop stands still here, and the thread has had two more calls.
    assert done.wait(10)
    assert await asyncio.gather(*calls) == [True, True, None, 0]
    worker.close()


async def test_who_is_ahead_of_a_stuck_thread_is_told_to_come_again() -> None:
    worker = Worker(1, 9, longest=0.1, ahead=1)
    stuck = Event()
    calls = [asyncio.create_task(worker.run(stuck.wait, 10)) for _ in range(2)]
    given_up, refused = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(given_up, WorkerError)
    assert isinstance(refused, BusyError) and refused.waiting == 0
    assert await worker.run(lambda: 3) == 3
    stuck.set()
    worker.close()


async def test_who_has_waited_too_long_is_refused_and_takes_no_place() -> None:
    gate = Event()
    worker = Worker(1, 2, patience=0.05)
    first = asyncio.create_task(worker.run_for("a", gate.wait, 10))
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(worker.run_for(name, int, "7")) for name in ("a", "b")]
    for left, each in enumerate(await asyncio.gather(*waiting, return_exceptions=True)):
        assert isinstance(each, BusyError) and each.waiting == 1 - left
    assert worker.waiting == 0
    gate.set()
    assert await first
    assert await worker.run_for("b", int, "7") == 7
    worker.close()
