"""The stand-in's own time, which need not be the bot's, and the ids that it makes of it."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime

_EPOCH = 1_420_070_400_000


class Clock:
    """Discord's clock.

    Attributes:
        ahead: Seconds by which it is ahead of the clock of the machine; a jump of the
            machine's clock looks so to the bot.
    """

    def __init__(self) -> None:
        self.ahead = 0.0
        self._number = itertools.count()

    def now(self) -> datetime:
        """The time that Discord has."""
        return datetime.fromtimestamp(time.time() + self.ahead, UTC)

    def snowflake(self) -> str:
        """A new id, which says when it was made."""
        milliseconds = int((time.time() + self.ahead) * 1000) - _EPOCH
        return str((milliseconds << 22) | (next(self._number) & 0x3FFFFF))
