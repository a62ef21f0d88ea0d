"""Running the bot on Discord until it is stopped, and registering its commands."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

import aiohttp
import discord
from dotenv import dotenv_values

from bot.answers import Answerer
from bot.client import CoalitionBot
from bot.config import Config
from bot.errors import GatewayError, TokenError
from bot.locale import Phrasebooks
from bot.startup import Say, open_index
from index import LanguageDetector

log = logging.getLogger(__name__)

TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105 - the name of the variable, not the token


@dataclass(frozen=True, slots=True)
class Retry:
    """How often, and after how many seconds, a connection is tried again."""

    attempts: int = 6
    first_pause: float = 1.0
    longest_pause: float = 30.0


class Token:
    """The bot's token, kept out of every message, log and repr."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Token(…)"

    def reveal(self) -> str:
        """The token itself, for discord.py alone."""
        return self._value


def read_token() -> Token:
    """The token from the environment, or from a `.env` file in the current folder.

    Raises:
        TokenError: There is none.
    """
    value = os.environ.get(TOKEN_VARIABLE) or dotenv_values(".env").get(TOKEN_VARIABLE) or ""
    if not value.strip():
        raise TokenError(
            f"There is no token. Put it into the environment variable {TOKEN_VARIABLE}, or "
            f"into a file named .env as a line {TOKEN_VARIABLE}=…; Discord's developer portal "
            "gives it on the page “Bot” of your application."
        )
    return Token(value.strip())


def run_bot(config: Config, say: Say) -> int:
    """Answer on Discord until SIGINT or SIGTERM; returns the exit status.

    Raises:
        TokenError: The token is missing, or Discord refused it.
        GatewayError: Discord could not be reached.
    """
    token = read_token()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Until the connection has its own, so that stopping during the start is no failure.
        signal.signal(number, _exit_at_once)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    # That voice is not supported concerns nobody here.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    answerer = Answerer(open_index(config, say), LanguageDetector(), config.questions)
    books = Phrasebooks.read()

    def make_bot() -> CoalitionBot:
        return CoalitionBot(config, books, answerer)

    asyncio.run(run_until_stopped(make_bot, token, Retry()))
    return 0


def _exit_at_once(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    sys.exit(0)


def sync_commands(config: Config, guild: int | None) -> int:
    """Register the commands with Discord; returns how many there are.

    Args:
        config: The configuration.
        guild: The server to register them for; None for all.

    Raises:
        TokenError, GatewayError: As for `run_bot`, or the server is not the bot's.
    """
    token = read_token()
    books = Phrasebooks.read()
    return asyncio.run(register_commands(CoalitionBot(config, books), token, guild))


async def run_until_stopped(
    make_bot: Callable[[], CoalitionBot], token: Token, retry: Retry
) -> None:
    """Connect and stay connected until SIGINT or SIGTERM.

    Args:
        make_bot: Makes a bot; one that could not connect is not used again.
        token: Its token.
        retry: What to do while Discord cannot be reached.

    Raises:
        TokenError: Discord refused the token.
        GatewayError: Discord could not be reached.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    pause = retry.first_pause
    for attempt in range(1, retry.attempts + 1):
        error = await _run_once(make_bot(), token, stopped)
        if error is None:
            return
        if attempt < retry.attempts:
            log.warning("Discord cannot be reached (%s); again in %.0f s.", error, pause)
            if await _happens_within(stopped, pause):
                return
            pause = min(2 * pause, retry.longest_pause)
    raise GatewayError(
        f"Discord could not be reached in {retry.attempts} attempts. Check the network "
        "connection and https://discordstatus.com, then start again."
    )


async def _run_once(bot: CoalitionBot, token: Token, stopped: asyncio.Event) -> str | None:
    """Run until stopped; returns why no connection came about, if none did."""
    running = asyncio.create_task(bot.start(token.reveal()))
    stopping = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stopped.is_set():
            log.info("Stopping.")
            return None
        await running
    except discord.LoginFailure as error:
        raise _refused() from error
    except (OSError, aiohttp.ClientError, TimeoutError, discord.GatewayNotFound) as error:
        return type(error).__name__
    except discord.HTTPException as error:
        return f"HTTP {error.status}"
    except AttributeError:
        # discord.py fails so when its very first connection to the gateway is refused.
        if bot.is_ready():
            raise
        return "the gateway refused the connection"
    finally:
        stopping.cancel()
        await bot.close()
        await asyncio.gather(running, stopping, return_exceptions=True)
    return None


async def _happens_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def register_commands(bot: CoalitionBot, token: Token, guild: int | None) -> int:
    """Register the bot's commands with Discord; as `sync_commands`, with the bot given."""
    async with bot:
        try:
            await bot.login(token.reveal())
            if guild is None:
                return len(await bot.tree.sync())
            server = discord.Object(guild)
            bot.tree.copy_global_to(guild=server)
            return len(await bot.tree.sync(guild=server))
        except discord.LoginFailure as error:
            raise _refused() from error
        except discord.Forbidden as error:
            raise GatewayError(
                f"Discord does not let the bot register commands in the server {guild}. Check the "
                "ID, and invite the bot with the scope applications.commands."
            ) from error
        except (OSError, aiohttp.ClientError, TimeoutError, discord.HTTPException) as error:
            raise GatewayError(
                f"Discord cannot be reached ({type(error).__name__}). Check the network "
                "connection and https://discordstatus.com, then try again."
            ) from error


def _refused() -> TokenError:
    return TokenError(
        f"Discord refused the token. Copy it again from the page “Bot” of your application into "
        f"{TOKEN_VARIABLE}; an application ID or a client secret is no token."
    )
