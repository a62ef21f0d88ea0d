"""Noting what became of a question."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec

from bot.answering.answers import Answer
from bot.errors import BusyError, QuestionError, RateLimitError
from bot.telemetry.tracing import Judgement, current

P = ParamSpec("P")

_REFUSALS = {
    QuestionError: Judgement.REFUSED,
    RateLimitError: Judgement.TOO_SOON,
    BusyError: Judgement.BUSY,
}


def judged(answer: Callable[P, Awaitable[Answer]]) -> Callable[P, Awaitable[Answer]]:
    """Notes what `answer` makes of the question that is being answered."""

    @wraps(answer)
    async def noting(*args: P.args, **kwargs: P.kwargs) -> Answer:
        asked = current()
        try:
            given = await answer(*args, **kwargs)
        except (QuestionError, RateLimitError, BusyError) as error:
            if asked is not None:
                kinds = (each for each in _REFUSALS if isinstance(error, each))
                asked.judgement = _REFUSALS[next(kinds)]
            raise
        if asked is not None:
            small_talk = given.result.small_talk is not None
            asked.language = given.detected.language
            asked.judgement = Judgement.SMALL_TALK if small_talk else Judgement(given.outcome)
        return given

    return noting
