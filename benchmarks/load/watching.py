"""What is watched of the bot while it carries load."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Self

from tests.discord_server import BotProcess, DiscordServer

_EACH = 1.0


@dataclass
class Watched:
    """What was seen in a phase.

    Attributes:
        lags: Seconds from a heartbeat that Discord asks for to the heartbeat: how late the
            bot's event loop is, and how much stands before it on the connection.
        memory: Resident memory in MB.
        files: Open file handles.
    """

    lags: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)


class Watch:
    """Watches while it is entered."""

    def __init__(self, discord: DiscordServer, bot: BotProcess) -> None:
        self.seen = Watched()
        self._discord = discord
        self._bot = bot
        self._watching: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    async def _watch(self) -> None:
        gateway = self._discord.gateway
        while True:
            self.seen.memory.append(self._bot.status("VmRSS") / 1000)
            self.seen.files.append(self._bot.open_files)
            had, began = len(gateway.heartbeats), time.monotonic()
            await gateway.ask_for_heartbeat()
            await gateway.until(lambda before=had: len(gateway.heartbeats) > before, 60)  # type: ignore[misc]
            lag = time.monotonic() - began
            self.seen.lags.append(lag)
            await asyncio.sleep(max(_EACH - lag, 0))
