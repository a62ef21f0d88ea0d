"""Running the bot on Discord until it is stopped."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

import aiohttp
import discord

from bot.answering.answers import Answerer
from bot.answering.startup import Say, open_index
from bot.client.attachments import limit_fetching
from bot.client.client import CoalitionBot
from bot.client.retrying import retry
from bot.client.sharded import ShardedBot, run_holding
from bot.client.shedding import Shedder
from bot.client.unreadable_events import skip_unreadable
from bot.cogs.composition import add_features
from bot.config import Config
from bot.config.sharding import ONE, Shards
from bot.config.token import Token, read_token
from bot.errors import ConfigError, GatewayError, RunningError
from bot.locales import Phrasebooks, Words
from bot.operations.place import in_use
from bot.operations.registering import refused
from bot.process.ending import end_within
from bot.process.memory import give_back_memory, spare_what_is_loaded
from bot.storage import open_storage
from bot.telemetry.logs import start_logging
from bot.telemetry.systemd import Systemd
from bot.telemetry.watch import Watch
from index import LanguageDetector
from knowledge import CoalitionBotError

log = logging.getLogger(__name__)

_PATIENCE = 8.0
"""Seconds for which answers that are being written are waited for when the bot stops."""
_LONGEST_END = 9.5
"""Seconds from the signal to the end, also where a thread is stuck; systemd and people wait 10."""
_MOST_BESIDES = 50
"""How much may be answered at once beside the questions that wait for a thread."""
_LONGEST_END_OF_START = 5.0
_AUTHENTICATION_FAILED = 4004
"""The gateway's word for a token that is worth nothing any more."""


@dataclass(frozen=True, slots=True)
class Retry:
    """How often, and after how many seconds, a connection is tried again."""

    attempts: int = 6
    first_pause: float = 1.0
    longest_pause: float = 30.0


def run_bot(config: Config, shards: Shards = ONE, path: Path | None = None) -> int:
    """Answer on Discord until SIGINT or SIGTERM; returns the exit status.

    Args:
        config: The configuration.
        shards: The shards of this process.
        path: Where the configuration was asked to be read from; None for the current folder.

    Raises:
        TokenError: The token is missing, or Discord refused it.
        GatewayError: Discord could not be reached, or refused the bot's intents.
        RunningError: The bot runs already.
        StorageError: The database cannot be used.
        HealthError: The port for health and metrics cannot be used.
    """
    token = read_token()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Until the connection has its own, so that stopping during the start is no failure.
        signal.signal(number, _exit_at_once)
    start_logging(config.logs.level, config.logs.form)
    # That voice is not supported concerns nobody here.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    answerer = open_answerer(config, log.info)
    log.info("%s", in_use(config, path, len(answerer.index.documents)))
    books = Phrasebooks.read()
    watch = Watch()
    spare_what_is_loaded()

    async def answering() -> None:
        async with open_storage(config.database_place) as storage:
            cluster = storage.cluster(token.fingerprint, shards)

            def make_bot() -> CoalitionBot:
                if shards == ONE:
                    watch.bot = CoalitionBot(
                        config, books, add_features, answerer, storage, watch=watch
                    )
                else:
                    watch.bot = ShardedBot(
                        config,
                        books,
                        add_features,
                        answerer,
                        storage,
                        watch=watch,
                        shards=shards,
                        cluster=cluster,
                    )
                return watch.bot

            async with watched(watch, _health_port(config, shards)):
                running = run_until_stopped(
                    make_bot, token, Retry(), lambda: end_within(_LONGEST_END)
                )
                await run_holding(cluster, running)

    with only_process(config, token, shards):
        asyncio.run(answering())
    return 0


def _health_port(config: Config, shards: Shards) -> int | None:
    """The port of this process; of those on one machine, no two have the same."""
    return None if config.health.port is None else config.health.port + shards.ids[0]


@asynccontextmanager
async def watched(watch: Watch, port: int | None) -> AsyncIterator[None]:
    """Tells systemd, and who asks at `port`, how the bot is.

    Args:
        watch: Watches the bot.
        port: A port of the loopback; None for none.

    Raises:
        HealthError: The port cannot be used.
    """
    async with AsyncExitStack() as stack:
        if port is not None:
            # It takes memory that a bot without it need not have.
            from bot.telemetry.health import serving_health
            from bot.telemetry.metrics import Metrics

            watch.counts = metrics = Metrics(watch)
            await stack.enter_async_context(serving_health(port, watch, metrics))
            log.info("Health and metrics are at http://127.0.0.1:%d.", port)
        await stack.enter_async_context(Systemd().told(watch.why_not_ready))
        yield


