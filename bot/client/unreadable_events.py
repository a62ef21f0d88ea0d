"""Events that cannot be read: discord.py would end its connection, and the process with it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from discord.ext import commands

log = logging.getLogger(__name__)

_NEEDED = {"READY", "RESUMED"}
"""Without these there is no connection to keep."""


def skip_unreadable(bot: commands.Bot) -> None:
    """Have a bot go on where Discord sends an event that discord.py cannot read."""
    parsers: dict[str, Callable[[Any], None]] = bot._connection.parsers  # noqa: SLF001
    for name, parse in parsers.items():
        if name not in _NEEDED:
            parsers[name] = _skipping(name, parse)


def _skipping(name: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def skip(data: Any) -> None:  # noqa: ANN401 - any JSON
        try:
            parse(data)
        except Exception as error:
            # Its text may have members' words in it.
            log.warning("An event %s could not be read (%s).", name, type(error).__name__)
            log.debug("It was:", exc_info=error)

    return skip
