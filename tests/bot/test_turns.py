"""One question at a time a member."""

from __future__ import annotations

import pytest

from bot.errors import TurnError
from bot.turns import Turns


def test_a_member_asks_one_question_at_a_time() -> None:
    turns = Turns(a_minute=3)
    with turns.of(1):
        with pytest.raises(TurnError) as refused, turns.of(1):
            pass
        assert refused.value.seconds is None
        with turns.of(2):
            pass
    with turns.of(1):
        pass


def test_a_question_that_fails_ends_the_turn() -> None:
    turns = Turns(a_minute=3)
    with pytest.raises(RuntimeError, match="broken"), turns.of(1):
        raise RuntimeError("broken")
    with turns.of(1):
        pass
