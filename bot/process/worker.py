"""Work that would block the event loop, done in threads, so much of it at a time."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn, ParamSpec, TypeVar

from bot.errors import BusyError, WorkerError
from bot.telemetry.tracing import Stage, stage

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

_LONGEST = 30.0
"""Seconds: a question takes some hundredths of one, a stuck thread for ever."""
_PATIENCE = 5.0
"""Seconds that a member waits for a turn before being told to come again."""


class Worker:
    """Runs functions in threads, by turns for those whose they are.

    Everybody has a queue, and the queues take turns, so that many calls of one slow no other.
    Where too many calls wait, the longest queue loses its newest (Suter et al. 1999, "Buffer
    management schemes for supporting TCP in gigabit routers with per-flow queueing").
    """

    def __init__(
        self,
        threads: int,
        waiting: int,
        longest: float = _LONGEST,
        patience: float = _PATIENCE,
        ahead: int = 0,
    ) -> None:
        """Start.

        Args:
            threads: How many calls run at the same time.
            waiting: How many more may wait for their turn.
            longest: Seconds after which a call that has not ended is given up.
            patience: Seconds after which a call that waits is refused.
            ahead: How many calls have had their turn before a thread is free, so that threads
                go on with them where the event loop is late to give the next.
        """
        self._threads = threads
        self._longest = longest
        self._patience = patience
        self._ahead = ahead
        self._executor = self._new_executor()
        self._free = threads + ahead
        self._most_waiting = waiting
        # Whose turn comes next stands first.
        self._queues: dict[Hashable, deque[asyncio.Future[None]]] = {}

    @property
    def idle(self) -> bool:
        """Whether a call would run at once."""
        return self._free > self._ahead

    @property
    def waiting(self) -> int:
        """How many calls wait."""
        return sum(map(len, self._queues.values()))

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `run_for`, for nobody in particular."""
        return await self.run_for(None, function, *args, **kwargs)

    async def run_for(
        self, whose: Hashable, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call `function` in a thread, when it is the turn of `whose`.

        Raises:
            BusyError: Too many calls wait already, or it waited too long; nothing was called.
            WorkerError: The call was given up, or would have ended the process.
        """
        with stage(Stage.QUEUE):
            await self._turn(whose)
        try:
            # What is noted of a question is noted in the thread too.
            context = contextvars.copy_context()
            call = self._executor.submit(
                lambda: context.run(lambda: _contained(function, *args, **kwargs))
            )
            running = asyncio.wrap_future(call)
            done, _ = await asyncio.wait({running}, timeout=self._longest)
            if not done:
                if call.cancel():
                    # It has not begun: it stood behind threads that are stuck.
                    raise BusyError(self.waiting)
                self._give_up()
            return running.result()
        finally:
            self._pass_on()

    def _new_executor(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="worker")

    def _give_up(self) -> NoReturn:
        """Leave a stuck thread alone, and have others in its place.

        Raises:
            WorkerError: Always.
        """
        log.error("A call has not ended in %.0f s; another thread takes its place.", self._longest)
        self._executor.shutdown(wait=False)
        self._executor = self._new_executor()
        raise WorkerError(f"a call did not end in {self._longest} s and was given up")

    async def _turn(self, whose: Hashable) -> None:
        """Wait until a thread is free for `whose`."""
        if self._free > 0:
            self._free -= 1
            return
        if self.waiting >= self._most_waiting:
            self._make_room(whose)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(whose, deque()).append(turn)
        try:
            async with asyncio.timeout(self._patience):
                await turn
        except TimeoutError:
            self._withdraw(whose, turn)
            raise BusyError(self.waiting) from None
        except asyncio.CancelledError:
            self._withdraw(whose, turn)
            raise

    def _withdraw(self, whose: Hashable, turn: asyncio.Future[None]) -> None:
        """Take back a turn that is not waited for any more."""
        queue = self._queues.get(whose, deque())
        if turn in queue:
            queue.remove(turn)
            if not queue:
                del self._queues[whose]
        elif not turn.cancelled() and turn.exception() is None:
            # The thread was given just before the wait was given up.
            self._pass_on()

    def _make_room(self, whose: Hashable) -> None:
        """Refuse the newest call of the longest queue, which may be the one that comes.

        Raises:
            BusyError: It is the one that comes.
        """
        longest = max(self._queues, key=lambda each: len(self._queues[each]), default=whose)
        own = len(self._queues.get(whose, ()))
        error = BusyError(self.waiting)
        if longest == whose or len(self._queues[longest]) <= own + 1:
            raise error
        self._queues[longest].pop().set_exception(error)

    def _pass_on(self) -> None:
        """Give a thread to whose turn it is."""
        while self._queues:
            whose = next(iter(self._queues))
            queue = self._queues.pop(whose)
            turn = queue.popleft()
            if queue:
                self._queues[whose] = queue
            if not turn.cancelled():
                turn.set_result(None)
                return
        self._free += 1

    def close(self) -> None:
        """Let running calls end and take no others."""
        self._executor.shutdown(wait=True, cancel_futures=True)


def _contained(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function`; what would end the process ends the call alone."""
    try:
        return function(*args, **kwargs)
    except (SystemExit, KeyboardInterrupt, GeneratorExit) as error:
        raise WorkerError(f"a call ended with {type(error).__name__}") from error
