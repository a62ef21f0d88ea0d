"""Connecting, refusing and stopping, over real sockets."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from discord.gateway import DiscordWebSocket
from yarl import URL

from bot.answers import Answerer
from bot.client import CoalitionBot
from bot.config import Config
from bot.errors import GatewayError, TokenError
from bot.locale import Phrasebooks
from bot.running import Retry, Token, read_token, register_commands, run_until_stopped
from tests.bot.stand_in import StandIn, pointed_at, serving

TOKEN = "a-token-that-must-never-show"  # noqa: S105
QUICK = Retry(attempts=3, first_pause=0.01, longest_pause=0.02)


def bot(answerer: Answerer | None = None) -> CoalitionBot:
    return CoalitionBot(Config(), Phrasebooks.read(), answerer)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_closes_the_connection(
    number: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with serving(StandIn(accepts=TOKEN)) as discord:
        running = asyncio.create_task(run_until_stopped(bot, Token(TOKEN), QUICK))
        await discord.connected()
        os.kill(os.getpid(), number)
        async with asyncio.timeout(10):
            await running
    assert len(discord.identified) == 1
    assert TOKEN not in caplog.text


async def test_a_refused_token_is_one_clear_error(caplog: pytest.LogCaptureFixture) -> None:
    async with serving(StandIn(accepts="another")):
        with pytest.raises(TokenError, match="Discord refused the token") as refused:
            await run_until_stopped(bot, Token(TOKEN), QUICK)
    assert TOKEN not in f"{refused.value}{caplog.text}"


async def test_discord_out_of_reach_is_tried_again_and_then_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pointed_at("http://127.0.0.1:9"), pytest.raises(GatewayError, match="in 3 attempts"):
        await run_until_stopped(bot, Token(TOKEN), QUICK)
    assert caplog.text.count("Discord cannot be reached") == 2


async def test_a_gateway_that_refuses_is_tried_again_and_then_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(StandIn(accepts=TOKEN)):
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL("ws://127.0.0.1:9"))
        with pytest.raises(GatewayError, match="in 3 attempts"):
            await run_until_stopped(bot, Token(TOKEN), QUICK)


@pytest.mark.parametrize(("guild", "path"), [(None, "/commands"), (7, "/guilds/7/commands")])
async def test_commands_are_registered_where_asked(guild: int | None, path: str) -> None:
    async with serving(StandIn(accepts=TOKEN)) as discord:
        count = await register_commands(bot(), Token(TOKEN), guild)
    ((registered_at, commands),) = discord.registered.items()
    assert registered_at.endswith(path)
    assert count == len(commands)
    assert "ask" in {command["name"] for command in commands}


async def test_running_registers_nothing() -> None:
    async with serving(StandIn(accepts=TOKEN)) as discord:
        running = asyncio.create_task(run_until_stopped(bot, Token(TOKEN), QUICK))
        await discord.connected()
        os.kill(os.getpid(), signal.SIGTERM)
        await running
    assert not discord.registered


def test_a_token_hides_itself() -> None:
    token = Token(TOKEN)
    assert TOKEN not in f"{token!r} {token} {[token]}"
    assert token.reveal() == TOKEN


def test_the_token_comes_from_the_environment_or_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    with pytest.raises(TokenError, match="There is no token"):
        read_token()
    (tmp_path / ".env").write_text(f"DISCORD_TOKEN={TOKEN}\n")
    assert read_token().reveal() == TOKEN
    monkeypatch.setenv("DISCORD_TOKEN", " from-the-environment\n")
    assert read_token().reveal() == "from-the-environment"
