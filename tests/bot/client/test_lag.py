"""How long interactions waited is told from their ids, whatever the clocks say."""

from __future__ import annotations

import pytest

from bot.client.lag import Lag


class Time:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def made(seconds: float) -> int:
    """The id of what Discord made at a time of its own."""
    return int(seconds * 1000) << 22


@pytest.fixture
def time() -> Time:
    return Time()


def test_what_comes_later_than_the_quickest_is_behind_by_so_much(time: Time) -> None:
    backlog = Lag(time)
    assert backlog.behind(made(5_000.0)) == 0.0
    time.now += 1.0
    assert backlog.behind(made(5_000.0)) == pytest.approx(1.0)
    assert backlog.behind(made(5_001.0)) == 0.0


def test_the_first_may_be_late_itself(time: Time) -> None:
    backlog = Lag(time)
    backlog.behind(made(5_000.0))
    assert backlog.behind(made(5_002.0)) == 0.0
    assert backlog.behind(made(5_000.0)) == pytest.approx(2.0)


def test_a_clock_that_is_set_makes_nothing_late(time: Time) -> None:
    backlog = Lag(time)
    backlog.behind(made(90_000.0))
    for day in (0.0, 180_000.0):
        assert backlog.behind(made(day)) == 0.0
        time.now += 0.5
        assert backlog.behind(made(day)) == pytest.approx(0.5)


def test_a_way_that_becomes_longer_is_learnt(time: Time) -> None:
    backlog = Lag(time)
    backlog.behind(made(5_000.0))
    for minute in range(1, 60):
        time.now += 60.0
        # Discord's clock goes slower by a tenth of a second a minute.
        assert backlog.behind(made(5_000.0 + minute * 59.9)) < 1.2
