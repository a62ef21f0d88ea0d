"""Print how light this version is beside an earlier one: `python -m benchmarks.light FOLDER`.

The folder is a checkout of the earlier version, such as `git worktree add ../before before-light`
makes. Both run with the libraries of this Python, in turn. Ratios are what counts.

    python -m benchmarks.light FOLDER [asking] [memory] [passages] [documents]
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.speed.machine import load_average, machine_facts
from benchmarks.speed.timing import Sample
from tests.discord_server import DiscordServer
from tests.discord_server.server import SECRET

HERE = Path(__file__).parents[2]
_FIRST, _COLD, _SERVING = 3, 7, 3
_PASSAGES = (50, 400)
_DOCUMENTS = 300
_QUESTION = "Qui fait partie de la coalition ?"


class Row(NamedTuple):
    """A line of the table: what was measured, before and now, and the ratio to reach."""

    name: str
    before: Sample
    now: Sample
    unit: str
    reach: float | None

    @property
    def ratio(self) -> float:
        """How much of the earlier version's median this one's is."""
        return self.now.p50 / self.before.p50


class Version(NamedTuple):
    """A version, and the folder in which it runs."""

    tree: Path
    folder: Path

    def run(self, *command: str) -> str:
        """What a command of Python prints."""
        return subprocess.run(  # noqa: S603
            [sys.executable, *command],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.tree)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            text=True,
        ).stdout

    def ask(self) -> dict[str, float]:
        """Ask from cold: seconds, seconds of a processor, and MB at the most."""
        launch = str(HERE / "benchmarks" / "light" / "launch.py")
        ran: dict[str, float] = json.loads(
            self.run(launch, sys.executable, "-m", "bot", "ask", _QUESTION)
        )
        return ran

    def probe(self, what: str, count: int) -> dict[str, float]:
        """What `probe.py` measures."""
        probe = str(HERE / "benchmarks" / "light" / "probe.py")
        found: dict[str, float] = json.loads(self.run(probe, "data", what, str(count)))
        return found

    async def serve(self) -> float:
        """Memory in MB after a hundred answers, connected."""
        asked = [f"{_QUESTION} {number}" for number in range(100)]
        async with DiscordServer() as discord:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "benchmarks.speed.serving", discord.address, SECRET, *asked,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(self.tree)},
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
            printed, _ = await process.communicate()
            if process.returncode:
                sys.exit(f"The bot of {self.tree} did not connect; nothing is measured.")
            return float(printed)


def in_turn(
    before: Version, now: Version, measure: Callable[[Version], dict[str, float]], rounds: int
) -> dict[str, tuple[Sample, Sample]]:
    """Measure both in turn: by what is measured, the earlier version's and this one's."""
    found: tuple[list[dict[str, float]], list[dict[str, float]]] = [], []
    for number in range(rounds):
        order = ((before, 0), (now, 1)) if number % 2 == 0 else ((now, 1), (before, 0))
        for version, at in order:
            found[at].append(measure(version))
    return {
        key: tuple(Sample(tuple(each[key] for each in some)) for some in found)  # type: ignore[misc]
        for key in found[0][0]
    }


def asking(before: Version, now: Version) -> Iterator[Row]:
    """The very first question, and one from cold."""

    def first(version: Version) -> dict[str, float]:
        with tempfile.TemporaryDirectory() as empty:
            return Version(version.tree, Path(empty)).ask()

    found = in_turn(before, now, first, _FIRST)
    yield Row("the very first `ask`: memory at the most", *found["peak_mb"], "MB", 0.45)
    yield Row("the same: time", *found["seconds"], "s", 0.5)
    yield Row("the same: of a processor", *found["processor"], "s", 0.5)
    for version in (before, now):
        version.ask()
    found = in_turn(before, now, Version.ask, _COLD)
    yield Row("`ask`, cold, index there: time", *found["seconds"], "s", 0.6)
    yield Row("the same: of a processor", *found["processor"], "s", 0.6)
    yield Row("the same: memory at the most", *found["peak_mb"], "MB", None)


def memory(before: Version, now: Version) -> Iterator[Row]:
    """A connected bot."""

    def connected(version: Version) -> dict[str, float]:
        return {"mb": asyncio.run(version.serve())}

    found = in_turn(before, now, connected, _SERVING)
    yield Row("memory of `run` after 100 answers", *found["mb"], "MB", 0.8)


def passages(before: Version, now: Version) -> Iterator[Row]:
    """Indexes of two sizes."""
    for count in _PASSAGES:
        found = in_turn(before, now, lambda each, count=count: each.probe("passages", count), 1)  # type: ignore[misc]
        name = f"{count} passages of 150 words"
        yield Row(f"{name}: index on disk, a passage", *found["disk"], "bytes", 0.35)
        yield Row(f"{name}: encodings in PostgreSQL, a passage", *found["database"], "bytes", 0.35)
        yield Row(f"{name}: built, of a processor", *found["built"], "s", 0.6)
        was, takes = (each.times(1000) for each in found["question"])
        yield Row(f"{name}: a question to ranked passages", was, takes, "ms", 0.6)


def documents(before: Version, now: Version) -> Iterator[Row]:
    """A server of many short documents."""
    found = in_turn(before, now, lambda each: each.probe("documents", _DOCUMENTS), 1)
    name = f"{_DOCUMENTS} documents of one server"
    yield Row(f"{name} from nothing, of a processor", *found["built"], "s", 0.4)
    yield Row(f"{name}: one more, of a processor", *found["more"], "s", None)


PARTS = {each.__name__: each for each in (asking, memory, passages, documents)}


def main(tree: Path, parts: Sequence[str]) -> None:
    """Measure the parts and print."""
    if unknown := set(parts) - PARTS.keys():
        sys.exit(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.")
    if not (tree / "index").is_dir():
        sys.exit(f"{tree} is no checkout of the bot: it has no folder “index”.")
    console = Console(width=140)
    console.print("\n".join(machine_facts()), highlight=False)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        before, now = Version(tree.resolve(), Path(one)), Version(HERE, Path(other))
        table = Table("", "before", "now", "ratio", "to reach")
        for part in parts:
            for row in PARTS[part](before, now):
                console.print(f"{row.name}: {row.ratio:.2f}", style="dim", highlight=False)
                reach = "" if row.reach is None else f"≤ {row.reach}"
                cells = [each.written(row.unit) for each in (row.before, row.now)]
                table.add_row(row.name, *cells, f"{row.ratio:.2f}", reach)
    console.print("Medians (one in ten is below – one in ten is above); versions take turns.")
    console.print(table)
    console.print(f"load average at the end: {load_average()}", highlight=False)


if __name__ == "__main__":
    if len(sys.argv) < 2:  # noqa: PLR2004
        sys.exit("Say where the earlier version is: python -m benchmarks.light FOLDER [PART…]")
    main(Path(sys.argv[1]), sys.argv[2:] or list(PARTS))
