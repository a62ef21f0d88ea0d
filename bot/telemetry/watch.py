"""What a bot tells of itself while it runs, and who is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import aiohttp

from bot.storage import Surface
from bot.telemetry.logs import log_question
from bot.telemetry.tracing import Judgement, Trace, asking, current
from bot.telemetry.watched import Watched


class Counts(Protocol):
    """Counts what happens."""

    def count_question(self, asked: Trace) -> None:
        """Count a question that is over."""

    def count_error(self, error: BaseException) -> None:
        """Count an error that nobody expected."""

    def count_disconnect(self) -> None:
        """Count that the gateway was lost."""

    def count_refusal(self) -> None:
        """Count something that was refused before it was looked at."""

    def trace(self) -> aiohttp.TraceConfig:
        """Counts the requests of a client that is given it."""


class Watch:
    """Watches the bots of a process, one after the other: the log always, counts where wanted.

    Attributes:
        bot: The bot that runs; None before the first.
        counts: Where counts go, where they are wanted.
    """

    def __init__(self) -> None:
        self.bot: Watched | None = None
        self.counts: Counts | None = None

    @contextmanager
    def asking(self, surface: Surface, snowflake: int) -> Iterator[None]:
        """A question, while it is answered; `snowflake` is its interaction's or message's id."""
        asked: Trace | None = None
        try:
            with asking(surface, snowflake) as asked:
                yield
        finally:
            if asked is not None:
                log_question(asked)
                if self.counts is not None:
                    self.counts.count_question(asked)

    def failed(self, error: BaseException) -> None:
        """Note an error that nobody expected."""
        if (asked := current()) is not None:
            asked.judgement = Judgement.ERROR
        if self.counts is not None:
            self.counts.count_error(error)

    def disconnected(self) -> None:
        """Note that the gateway was lost."""
        if self.counts is not None:
            self.counts.count_disconnect()

    def refused(self) -> None:
        """Note something that was refused before it was looked at."""
        if self.counts is not None:
            self.counts.count_refusal()

    def trace(self) -> aiohttp.TraceConfig:
        """What a client's requests are traced with: they are counted, where counts are wanted."""
        return aiohttp.TraceConfig() if self.counts is None else self.counts.trace()

    def why_not_ready(self) -> str | None:
        """Why no question is answered at the moment, or None where they are."""
        if self.bot is None:
            return "starting"
        if self.bot.is_closed():
            return "stopping"
        return None if self.bot.is_ready() else "not connected to Discord"
