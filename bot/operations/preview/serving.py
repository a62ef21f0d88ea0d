"""Serving the page until it is stopped."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web

from bot.answering.answers import Answerer
from bot.answering.startup import Say
from bot.config import Config
from bot.errors import PreviewError
from bot.locales import Phrasebooks, Words
from bot.operations.preview.app import preview_app
from bot.operations.preview.previewer import Previewer
from bot.operations.preview.server import reading_server
from bot.process.worker import Worker

LOOPBACK = "127.0.0.1"
_PATIENCE = 1.0
"""Seconds for which requests that are being answered are waited for at the end."""


@asynccontextmanager
async def serving_preview(
    config: Config, answerer: Answerer, port: int, guild: int | None = None
) -> AsyncIterator[str]:
    """Serve the page on the loopback meanwhile.

    Args:
        config: How many questions are answered at the same time.
        answerer: Answers them.
        port: The port; 0 takes a free one.
        guild: The server to answer as in; None for one that has nothing of its own.

    Yields:
        The address.

    Raises:
        PreviewError: The port cannot be used, or nothing is kept of the server.
        StorageError: The database cannot be read.
        IndexingError: The server's documents cannot be made searchable.
    """
    books = Phrasebooks.read()
    async with AsyncExitStack() as stack:
        worker = Worker(config.discord.threads, config.discord.waiting)
        stack.callback(worker.close)
        server = None
        if guild is not None:
            reading = reading_server(config, answerer, worker, guild)
            server = await stack.enter_async_context(reading)
        app = preview_app(Previewer(answerer, books, worker, server), books)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_PATIENCE)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        try:
            await web.TCPSite(runner, LOOPBACK, port).start()
        except OSError as error:
            # asyncio wraps the system's own words in others.
            why = os.strerror(error.errno) if error.errno else str(error)
            raise PreviewError(Words("error.preview_port", port=port, reason=why)) from error
        yield f"http://{LOOPBACK}:{runner.addresses[0][1]}/"


async def serve_preview(
    config: Config, answerer: Answerer, port: int, say: Say, guild: int | None = None
) -> None:
    """Serve the page until SIGINT or SIGTERM.

    Args:
        config: As for `serving_preview`.
        answerer: As for `serving_preview`.
        port: As for `serving_preview`.
        say: Told where the page is.
        guild: As for `serving_preview`.

    Raises:
        PreviewError, StorageError, IndexingError: As for `serving_preview`.
    """
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with serving_preview(config, answerer, port, guild) as address:
        say(Words("place.open", address=address))
        await stopped.wait()
