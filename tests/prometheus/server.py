"""Prometheus in a process of its own."""

from __future__ import annotations

import asyncio
import shutil
import socket
from pathlib import Path
from typing import Any, Self

import aiohttp
import yaml

from tests.prometheus.drawn import ALERTS

PROMETHEUS = shutil.which("prometheus") or ""
PROMTOOL = shutil.which("promtool") or ""
_PATIENCE = 60.0


class QueryError(AssertionError):
    """Prometheus does not take an expression."""


class Prometheus:
    """Scrapes the bot every second, while it is entered."""

    def __init__(self, folder: Path, target: int) -> None:
        """Prepare it.

        Args:
            folder: Where it may write.
            target: The port at which the bot tells its metrics.
        """
        self._folder = folder
        self._target = target
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        settings = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(ALERTS)],
            "scrape_configs": [
                {
                    "job_name": "coalition-bot",
                    "static_configs": [{"targets": [f"127.0.0.1:{self._target}"]}],
                }
            ],
        }
        self._folder.mkdir()
        (self._folder / "prometheus.yaml").write_text(yaml.safe_dump(settings))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self._address = f"http://127.0.0.1:{port}"
        self._process = await asyncio.create_subprocess_exec(
            PROMETHEUS,
            f"--config.file={self._folder / 'prometheus.yaml'}",
            f"--storage.tsdb.path={self._folder / 'series'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--log.level=error",
        )
        self._session = aiohttp.ClientSession()
        async with asyncio.timeout(_PATIENCE):
            while not await self._is_ready():  # noqa: ASYNC110 - it tells nobody when
                await asyncio.sleep(0.1)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        assert self._process is not None
        self._process.terminate()
        await self._process.wait()

    async def query(self, expression: str) -> list[dict[str, Any]]:
        """The series of an expression now, each with `metric` and `value`.

        Raises:
            QueryError: It does not take the expression.
        """
        return await self._ask("query", query=expression)

    async def curves(self, expression: str, start: float, end: float) -> list[dict[str, Any]]:
        """The series of an expression between two times, each with `metric` and `values`.

        Raises:
            QueryError: It does not take the expression.
        """
        times = {"start": str(start), "end": str(end), "step": "1"}
        return await self._ask("query_range", query=expression, **times)

    async def scraped(self, times: int = 1) -> None:
        """Wait until the bot was scraped so many times more."""
        expression = f'count_over_time(up{{job="coalition-bot"}}[{int(_PATIENCE) * 10}s])'
        wanted = await self._number(expression) + times
        async with asyncio.timeout(_PATIENCE):
            while await self._number(expression) < wanted:  # noqa: ASYNC110
                await asyncio.sleep(0.2)

    async def _number(self, expression: str) -> float:
        found = await self.query(expression)
        return float(found[0]["value"][1]) if found else 0.0

    async def _is_ready(self) -> bool:
        try:
            async with self._session.get(f"{self._address}/-/ready") as got:
                return got.status == 200
        except aiohttp.ClientConnectionError:
            return False

    async def _ask(self, what: str, **asked: str) -> list[dict[str, Any]]:
        async with self._session.post(f"{self._address}/api/v1/{what}", data=asked) as got:
            said = await got.json()
        if said["status"] != "success":
            raise QueryError(f"{asked['query']}: {said['error']}")
        result: list[dict[str, Any]] = said["data"]["result"]
        return result
