"""Learning of what changed, by whichever process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Protocol

from bot.storage.errors import StorageError

log = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0
"""Seconds until a storage that is away is asked again: it must serve soon after it is back."""


class Bell(Protocol):
    """Says that it is time to look. It may be silent, or ring in vain: looking decides."""

    async def rung(self) -> None:
        """Wait until there may be something new.

        Raises:
            StorageError: The storage is away.
        """

    async def close(self) -> None:
        """Listen no more."""


async def changes(
    bell: Bell, sequences: Callable[[], Awaitable[Mapping[int, int]]]
) -> AsyncGenerator[frozenset[int]]:
    """Guilds whose sequence changed since the last time, as it happens, without end.

    The first are all guilds: what was read of them before may be old by now.

    A guild's sequence grows under a lock that is held until the change is committed. So what
    commits later never has an earlier number, and comparing misses nothing.

    Args:
        bell: When to look.
        sequences: Reads the sequence of every guild.
    """
    seen: Mapping[int, int] | None = None
    pause = _FIRST_PAUSE
    try:
        while True:
            try:
                if seen is not None:
                    await bell.rung()
                found = await sequences()
            except StorageError as error:
                if pause == _FIRST_PAUSE:
                    log.warning("Changes by others are learned of later. %s", error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            pause = _FIRST_PAUSE
            before, seen = seen or {}, found
            changed = {each for each, number in found.items() if before.get(each) != number}
            changed |= before.keys() - found.keys()
            if changed:
                yield frozenset(changed)
    finally:
        await bell.close()
