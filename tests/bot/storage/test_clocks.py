"""A year of a clock: weeks go on over leap days, and over clocks that were wrong."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from bot.storage import Storage
from tests.bot.storage.conftest import Clock

GUILD, WEEK = 1, dt.timedelta(days=7)


@pytest.fixture(params=["Europe/Paris", "America/Montreal"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The zone of the machine, whose clocks change in spring and in autumn."""
    name: str = request.param
    monkeypatch.setenv("TZ", name)
    time.tzset()
    yield name
    monkeypatch.undo()
    time.tzset()


async def test_a_leap_year_of_digests(storage: Storage, clock: Clock, zone: str) -> None:
    """Asked every 42 hours, as after restarts: a digest a week, neither two nor none."""
    del zone
    clock.now = dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
    due = []
    while clock.now.year == 2028:
        if await storage.guild(GUILD).take_digest(WEEK):
            due.append(clock.now)
        clock.advance(hours=42)
    assert len(due) == 53
    assert {later - earlier for earlier, later in pairwise(due)} == {WEEK}


async def test_a_clock_that_was_a_year_ahead(storage: Storage, clock: Clock) -> None:
    """The week starts anew: no digest comes twice, and none is missing for a year."""
    digests = storage.guild(GUILD)
    right = clock.now
    clock.now = right + dt.timedelta(days=365)
    assert await digests.take_digest(WEEK)
    clock.now = right
    assert not await digests.take_digest(WEEK)
    clock.advance(days=6)
    assert not await digests.take_digest(WEEK)
    clock.advance(days=1)
    assert await digests.take_digest(WEEK)


async def test_a_clock_that_is_put_back_a_little(storage: Storage, clock: Clock) -> None:
    digests = storage.guild(GUILD)
    assert await digests.take_digest(WEEK)
    first = clock.now
    clock.advance(minutes=-5)
    assert not await digests.take_digest(WEEK)
    clock.now = first + WEEK
    assert await digests.take_digest(WEEK)
