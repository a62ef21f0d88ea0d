"""Processes that are killed while they work."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

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
