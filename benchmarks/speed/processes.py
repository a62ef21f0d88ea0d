"""What is measured on processes of their own: the start from cold, and memory."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.speed.timing import Pair, Sample, in_turn
from tests.discord_server import DiscordServer
from tests.discord_server.server import SECRET


class ColdStart(NamedTuple):
    """From the start of a process to its printed answer: seconds, and MB at the most."""

    time: Pair
    peak: Pair


def cold_start(question: str, plain: Path, rounds: int) -> ColdStart:
    """Ask from cold, in turn.

    Args:
        question: What is asked.
        plain: The folder that the plain recipe's index was written to.
        rounds: How often.
    """
    peaks: dict[str, list[float]] = {}

    def ask(name: str, arguments: Sequence[str]) -> float:
        ran = json.loads(_output("benchmarks.speed.launch", sys.executable, "-m", *arguments))
        if ran["status"] or not ran["printed"].strip():
            sys.exit(f"{name} did not answer; nothing is measured.")
        peaks.setdefault(name, []).append(float(ran["peak_mb"]))
        return float(ran["seconds"])

    def plainly() -> float:
        return ask("The plain recipe", ["benchmarks.speed.plain", str(plain), question])

    def product() -> float:
        return ask("coalition-bot", ["bot", "ask", question])

    time = in_turn([(plainly, product)] * rounds)
    return ColdStart(time, Pair(*(Sample(tuple(each)) for each in peaks.values())))


def memory(questions: Sequence[str], plain: Path, rounds: int) -> Pair:
    """Resident memory in MB after the questions were answered, in turn.

    The product is connected to the stand-in for Discord of the tests, which runs in this
    process; the plain recipe is not connected.
    """

    def plainly() -> float:
        return float(_output("benchmarks.speed.plain", str(plain), *questions).split()[-1])

    def product() -> float:
        return asyncio.run(_connected(questions))

    return in_turn([(plainly, product)] * rounds)


async def _connected(questions: Sequence[str]) -> float:
    async with DiscordServer() as discord:
        process = await asyncio.create_subprocess_exec(
            *(
                sys.executable,
                "-m",
                "benchmarks.speed.serving",
                discord.address,
                SECRET,
                *questions,
            ),
            stdout=asyncio.subprocess.PIPE,
        )
        printed, _ = await process.communicate()
        if process.returncode or not discord.gateway.identified:
            sys.exit("The bot did not connect; nothing is measured.")
        return float(printed)


def _output(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout  # noqa: S603