@contextmanager
def only_process(config: Config, token: Token, shards: Shards) -> Iterator[None]:
    """Holds the place of the one process that answers from a database file.

    Raises:
        RunningError: There is another.
        ConfigError: There would have to be others.
    """
    if not isinstance(config.database_place, Path):
        # Processes that share a server agree through it, on whatever machine they are.
        yield
        return
    if not shards.all_here:
        raise ConfigError(
            Words("error.shards_need_server", count=shards.count, here=len(shards.ids))
        )
    with only_copy(config.data_folder, token):
        yield


@contextmanager
def only_copy(folder: Path, token: Token) -> Iterator[None]:
    """Holds the place of the one process that runs with `token`: two would answer twice.

    Args:
        folder: The data folder, which exists.
        token: The token.

    Raises:
        RunningError: Another process of this data folder runs with it, or there are no locks.
    """
    with (folder / f"running-{token.fingerprint}.lock").open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise RunningError(
                Words(
                    "error.running_already", process=file.read() or Words("error.unknown_process")
                )
            ) from error
        except OSError as error:
            raise RunningError(
                f"Nothing can be locked in {folder} ({error.strerror or error}), so that a second "
                "copy of the bot would go unnoticed. Set `data_folder` to a folder on a disk of "
                "this machine."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def open_answerer(config: Config, say: Say) -> Answerer:
    """Open what answers, rebuilding the index first where that is needed.

    Raises:
        CoalitionBotError: As for `open_index`.
    """
    answerer = Answerer(open_index(config, say), LanguageDetector(), config.questions)
    give_back_memory()
    return answerer


def _exit_at_once(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    # A library may go on whatever is raised in it, or be at work where nothing is raised.
    end_within(_LONGEST_END_OF_START)
    sys.exit(0)


async def run_until_stopped(
    make_bot: Callable[[], CoalitionBot],
    token: Token,
    retry: Retry,
    stopping: Callable[[], None] | None = None,
) -> None:
    """Connect and stay connected until SIGINT or SIGTERM.

    Args:
        make_bot: Makes a bot; one that could not connect is not used again.
        token: Its token.
        retry: What to do while Discord cannot be reached.
        stopping: Called when the signal comes.

    Raises:
        TokenError: Discord refused the token.
        GatewayError: Discord could not be reached.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if stopping is not None and not stopped.is_set():
            stopping()
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
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
    raise GatewayError(Words("error.discord_given_up", attempts=retry.attempts))


async def _run_once(bot: CoalitionBot, token: Token, stopped: asyncio.Event) -> str | None:
    """Run until stopped; returns why no connection came about, if none did."""
    most = bot.config.discord.waiting + _MOST_BESIDES
    async with Shedder(bot.admission, most, bot.localiser.phrases, bot.watch) as shedder:
        retry(bot.http)
        limit_fetching(bot.http)
        shedder.guard(bot)
        skip_unreadable(bot)
        return await _run_guarded(bot, token, stopped)


async def _run_guarded(bot: CoalitionBot, token: Token, stopped: asyncio.Event) -> str | None:
    running = asyncio.create_task(bot.start(token.reveal()))
    stopping = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stopped.is_set():
            log.info("Stopping.")
            if unfinished := await bot.admission.close(_PATIENCE):
                log.warning("Stopped before %d answers were finished.", unfinished)
            return None
        await running
    except discord.LoginFailure as error:
        raise refused() from error
    except (discord.ConnectionClosed, discord.PrivilegedIntentsRequired) as error:
        raise _closed_for_good(error) from error
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


def _closed_for_good(error: discord.ClientException) -> CoalitionBotError:
    """What to say where Discord closed the connection and would take no other."""
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return GatewayError(Words("error.intent_refused"))
    code = error.code if isinstance(error, discord.ConnectionClosed) else None
    if code == _AUTHENTICATION_FAILED:
        return refused()
    return GatewayError(Words("error.connection_closed", code=code))


async def _happens_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
