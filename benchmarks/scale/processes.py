"""How many questions a second one process answers, and two that share a server."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.load.community import Asked, Community, closed_loop, open_loop
from bot.config import DatabaseServer
from tests.discord_server import BotProcess, DiscordServer
from tests.discord_server.community import Guild

SHARDS = 2
_WARMING, _SECONDS, _IN_FLIGHT = 4.0, 20.0, 16
RATE = 100.0
"""Questions a second that come whatever becomes of the last."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What some processes did.

    Attributes:
        rate: Questions answered in a second.
        seconds: How long they were asked.
        asked: How many were asked.
        refused: How many were refused politely, because too many waited.
        lost: Of how many nothing came.
        cpu: Processor seconds that each process took while it was asked.
        stand_in: Those of the stand-in for Discord and of the members, in this process.
        memory: Megabytes that each process held in the end.
        connected: Seconds from the start of the first process until all shards were connected.
        steady: What came of `RATE` questions a second.
    """

    rate: float
    seconds: float
    asked: int
    refused: int
    lost: int
    cpu: tuple[float, ...]
    stand_in: float
    memory: tuple[float, ...]
    connected: float
    steady: Asked

    @property
    def answered(self) -> int:
        """How many questions were answered."""
        return self.asked - self.refused - self.lost

    @property
    def milliseconds(self) -> float:
        """Processor time of all processes of the bot for one answer."""
        return 1000 * sum(self.cpu) / self.answered

    @property
    def cores(self) -> tuple[float, ...]:
        """How many processors each process kept busy."""
        return tuple(each / self.seconds for each in self.cpu)


class _Grown(DiscordServer):
    """Its servers were made at different times, as real ones are: ids tell shards by that."""

    def guild(self, *args: Any, **kwargs: Any) -> Guild:  # noqa: ANN401 - as they are
        """A server, made a millisecond after the one before."""
        time.sleep(0.001)
        return super().guild(*args, **kwargs)


async def carried(place: DatabaseServer, folder: Path, clusters: int, guilds: int) -> Carried:
    """Let one process or several answer as much as they can."""
    discord = _Grown(checked=False, keeps_requests=False)
    discord.limits.each.clear()
    discord.gateway.identify_every = 4.9
    community = Community(discord, guilds, 100 * guilds)
    config = _config(place, folder)
    loop = asyncio.get_running_loop()
    async with discord, AsyncExitStack() as stack:
        began = loop.time()
        bots = [
            await stack.enter_async_context(
                BotProcess(
                    discord, config, "run", "--shard-count", f"{SHARDS}",
                    "--cluster", f"{number}/{clusters}",
                )
            )
            for number in range(1, clusters + 1)
        ]  # fmt: skip
        await discord.gateway.all_connected(SHARDS, 120)
        connected = loop.time() - began
        await _flood(community, _WARMING)
        before, own = [_cpu(bot) for bot in bots], time.process_time()
        asked, seconds = await _flood(community, _SECONDS)
        cpu = tuple(_cpu(bot) - each for bot, each in zip(bots, before, strict=True))
        own = time.process_time() - own
        steady = await open_loop(community, RATE, _SECONDS)
        memory = tuple(bot.status("VmRSS") / 1000 for bot in bots)
    return Carried(
        len(asked.answered) / seconds,
        seconds,
        asked.total,
        len(asked.shed),
        asked.lost.total(),
        cpu,
        own,
        memory,
        connected,
        steady,
    )


def _cpu(bot: BotProcess) -> float:
    """Processor seconds that a process has taken, by all its threads."""
    fields = Path(f"/proc/{bot.running.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    # The 14th and 15th of all fields: in the program and in the kernel.
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _flood(community: Community, seconds: float) -> tuple[Asked, float]:
    """Keep so many questions in flight; how long that took, until the last was answered."""
    began = time.monotonic()
    asked = await closed_loop(community, _IN_FLIGHT, seconds)
    await community.settled()
    return asked, time.monotonic() - began


def _config(place: DatabaseServer, folder: Path) -> Path:
    settings = {
        "data_folder": str(Path("data").resolve()),
        "knowledge": {"folder": str(Path("knowledge/articles").resolve())},
        "database": {"url": place.url.get_secret_value()},
        "discord": {"questions_a_minute": 1000},
    }
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return path
