"""A fresh clone, and what runs in it."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import subprocess
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

from tests.conftest import ROOT
from tests.discord_server import DiscordServer, Person

# Found by Python at its start; the bot of the clone is as it is, but for Discord's addresses.
_POINTING = """
import importlib.util, os, runpy
address = os.environ.get("DISCORD_STAND_IN")
if address and importlib.util.find_spec("discord"):
    target = os.path.join(os.path.dirname(__file__), "target.py")
    runpy.run_path(target)["point_at"](address)
"""
_PATIENCE = 900.0


class Started:
    """A command that goes on, and what it said so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said = ""

    async def saying(self, words: str) -> str:
        """Wait for a line with such words in it; gives the line."""
        assert self.process.stdout is not None
        async with asyncio.timeout(60):
            while line := (await self.process.stdout.readline()).decode():
                self.said += line
                if words in line:
                    return line
        raise AssertionError(f"it ended without saying {words!r}:\n{self.said}")

    async def stop(self) -> None:
        """End it as Ctrl-C does; it must end well."""
        os.killpg(self.process.pid, signal.SIGINT)
        rest, _ = await asyncio.wait_for(self.process.communicate(), 30)
        self.said += rest.decode()
        assert self.process.returncode == 0, self.said
        assert "Traceback" not in self.said


class Walk:
    """A clone in which commands are run against a stand-in for Discord.

    Attributes:
        folder: The clone.
        discord: The stand-in, with one server.
        ann: A member of the server.
        ran: Every command that was run, as it was run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "coalition-bot"
        self.pointing = folder / "pointing"
        self.ran: list[str] = []
        self.started: dict[str, Started] = {}
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(
            subprocess.run,
            ["git", "clone", "--quiet", str(ROOT), str(self.folder)],
            check=True,
        )
        self.pointing.mkdir()
        (self.pointing / "sitecustomize.py").write_text(_POINTING)
        target = ROOT / "tests" / "discord_server" / "target.py"
        (self.pointing / target.name).write_text(target.read_text("utf-8"))
        # Its rules are checked by scenarios; here it only has to be there.
        self.discord = await self._open.enter_async_context(DiscordServer(checked=False))
        self.guild = self.discord.guild()
        self.ann: Person = self.discord.person("ann", self.guild)
        return self

    async def __aexit__(self, *_: object) -> None:
        for started in self.started.values():
            if started.process.returncode is None:
                os.killpg(started.process.pid, signal.SIGKILL)
                await started.process.wait()
        await self._open.aclose()

    @property
    def environment(self) -> dict[str, str]:
        """As somebody has it who has opened a terminal and entered `.venv`."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "PYTHON", "DISCORD", "VIRTUAL_ENV", "COVERAGE"))
        }
        return kept | {
            "PATH": f"{self.folder}/.venv/bin:{os.environ['PATH']}",
            "PYTHONPATH": str(self.pointing),
            "DISCORD_STAND_IN": self.discord.address,
        }

    async def run(
        self, command: str, typed: str = "", status: int = 0, *, with_discord: bool = True
    ) -> str:
        """Run a command to its end; gives what it said.

        Args:
            command: As a shell takes it.
            typed: What is typed into it.
            status: With what it must end.
            with_discord: Whether Discord's addresses are the stand-in's.
        """
        self.ran.append(command)
        environment = self.environment
        if not with_discord:
            del environment["DISCORD_STAND_IN"]
        process = await asyncio.create_subprocess_exec(
            "bash", "-c", command, cwd=self.folder, env=environment,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await asyncio.wait_for(process.communicate(typed.encode()), _PATIENCE)
        assert process.returncode == status, f"{command}\n{said.decode()}"
        assert b"Traceback" not in said, said.decode()
        return said.decode()

    async def start(self, command: str) -> Started:
        """Start a command that goes on until it is stopped."""
        self.ran.append(command)
        process = await asyncio.create_subprocess_exec(
            *shlex.split(command), cwd=self.folder, env=self.environment,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self.started[command] = Started(process)
        return self.started[command]
