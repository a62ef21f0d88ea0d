"""A year of a clock: weeks go on over leap days, and over clocks that were wrong."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from bot.storage import Storage
from index import Outcome
from tests.bot.storage.conftest import Clock
from tests.bot.storage.test_questions import question

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


async def kept(storage: Storage, clock: Clock) -> int:
    """How many questions are left after a sweep."""
    await storage.privacy.sweep()
    return len(await storage.guild(GUILD).questions.since(clock.now - dt.timedelta(days=3650)))


@pytest.mark.parametrize(
    "asked",
    [
        dt.datetime(2028, 2, 29, 23, 59, tzinfo=dt.UTC),  # a leap day
        dt.datetime(2026, 3, 29, 0, 59, tzinfo=dt.UTC),  # Paris: two o'clock does not come
        dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC),  # Paris: half past two comes twice
        dt.datetime(2026, 3, 8, 6, 59, tzinfo=dt.UTC),  # Montréal
        dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC),
    ],
    ids=str,
)
async def test_retention_is_in_whole_days(
    storage: Storage, clock: Clock, zone: str, asked: dt.datetime
) -> None:
    """Of 24 hours each, whatever the clocks on the wall do."""
    del zone
    clock.now = asked
    await storage.guild(GUILD).settings.change(by=1, retention_days=30)
    await storage.record([question(clock, guild=GUILD)])
    clock.now = asked + dt.timedelta(days=30, seconds=-1)
    assert await kept(storage, clock) == 1
    clock.advance(seconds=1)
    assert await kept(storage, clock) == 0


async def test_statistics_count_days_of_utc(storage: Storage, clock: Clock, zone: str) -> None:
    """The hour that comes twice, and the one that does not, are each counted once."""
    del zone
    days = [dt.date(2026, 3, 8), dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2026, 11, 1)]
    days += [dt.date(2028, 2, 29)]
    for day in days:
        for hour in range(24):
            clock.now = dt.datetime.combine(day, dt.time(hour, 30), dt.UTC)
            await storage.record([question(clock, guild=GUILD)])
    found = await storage.guild(GUILD).questions.statistics(clock.now - dt.timedelta(days=3650))
    assert found.days == {(day, Outcome.ANSWER): 24 for day in days}


async def test_a_clock_that_is_put_back_a_year_deletes_nothing(
    storage: Storage, clock: Clock
) -> None:
    """And when it is right again, everything goes in its time."""
    right = clock.now
    await storage.guild(GUILD).settings.change(by=1, retention_days=30)
    await storage.record([question(clock, guild=GUILD)])
    clock.now = right - dt.timedelta(days=365)
    assert await kept(storage, clock) == 1
    statistics = await storage.guild(GUILD).questions.statistics(clock.now)
    assert sum(statistics.days.values()) == 1
    clock.now = right + dt.timedelta(days=29)
    assert await kept(storage, clock) == 1
    clock.advance(days=1)
    assert await kept(storage, clock) == 0
