"""What was answered leaves nothing behind: minutes of `python -m benchmarks.load --soak 60`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from tests.discord_server import BotProcess, DiscordServer, Person
from tests.scenarios.conftest import ANSWER, House, check_log

_AT_ONCE = 10
_GROWTH = 12.0
"""MB that 400 answers may add: each thread takes 8 once, for what it computes with."""


@dataclass(frozen=True)
class Taken:
    """What the bot takes."""

    files: int
    tasks: int
    threads: float
    megabytes: float

    @classmethod
    async def by(cls, bot: BotProcess) -> Taken:
        return cls(
            bot.open_files,
            await bot.tasks(),
            bot.status("Threads"),
            bot.status("VmRSS") / 1000,
        )


async def test_nothing_grows_while_questions_are_answered(
    discord: DiscordServer, house: House, config: Path
) -> None:
    crowd = house.crowd(200)
    async with BotProcess(
        discord, config, launcher="tests.discord_server.launch_counted"
    ) as process:
        await discord.gateway.connected()
        await ask(crowd, "first")
        before = await Taken.by(process)
        await ask(crowd, "second")
        await ask(crowd, "third")
        after = await Taken.by(process)
    # Of connections and threads there are as many as happened to be needed at once.
    assert after.files < before.files + _AT_ONCE, (before, after)
    assert after.tasks < before.tasks + _AT_ONCE, (before, after)
    assert after.threads < before.threads + _AT_ONCE, (before, after)
    assert after.megabytes < before.megabytes + _GROWTH, (before, after)
    check_log(process)


async def ask(crowd: list[Person], time: str) -> None:
    """Have everybody ask something of their own, some at a time."""
    for start in range(0, len(crowd), _AT_ONCE):
        some = crowd[start : start + _AT_ONCE]
        asked = await asyncio.gather(
            *(each.ask(f"Who is Tim Wu? ({time}, {start + at})") for at, each in enumerate(some))
        )
        for each in asked:
            assert ANSWER in (await each.card()).text
