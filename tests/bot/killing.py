"""Processes and servers that are killed while they work."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sized
from pathlib import Path

from bot.storage import Storage, StorageError
from knowledge import Language
from tests.conftest import ROOT


async def acknowledged(
    module: str, *arguments: Path | str, after: float, beside: Callable[[], object] | None = None
) -> list[str]:
    """Kill a module's process `after` seconds more than its first line; the lines it wrote.

    Args:
        module: The module.
        arguments: Its arguments.
        after: How long it may go on.
        beside: Kills something else in the same moment.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *map(str, arguments),
        stdout=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    first = await process.stdout.readline()
    await asyncio.sleep(after)
    process.kill()
    if beside is not None:
        beside()
    rest = await process.stdout.read()
    assert await process.wait() == -9
    # A line that the kill cut short acknowledged nothing.
    return (first + rest).decode().rpartition("\n")[0].splitlines()


async def grown(done: Sized, by: int) -> None:
    """Until there is so much more of what others add to."""
    enough = len(done) + by
    while len(done) < enough:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def pin_until_refused(
    storage: Storage, guild: int, writer: int, acknowledged: list[str]
) -> None:
    """Pin one question after the other, until the storage takes no more."""
    for number in range(10_000):
        question = f"{writer} {number}"
        try:
            await storage.guild(guild).pins.pin(question, Language.FRENCH, "0" * 16, by=1)
        except StorageError:
            return
        acknowledged.append(question)
