"""Print how long members wait on Discord: `python -m benchmarks.discord [questions]`.

From the moment when discord.py hands an interaction over until the bot hands its card to what
would send it, so without the network. Questions come at random moments, twenty a second. On a
busy machine the processor time of an answer says more than how long it took.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.discord.arriving import Arrival, asked, connected, typed, waits
from benchmarks.speed.machine import load_average, machine_facts
from bot.config import Config, read_config
from bot.operations.running import open_answerer
from index.evaluation import read_cases
from knowledge import CoalitionBotError

_QUESTIONS = Path("tests/data/questions.yaml")
_A_SECOND = 20.0
_COUNT = 600
_REPEATED = 20
_WARMING = 60


class Scene(NamedTuple):
    """What members do.

    Attributes:
        name: What it is called.
        arrivals: What is done, in order.
        a_second: How many of them.
        reach: Milliseconds that half, and ninety-nine in a hundred, must not exceed.
    """

    name: str
    arrivals: Sequence[Arrival]
    a_second: float
    reach: tuple[float, float]


def scenes(questions: Sequence[str], count: int) -> list[Scene]:
    """What is measured, with `count` arrivals of each kind."""

    def different(ending: str) -> list[str]:
        """Questions that no other scene asks, so that no result is remembered."""
        every = (f"{each}{more}{ending}" for more in ("", " svp") for each in questions)
        return list(islice(every, count))

    begun = [each[: 3 * len(each) // 4] for each in different("")]
    pairs = zip(asked(different(" merci")), typed(begun), strict=True)
    return [
        Scene("questions, each another", asked(different("")), _A_SECOND, (15.0, 100.0)),
        Scene(
            f"the same {_REPEATED} questions again and again",
            asked(islice(cycle(questions[:_REPEATED]), count)),
            _A_SECOND,
            (15.0, 100.0),
        ),
        Scene("suggestions while typing", typed(begun), _A_SECOND, (100.0, 100.0)),
        Scene(
            "questions, and as many suggestions",
            [each for pair in pairs for each in pair],
            2 * _A_SECOND,
            (15.0, 100.0),
        ),
    ]


async def measure(config: Config, count: int) -> Table:
    """Measure every scene once."""
    answerer = open_answerer(config, print)
    questions = list(
        dict.fromkeys(each.question for each in read_cases(_QUESTIONS, answerer.index))
    )
    table = Table(
        "", "p50", "p90", "p99", "longest", "processor time each", "how many", "to reach", "reached"
    )
    async with connected(config, answerer) as bot:
        await waits(bot, asked(f"{each} ?" for each in questions[:_WARMING]), _A_SECOND)
        for scene in scenes(questions, count):
            spent = time.process_time()
            took = 1000 * np.array(await waits(bot, scene.arrivals, scene.a_second))
            spent = 1000 * (time.process_time() - spent) / len(took)
            middle, most, nearly_all = np.percentile(took, [50, 90, 99])
            reached = middle <= scene.reach[0] and nearly_all <= scene.reach[1]
            table.add_row(
                f"{scene.name}, {scene.a_second:.0f} a second",
                *(f"{each:.1f} ms" for each in (middle, most, nearly_all, took.max())),
                f"{spent:.1f} ms",
                str(len(took)),
                f"p50 ≤ {scene.reach[0]:.0f}, p99 ≤ {scene.reach[1]:.0f} ms",
                "yes" if reached else "no",
            )
    return table


def main() -> None:
    """Measure and print."""
    console = Console(width=130)
    console.print("\n".join(machine_facts()), highlight=False)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else _COUNT
    console.print(asyncio.run(measure(read_config(None), count)))
    console.print(f"load average at the end: {load_average()}", highlight=False)


if __name__ == "__main__":
    try:
        main()
    except CoalitionBotError as error:
        sys.exit(str(error))
