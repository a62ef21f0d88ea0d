"""Connecting, refusing and stopping, over real sockets."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from discord.gateway import DiscordWebSocket
from yarl import URL

from bot.answering.answers import Answerer
from bot.client.client import CoalitionBot
from bot.cogs.composition import add_features
from bot.config import Config
from bot.config.token import Token
from bot.errors import GatewayError, RunningError, TokenError
from bot.locales import Phrasebooks
from bot.operations.registering import register_commands, unregister_commands
from bot.operations.running import Retry, only_copy, run_until_stopped
from tests.bot.stand_in import StandIn, pointed_at, serving

TOKEN = "a-token-that-must-never-show"  # noqa: S105
QUICK = Retry(attempts=3, first_pause=0.01, longest_pause=0.02)


def bot(answerer: Answerer | None = None) -> CoalitionBot:
    return CoalitionBot(Config(), Phrasebooks.read(), add_features, answerer)


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


async def test_an_intent_that_is_off_is_said() -> None:
    async with serving(StandIn(accepts=TOKEN, refuses=4014)):
        with pytest.raises(GatewayError, match="Turn it on in the developer portal"):
            await run_until_stopped(bot, Token(TOKEN), QUICK)


def test_a_second_copy_is_refused_and_names_the_first(tmp_path: Path) -> None:
    with only_copy(tmp_path, Token(TOKEN)):
        with (
            pytest.raises(RunningError, match=rf"runs already .* \(process {os.getpid()}\)"),
            only_copy(tmp_path, Token(TOKEN)),
        ):
            pass
        with only_copy(tmp_path, Token("another")):
            pass
    with only_copy(tmp_path, Token(TOKEN)):
        pass
    assert TOKEN not in "".join(path.name for path in tmp_path.iterdir())


@pytest.mark.parametrize(("guild", "path"), [(None, "/commands"), (7, "/guilds/7/commands")])
async def test_commands_are_registered_where_asked(guild: int | None, path: str) -> None:
    async with serving(StandIn(accepts=TOKEN)) as discord:
        discord.known[f"/applications/1{path}"] = []
        done = await register_commands(bot(), Token(TOKEN), guild)
    ((registered_at, commands),) = discord.registered.items()
    assert registered_at.endswith(path)
    assert done.changed
    assert done.count == len(commands)
    assert "ask" in {command["name"] for command in commands}


@pytest.mark.parametrize(("guild", "path"), [(None, "/commands"), (7, "/guilds/7/commands")])
async def test_commands_that_discord_has_are_not_registered_again(
    guild: int | None, path: str
) -> None:
    async with serving(StandIn(accepts=TOKEN)) as discord:
        known = f"/applications/1{path}"
        discord.known[known] = []
        await register_commands(bot(), Token(TOKEN), guild)
        discord.registered.clear()
        discord.known[known] = [as_discord_keeps(each) for each in discord.known[known]]
        done = await register_commands(bot(), Token(TOKEN), guild)
        assert not done.changed
        assert done.count == len(discord.known[known])
        assert not discord.registered
        # A word of a translation is a change like any other.
        discord.known[known][0]["description_localizations"]["fr"] = "Autrement."
        assert (await register_commands(bot(), Token(TOKEN), guild)).changed


@pytest.mark.parametrize(("guild", "path"), [(None, "/commands"), (7, "/guilds/7/commands")])
async def test_commands_are_taken_back_where_asked(guild: int | None, path: str) -> None:
    async with serving(StandIn(accepts=TOKEN)) as discord:
        both = [f"/applications/1{each}" for each in ("/commands", "/guilds/7/commands")]
        for each in both:
            discord.known[each] = []
        for server in (None, 7):
            await register_commands(bot(), Token(TOKEN), server)
        count = await unregister_commands(bot(), Token(TOKEN), guild)
        assert count > 0
        assert await unregister_commands(bot(), Token(TOKEN), guild) == 0
        left = {each for each in both if discord.known[each]}
        assert left == set(both) - {f"/applications/1{path}"}


def as_discord_keeps(command: dict[str, Any]) -> dict[str, Any]:
    """A command with the defaults that Discord adds, and in its order."""
    kept = {
        key: each for key, each in command.items() if each is not False and each not in ([], {})
    }
    kept["guild_id"] = None
    for key in ("contexts", "integration_types"):
        if key in kept:
            kept[key] = list(reversed(kept[key]))
    if kept.get("options"):
        kept["options"] = [as_discord_keeps(each) for each in kept["options"]]
    return kept


async def test_a_server_that_is_not_the_bots_is_said() -> None:
    async with serving(StandIn(accepts=TOKEN, known={"/applications/1/guilds/7/commands": 403})):
        with pytest.raises(GatewayError, match=r"register commands in the server 7. Check the ID"):
            await register_commands(bot(), Token(TOKEN), 7)


async def test_running_registers_nothing() -> None:
    async with serving(StandIn(accepts=TOKEN)) as discord:
        running = asyncio.create_task(run_until_stopped(bot, Token(TOKEN), QUICK))
        await discord.connected()
        os.kill(os.getpid(), signal.SIGTERM)
        await running
    assert not discord.registered
