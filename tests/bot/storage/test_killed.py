"""A process is killed while it writes: what it acknowledged is there, and nothing by halves."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import DatabaseServer
from bot.storage import Action, open_storage
from tests.bot.killing import acknowledged
from tests.bot.storage.writer import GUILD, SLUG, encoded, files
from tests.postgres import PostgresServer

KILLS = 8
KILLS_OF_A_SERVER = 3


async def killed(
    address: str, after: float, beside: Callable[[], object] | None = None
) -> list[tuple[str, int]]:
    """Let a writer write for `after` seconds more than its first step; what it acknowledged."""
    module = "tests.bot.storage.writer"
    lines = await acknowledged(module, address, after=after, beside=beside)
    return [(step, int(number)) for step, number in (line.split() for line in lines)]


async def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    chosen = random.Random(7)
    file = tmp_path / "test.db"
    count = 0
    for _ in range(KILLS):
        steps = await killed(f"sqlite:///{file}", chosen.uniform(0, 0.1))
        count += len(steps)
        await expect_kept(file, steps)
    assert count > KILLS


@pytest.mark.parametrize("both", [False, True], ids=["the process", "the process and the server"])
async def test_what_a_server_acknowledged_survives_a_kill(
    own_server: PostgresServer,
    both: bool,  # noqa: FBT001
) -> None:
    chosen = random.Random(7)
    place = own_server.address("postgres")
    count = 0
    for _ in range(KILLS_OF_A_SERVER):
        steps = await killed(
            place.url.get_secret_value(),
            chosen.uniform(0, 0.3),
            own_server.kill if both else None,
        )
        count += len(steps)
        if both:
            own_server.start()
        await expect_kept(place, steps)
    assert count > KILLS_OF_A_SERVER


async def expect_kept(place: Path | DatabaseServer, steps: list[tuple[str, int]]) -> None:
    """What a killed writer acknowledged is kept, and nothing by halves."""
    last_step, last_version = steps[-1]
    async with open_storage(place) as storage:
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
        # The newest has what was encoded of it and of nothing else, and a removed one has none.
        kept = {} if newest is None else {SLUG: encoded(numbers[0])}
        assert await documents.encoded_of({SLUG: numbers[0]}) == kept
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
