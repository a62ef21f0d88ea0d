"""A process is killed while it writes: what it acknowledged is there, and nothing by halves."""

from __future__ import annotations

import random
from pathlib import Path

from bot.storage import Action, open_storage
from tests.bot.killing import acknowledged
from tests.bot.storage.writer import GUILD, SLUG, files

KILLS = 8


async def killed(file: Path, after: float) -> list[tuple[str, int]]:
    """Let a writer write for `after` seconds more than its first step; what it acknowledged."""
    lines = await acknowledged("tests.bot.storage.writer", file, after=after)
    return [(step, int(number)) for step, number in (line.split() for line in lines)]


async def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    chosen = random.Random(7)  # noqa: S311
    count = 0
    for _ in range(KILLS):
        steps = await killed(tmp_path / "test.db", chosen.uniform(0, 0.1))
        count += len(steps)
        last_step, last_version = steps[-1]
        async with open_storage(tmp_path / "test.db") as storage:
            documents = storage.guild(GUILD).documents
            history = await documents.history(SLUG)
            numbers = [each.number for each in history]
            # Nothing acknowledged is missing; at most one step more was done, wholly.
            assert numbers[0] in {last_version, last_version + 1}
            assert numbers == list(range(numbers[0], 0, -1))
            for number in numbers[:3]:
                version = await documents.version(SLUG, number)
                assert version is not None and version.files == files(number)
            newest = await documents.newest(SLUG)
            (entry,) = await storage.guild(GUILD).audit.latest(1)
            assert (newest is None) == (entry.action is Action.DOCUMENT_REMOVED)
            if numbers[0] == last_version and newest is None:
                assert last_step in {"put", "removed"}
            # The audit has exactly what happened.
            puts = {Action.DOCUMENT_ADDED, Action.DOCUMENT_EDITED}
            entries = await storage.guild(GUILD).audit.latest(10_000)
            assert sum(each.action in puts for each in entries) == numbers[0]
            states = await documents.changes_since(0)
            assert [state.sequence for state in states] == [await storage.guild(GUILD).sequence()]
    assert count > KILLS
