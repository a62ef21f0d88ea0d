"""Print how the bot carries load: `python -m benchmarks.load`; `--help` says what can be set.

`python -m benchmarks.load --soak 60` asks 20 questions a second for an hour instead, and
prints what grew.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import yaml
from rich.console import Console
from rich.table import Table

from benchmarks.load.community import Asked, Community, closed_loop, open_loop
from benchmarks.load.watching import Watch, Watched
from benchmarks.speed.machine import load_average, machine_facts
from tests.discord_server import BotProcess, DiscordServer

_WARMING, _SATURATED = 5.0, 8.0
_IN_FLIGHT = 60
_SOAK_RATE = 20.0
_NORMAL = 0.25
"""Seconds within which, once it is over, a flood must no longer be felt (99 of 100)."""
_HEARTBEATS = 5.0
_LINE = re.compile(r"^\S+ \S+ |\d+")
_INFORMATION = '"level": "info"'


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", type=float, nargs="+", default=[10, 25, 50, 100, 200, 500])
    parser.add_argument("--seconds", type=float, default=60, help="how long each rate lasts")
    parser.add_argument("--guilds", type=int, default=300)
    parser.add_argument("--members", type=int, default=30_000)
    parser.add_argument("--soak", type=float, default=0, help="minutes of a soak instead")
    given = parser.parse_args()
    console = Console(width=150)
    console.print("\n".join(machine_facts()), highlight=False)
    asyncio.run(_measure(console, given))
    console.print(f"load average at the end: {load_average()}", highlight=False)


async def _measure(console: Console, given: argparse.Namespace) -> None:
    # The stand-in checks nothing here, and keeps nothing: it has the same cores.
    discord = DiscordServer(checked=False, keeps_requests=False)
    discord.limits.each.clear()
    discord.gateway.heartbeat_interval = _HEARTBEATS
    community = Community(discord, given.guilds, given.members)
    with TemporaryDirectory() as folder:
        config = _config(Path(folder))
        async with (
            discord,
            BotProcess(discord, config, launcher="tests.discord_server.launch_counted") as bot,
        ):
            await discord.gateway.connected(120)
            await open_loop(community, 10, _WARMING)
            setting = Setting(console, discord, community, bot)
            if given.soak:
                await _soak(setting, given.soak)
            else:
                await _loads(setting, given.rates, given.seconds)
            warnings = Counter(
                _LINE.sub("", line) for line in bot.lines if _INFORMATION not in line
            )
            for line, count in warnings.most_common(10):
                console.print(f"in the log, {count} times: {line[:120]}", highlight=False)
            connections = discord.gateway.connections
            console.print(f"connections to the gateway: {connections} (1: it stayed connected)")


def _config(folder: Path) -> Path:
    settings = {
        "data_folder": str(Path("data").resolve()),
        "database": {"url": f"sqlite:///{folder / 'load.db'}"},
        "knowledge": {"folder": str(Path("knowledge/articles").resolve())},
        # Every member asks far more often here than people do.
        "discord": {"questions_a_minute": 1000},
    }
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return path


async def _capacity(community: Community) -> float:
    """Questions a second where a number of them is always in flight."""
    began = time.monotonic()
    asked = await closed_loop(community, _IN_FLIGHT, _SATURATED)
    rate = len(asked.answered) / (time.monotonic() - began)
    await community.settled()
    return rate


@dataclass(frozen=True)
class Setting:
    """What is measured, and where it is printed."""

    console: Console
    discord: DiscordServer
    community: Community
    bot: BotProcess


async def _loads(setting: Setting, rates: Sequence[float], seconds: float) -> None:
    console, community = setting.console, setting.community
    table = Table(
        *("questions/s", "answered/s", "p50", "p99", "p99.9", "refused politely", "refusal p99"),
        *("lost", "loop lag p50 / max", "memory", "load"),
    )
    capacity = await _capacity(community)
    console.print(f"carries {capacity:.0f} questions a second, {_IN_FLIGHT} always in flight")
    for rate in (*rates, 10 * capacity):
        async with Watch(setting.discord, setting.bot) as watch:
            began = time.monotonic()
            asked = await open_loop(community, rate, seconds)
            took = time.monotonic() - began
        name = f"{rate:.0f}" if rate in rates else f"{rate:.0f} (10 × what it carries)"
        table.add_row(*_row(name, asked, watch.seen, took))
    recovered = await _recovery(community)
    console.print(table)
    console.print(f"after the flood, back to normal within {recovered:.1f} s")
    beats = setting.discord.gateway.heartbeats
    console.print(f"heartbeats in all: {len(beats)}; tasks at the end: {await setting.bot.tasks()}")


async def _recovery(community: Community) -> float:
    """Seconds until a second of ten questions is answered as fast as ever."""
    began = time.monotonic()
    while True:
        at = time.monotonic() - began
        asked = await open_loop(community, 10, 1.0)
        if asked.answered and not asked.shed and not asked.lost and max(asked.answered) <= _NORMAL:
            return at


def _row(name: str, asked: Asked, seen: Watched, took: float) -> list[str]:
    answered = np.array(asked.answered) * 1000
    p50, p99, p999 = np.percentile(answered, [50, 99, 99.9]) if len(answered) else [np.nan] * 3
    refusal = f"{1000 * np.percentile(asked.shed, 99):,.0f} ms" if asked.shed else ""
    refused = f"{len(asked.shed)}" + (
        f" ({asked.public_refusals} seen by all)" if asked.public_refusals else ""
    )
    lags = np.array(seen.lags) * 1000
    return [
        name,
        f"{len(asked.answered) / took:.1f}",
        *(f"{each:,.0f} ms" for each in (p50, p99, p999)),
        refused,
        refusal,
        ", ".join(f"{count} × {why}" for why, count in asked.lost.items()) or "0",
        f"{np.median(lags):.0f} / {lags.max():,.0f} ms",
        f"{seen.memory[-1]:.0f} MB",
        load_average().split()[0],
    ]


async def _soak(setting: Setting, minutes: float) -> None:
    """Ask for long; print, ten times, what might grow."""
    bot = setting.bot
    table = Table("minute", "answered", "p99", "lost", "memory", "file handles", "tasks", "threads")
    for number in range(1, 11):
        async with Watch(setting.discord, bot) as watch:
            asked = await open_loop(setting.community, _SOAK_RATE, 6 * minutes)
        p99 = 1000 * np.percentile(asked.answered, 99) if asked.answered else np.nan
        table.add_row(
            f"{number * minutes / 10:.1f}",
            f"{len(asked.answered)}",
            f"{p99:.0f} ms",
            f"{asked.lost.total() + len(asked.shed)}",
            f"{np.median(watch.seen.memory[-5:]):.1f} MB",
            f"{watch.seen.files[-1]}",
            f"{await bot.tasks()}",
            f"{bot.status('Threads'):.0f}",
        )
    setting.console.print(table)


if __name__ == "__main__":
    main()
