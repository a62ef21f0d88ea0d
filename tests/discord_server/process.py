"""The bot in a process of its own."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path
from typing import Self

from tests.discord_server.server import SECRET, DiscordServer

ROOT = Path(__file__).parents[2]
LAUNCHER = "tests.discord_server.launch"
_TASKS = re.compile(r"^tasks: (\d+)$")


class BotProcess:
    """The bot, while it is entered; killed where it still runs at the end.

    Attributes:
        lines: What it printed and logged so far.
    """

    def __init__(
        self,
        server: DiscordServer,
        config: Path,
        *arguments: str,
        launcher: str = LAUNCHER,
        environment: dict[str, str] | None = None,
    ) -> None:
        """Prepare it.

        Args:
            server: The Discord that it connects to.
            config: Its configuration.
            arguments: The command and what follows it; `run` where nothing is given.
            launcher: The module that starts it.
            environment: More variables.
        """
        self.lines: list[str] = []
        self._server = server
        command = arguments or ("run",)
        self._command = ("-m", launcher, server.address, *command, "--config", str(config))
        self._environment = {
            **os.environ,
            "DISCORD_TOKEN": SECRET,
            "PYTHONPATH": str(ROOT),
            **(environment or {}),
        }
        self._folder = config.parent
        self._printed = asyncio.Condition()
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.running.returncode is None:
            self.running.kill()
        await self.exited()

    async def start(self) -> None:
        """Start it."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *self._command,
            cwd=self._folder,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reading = asyncio.create_task(self._read(self._process))

    @property
    def running(self) -> asyncio.subprocess.Process:
        """The process."""
        assert self._process is not None, "not started"
        return self._process

    @property
    def log(self) -> str:
        """Everything that it printed and logged so far."""
        return "\n".join(self.lines)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.running.send_signal(number)

    async def logged(self, pattern: str, within: float = 20.0, times: int = 1) -> None:
        """Wait until so many lines that match were printed."""

        def enough() -> bool:
            return sum(bool(re.search(pattern, line)) for line in self.lines) >= times

        try:
            async with asyncio.timeout(within), self._printed:
                await self._printed.wait_for(enough)
        except TimeoutError:
            raise AssertionError(f"no line matches {pattern!r}:\n{self.log}") from None

    async def exited(self, within: float = 20.0) -> int:
        """Wait for its end; gives its exit status."""
        try:
            async with asyncio.timeout(within):
                status = await self.running.wait()
        except TimeoutError:
            raise AssertionError(f"still running after {within} s:\n{self.log}") from None
        if self._reading is not None:
            await self._reading
        return status

    def status(self, field: str) -> float:
        """A number of /proc/PID/status, such as `VmRSS` (kB) or `Threads`."""
        text = Path(f"/proc/{self.running.pid}/status").read_text("utf-8")
        return next(
            float(line.split()[1]) for line in text.splitlines() if line.startswith(f"{field}:")
        )

    @property
    def open_files(self) -> int:
        """How many file handles it has."""
        return len(list(Path(f"/proc/{self.running.pid}/fd").iterdir()))

    async def tasks(self) -> int:
        """How many asyncio tasks it has, where `launch_counted` started it."""
        before = sum(bool(_TASKS.match(line)) for line in self.lines)
        self.send(signal.SIGUSR1)
        await self.logged(_TASKS.pattern, times=before + 1)
        return next(int(found[1]) for line in reversed(self.lines) if (found := _TASKS.match(line)))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.lines.append(line.decode(errors="replace").rstrip("\n"))
            async with self._printed:
                self._printed.notify_all()
        async with self._printed:
            self._printed.notify_all()
