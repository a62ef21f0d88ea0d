"""Whether the bot lives and is ready, and its metrics, over HTTP on the loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import HealthError
from bot.locales import Words
from bot.telemetry.metrics import Metrics
from bot.telemetry.watch import Watch

LOOPBACK = "127.0.0.1"


@asynccontextmanager
async def serving_health(port: int, watch: Watch, metrics: Metrics) -> AsyncIterator[int]:
    """Serve `/health/live`, `/health/ready` and `/metrics` on the loopback meanwhile.

    Args:
        port: The port; 0 takes a free one.
        watch: Knows whether the bot is ready.
        metrics: What is told at `/metrics`.

    Yields:
        The port.

    Raises:
        HealthError: The port cannot be used.
    """

    async def live(request: web.Request) -> web.Response:
        del request
        return web.json_response({"live": True})

    async def ready(request: web.Request) -> web.Response:
        del request
        reason = watch.why_not_ready()
        return web.json_response(
            {"ready": reason is None, "reason": reason}, status=200 if reason is None else 503
        )

    async def tell(request: web.Request) -> web.Response:
        del request
        return web.Response(
            body=metrics.exposition(),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )

    app = web.Application()
    app.router.add_get("/health/live", live)
    app.router.add_get("/health/ready", ready)
    app.router.add_get("/metrics", tell)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, LOOPBACK, port).start()
        except (OSError, OverflowError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or error
            raise HealthError(Words("error.health_port", port=port, reason=reason)) from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
