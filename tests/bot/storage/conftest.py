"""An empty storage for each test, on every engine that there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import DatabaseServer
from bot.storage import Storage, open_storage


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | DatabaseServer:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return tmp_path / "data" / "test.db"
    found: DatabaseServer = request.getfixturevalue("database")
    return found


@pytest.fixture
async def storage(place: Path | DatabaseServer, clock: Clock) -> AsyncIterator[Storage]:
    """An empty storage; every test that takes it runs on each engine."""
    async with open_storage(place, clock) as opened:
        yield opened
