"""One question at a time a member."""

from __future__ import annotations

from collections import deque
from types import SimpleNamespace

import pytest

from bot.answering.rate_limit import RateLimit
from bot.errors import RateLimitError


def test_a_member_asks_one_question_at_a_time() -> None:
    turns = RateLimit(a_minute=3)
    with turns.of(1):
        with pytest.raises(RateLimitError) as refused, turns.of(1):
            pass
        assert refused.value.seconds is None
        with turns.of(2):
            pass
    with turns.of(1):
        pass


def test_a_question_that_fails_ends_the_turn() -> None:
    turns = RateLimit(a_minute=3)
    with pytest.raises(RuntimeError, match="broken"), turns.of(1):
        raise RuntimeError("broken")
    with turns.of(1):
        pass


class Clock:
    """Stands for the time, which a test moves on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(
            "bot.answering.rate_limit.time", SimpleNamespace(monotonic=lambda: self.now)
        )


def ask(turns: RateLimit, *members: int, a_minute: int | None = None) -> None:
    for member in members:
        with turns.of(member, a_minute):
            pass


def test_a_member_asks_so_many_questions_in_any_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, turns = Clock(monkeypatch), RateLimit(a_minute=2)
    ask(turns, 1)
    clock.now += 20
    ask(turns, 1)
    for passed, seconds in ((0.5, 40), (39, 1)):
        clock.now += passed
        with pytest.raises(RateLimitError) as refused:
            ask(turns, 1)
        assert refused.value.seconds == seconds
        ask(turns, 2 + seconds)
    clock.now += 0.5
    ask(turns, 1)
    with pytest.raises(RateLimitError):
        ask(turns, 1)


def test_a_server_may_let_ask_more_or_less(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, turns = Clock(monkeypatch), RateLimit(a_minute=1)
    for _ in range(3):
        ask(turns, 1, a_minute=3)
        clock.now += 10
    with pytest.raises(RateLimitError) as refused:
        ask(turns, 1, a_minute=3)
    assert refused.value.seconds == 30
    # Where one a minute is let ask, the newest must be a minute old.
    with pytest.raises(RateLimitError) as refused:
        ask(turns, 1)
    assert refused.value.seconds == 50


def test_who_has_not_asked_for_a_minute_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, turns = Clock(monkeypatch), RateLimit(a_minute=1)
    ask(turns, 1, 2)
    clock.now += 59
    ask(turns, 3)
    assert turns._asked.keys() == {1, 2, 3}
    clock.now += 1
    ask(turns, 2)
    assert turns._asked.keys() == {2, 3}
    for member in (2, 3):
        with pytest.raises(RateLimitError):
            ask(turns, member)
    clock.now += 59.5
    ask(turns, 4)
    # The third asked a minute ago, and may ask again.
    assert turns._asked.keys() == {2, 4}
    ask(turns, 3)


def test_members_in_thousands_cost_no_more_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at all of them for each question took the event loop most of its time in a flood."""
    clock, turns = Clock(monkeypatch), RateLimit(a_minute=1)
    looked = 0

    class Counted(deque[float]):
        def __getitem__(self, at: object) -> float:  # type: ignore[override]
            nonlocal looked
            looked += 1
            return super().__getitem__(at)  # type: ignore[index]

    monkeypatch.setattr("bot.answering.rate_limit.deque", Counted)
    for member in range(20_000):
        clock.now += 0.001
        ask(turns, member)
    assert looked < 5 * 20_000
