"""Processes that are killed while they work."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.conftest import ROOT


async def acknowledged(module: str, *arguments: Path, after: float) -> list[str]:
    """Kill a module's process `after` seconds more than its first line; the lines it wrote."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *map(str, arguments),
        stdout=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    first = await process.stdout.readline()
    await asyncio.sleep(after)
    process.kill()
    rest = await process.stdout.read()
    assert await process.wait() == -9
    # A line that the kill cut short acknowledged nothing.
    return (first + rest).decode().rpartition("\n")[0].splitlines()
