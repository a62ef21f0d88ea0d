"""Telling systemd that the bot is ready, and that it still lives (sd_notify(3)).

The protocol is a datagram; the packages that wrap it are unkept or need a compiler.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

_PER_WATCHDOG = 3
"""Signs of life within the time after which systemd would kill the bot."""
_WITHOUT_WATCHDOG = 10.0


class Systemd:
    """The manager that started this process, if it is systemd and wants to be told."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        microseconds = environment.get("WATCHDOG_USEC", "")
        self._watchdog = int(microseconds) / 1e6 if microseconds.isdigit() else None

    def notify(self, **state: str | int) -> None:
        """Tell it of a state, such as READY=1."""
        if not self._address:
            return
        message = "\n".join(f"{name}={value}" for name, value in state.items())
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender,
        ):
            sender.sendto(message.encode(), self._address)

    @asynccontextmanager
    async def told(self, why_not_ready: Callable[[], str | None]) -> AsyncIterator[None]:
        """Tell it of readiness and of life meanwhile, from the event loop that answers.

        Args:
            why_not_ready: Why the bot does not answer at the moment, or None.
        """
        telling = asyncio.create_task(self._tell(why_not_ready)) if self._address else None
        try:
            yield
        finally:
            self.notify(STOPPING=1)
            if telling is not None:
                telling.cancel()
                await asyncio.gather(telling, return_exceptions=True)

    async def _tell(self, why_not_ready: Callable[[], str | None]) -> None:
        pause = _WITHOUT_WATCHDOG if self._watchdog is None else self._watchdog / _PER_WATCHDOG
        ready = False
        while True:
            reason = why_not_ready()
            if reason is None and not ready:
                ready = True
                self.notify(READY=1)
            self.notify(WATCHDOG=1, STATUS=reason or "connected")
            # Until it is ready, that must not be told late.
            await asyncio.sleep(pause if ready else min(pause, 0.2))
