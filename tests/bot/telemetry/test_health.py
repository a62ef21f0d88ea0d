"""Whether the bot lives and is ready, over HTTP and as systemd is told."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import aiohttp
import pytest

from bot.answering.answers import Answerer
from bot.client.client import CoalitionBot
from bot.cogs.composition import add_features
from bot.config import Config
from bot.config.token import Token
from bot.errors import HealthError
from bot.locales import Phrasebooks
from bot.operations.running import Retry, run_until_stopped, watched
from bot.telemetry.systemd import Systemd
from bot.telemetry.watch import Watch
from tests.bot.stand_in import StandIn, serving

TOKEN = "a-token-that-must-never-show"  # noqa: S105


@pytest.fixture
def port() -> int:
    """A port that is free."""
    with socket.socket() as holding:
        holding.bind(("127.0.0.1", 0))
        number: int = holding.getsockname()[1]
    return number


async def fetched(port: int, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as response,
    ):
        return response.status, await response.text()


async def test_the_bot_says_whether_it_lives_and_is_ready(answerer: Answerer, port: int) -> None:
    watch = Watch()

    def make_bot() -> CoalitionBot:
        bot = CoalitionBot(Config(), Phrasebooks.read(), add_features, answerer, watch=watch)
        watch.bot = bot
        return bot

    async with serving(StandIn(accepts=TOKEN)) as discord, watched(watch, port):
        assert (await fetched(port, "/health/live"))[0] == 200
        assert await fetched(port, "/health/ready") == (
            503,
            '{"ready": false, "reason": "starting"}',
        )
        running = asyncio.create_task(run_until_stopped(make_bot, Token(TOKEN), Retry()))
        await discord.connected()
        assert isinstance(watch.bot, CoalitionBot)
        await watch.bot.wait_until_ready()
        assert (await fetched(port, "/health/ready"))[0] == 200
        status, told = await fetched(port, "/metrics")
        assert status == 200
        assert "coalition_bot_gateway_connected 1.0" in told
        # Its requests are counted: who it is, and its application.
        assert 'coalition_bot_discord_requests_total{status="200"} 2.0' in told
        assert "process_resident_memory_bytes" in told
        await watch.bot.close()
        await running
        assert "stopping" in (await fetched(port, "/health/ready"))[1]


async def test_a_port_in_use_is_said(port: int) -> None:
    with socket.socket() as holding:
        holding.bind(("127.0.0.1", port))
        holding.listen()
        with pytest.raises(HealthError, match=rf"The port {port} cannot be used \(.*in use"):
            async with watched(Watch(), port):
                pass


async def test_systemd_is_told_of_readiness_and_life_and_of_the_end(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    reasons: list[str | None] = ["not connected to Discord", None]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(address)
        listening.settimeout(0)

        async def told() -> list[str]:
            async with asyncio.timeout(10):
                got = await asyncio.get_running_loop().sock_recv(listening, 4096)
            return got.decode().split("\n")

        systemd = Systemd({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "30000"})
        async with systemd.told(lambda: reasons.pop(0) if reasons else None):
            assert await told() == ["WATCHDOG=1", "STATUS=not connected to Discord"]
            assert await told() == ["READY=1"]
            assert await told() == ["WATCHDOG=1", "STATUS=connected"]
            assert await told() == ["WATCHDOG=1", "STATUS=connected"]
        last = await told()
        while last != ["STOPPING=1"]:
            last = await told()


async def test_without_systemd_nothing_is_told() -> None:
    systemd = Systemd({})
    systemd.notify(READY=1)
    async with systemd.told(lambda: None):
        assert len(asyncio.all_tasks()) == 1
