"""Work that would block the event loop, done in threads, so much of it at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from bot.errors import BusyError

P = ParamSpec("P")
T = TypeVar("T")


class Worker:
    """Runs functions in threads; refuses them when too many wait already."""

    def __init__(self, threads: int, waiting: int) -> None:
        """Start with `threads` threads; at most `waiting` calls wait for one."""
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="worker")
        self._places = threads + waiting
        self._taken = 0

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `function` in a thread.

        Raises:
            BusyError: Too many calls wait already; nothing was called.
        """
        if self._taken >= self._places:
            raise BusyError(self._taken)
        self._taken += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._executor, lambda: function(*args, **kwargs))
        finally:
            self._taken -= 1

    def close(self) -> None:
        """Let running calls end and take no others."""
        self._executor.shutdown(wait=True, cancel_futures=True)
