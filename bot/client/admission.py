"""The door through which everything that members do comes in; it shuts before the bot stops."""

from __future__ import annotations

import asyncio
from typing import Any


class Door:
    """Counts what is being answered, so that it can end before the bot stops."""

    def __init__(self) -> None:
        self._inside: set[asyncio.Task[Any]] = set()
        self._is_open = True

    @property
    def inside(self) -> int:
        """How much is being answered."""
        return len(self._inside)

    def admit(self) -> bool:
        """Whether what the current task is about may be answered; waited for in either case.

        Where it is False, the member is still to be told.
        """
        task = asyncio.current_task()
        if task is not None and task not in self._inside:
            self._inside.add(task)
            task.add_done_callback(self._inside.discard)
        return self._is_open

    async def shut(self, patience: float) -> int:
        """Let nobody in any more, and wait for who is inside.

        Args:
            patience: How long to wait, in seconds.

        Returns:
            How many answers are not finished even so.
        """
        self._is_open = False
        try:
            async with asyncio.timeout(patience):
                while self._inside:
                    await asyncio.wait(self._inside)
        except TimeoutError:
            pass
        return len(self._inside)
