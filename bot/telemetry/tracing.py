"""What is noted of each question for the log and the metrics: never its text, nor who asked."""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from knowledge import Language

if TYPE_CHECKING:
    from bot.storage import Surface


class Judgement(StrEnum):
    """What became of a question."""

    ANSWER = "answer"
    CLOSEST = "closest"
    NONE = "none"
    SMALL_TALK = "small_talk"
    REFUSED = "refused"
    TOO_SOON = "too_soon"
    BUSY = "busy"
    ERROR = "error"


class Stage(StrEnum):
    """What a question waits for, in this order."""

    QUEUE = "queue"
    ENCODE = "encode"
    RANK = "rank"
    READ = "read"
    RENDER = "render"
    SEND = "send"


@dataclass(slots=True)
class Trace:
    """A question while it is answered.

    Attributes:
        request: Its id, which its member is told where something fails.
        surface: Where it was asked.
        judgement: What became of it; refused until something else is known.
        language: The language that it seems to be in, once that is known.
        stages: The seconds that each stage took, without those within it.
        seconds: How long all of it took, once it is over.
    """

    request: str
    surface: Surface
    judgement: Judgement = Judgement.REFUSED
    language: Language | None = None
    stages: defaultdict[Stage, float] = field(default_factory=lambda: defaultdict(float))
    seconds: float = 0.0


_current: ContextVar[Trace | None] = ContextVar("asked", default=None)


def request_id(snowflake: int) -> str:
    """The id of what came as the interaction or message with Discord's id `snowflake`."""
    return hashlib.blake2s(str(snowflake).encode(), digest_size=4).hexdigest()


@contextmanager
def asking(surface: Surface, snowflake: int) -> Iterator[Trace]:
    """A question, while it is answered; stages within are noted for it."""
    asked = Trace(request_id(snowflake), surface)
    token = _current.set(asked)
    started = time.perf_counter()
    try:
        yield asked
    except BaseException:
        if asked.judgement not in {Judgement.BUSY, Judgement.TOO_SOON}:
            asked.judgement = Judgement.ERROR
        raise
    finally:
        asked.seconds = time.perf_counter() - started
        _current.reset(token)


@contextmanager
def stage(name: Stage) -> Iterator[None]:
    """A stage of the question that is being answered, if one is."""
    asked = _current.get()
    if asked is None:
        yield
        return
    noted = sum(asked.stages.values())
    started = time.perf_counter()
    try:
        yield
    finally:
        within = sum(asked.stages.values()) - noted
        asked.stages[name] += time.perf_counter() - started - within


def current() -> Trace | None:
    """The question that is being answered, where one is."""
    return _current.get()
