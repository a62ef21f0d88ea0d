"""Sending again what a broken connection may have swallowed, where twice does no harm.

discord.py sends again after most failures that Discord answers, but not after a connection
that broke: a member would wait for ever. Everything that the bot sends goes through here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

log = logging.getLogger(__name__)

_PAUSE = 0.25
"""Seconds before something is sent again: an interaction has to be answered within 3."""
_BROKEN = (aiohttp.ClientError, OSError)
_REPEATABLE = {"GET", "PUT", "PATCH", "DELETE"}
CALLBACK = "/interactions/{webhook_id}/{webhook_token}/callback"
"""Where the first response to an interaction goes."""
_OPEN_DIRECT = "/users/@me/channels"
_ANSWERED = 40060
_UNAVAILABLE = 503


def retry(http: HTTPClient) -> None:
    """Have a client send again; call it before the client connects, in the task that does."""
    async_context.set(_Adapter())  # type: ignore[no-untyped-call]
    http.request = _resending(http.request)  # type: ignore[method-assign, assignment]


def _resending(send: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def request(
        route: Route,
        *,
        files: Sequence[discord.File] | None = None,
        **more: Any,  # noqa: ANN401 - as discord.py has it
    ) -> Any:  # noqa: ANN401
        try:
            return await send(route, files=files, **more)
        except (*_BROKEN, discord.DiscordServerError) as error:
            refused = isinstance(error, discord.DiscordServerError)
            # discord.py itself goes on after all other failures of a server.
            if refused and getattr(error, "status", None) != _UNAVAILABLE:
                raise
            if not _may_repeat(route, more.get("json"), error):
                raise
            await _pause(route, error, files)
            return await send(route, files=files, **more)

    return request


class _Adapter(AsyncWebhookAdapter):
    """Answers interactions."""

    async def request(
        self,
        route: Route,
        session: aiohttp.ClientSession,
        *,
        files: Sequence[discord.File] | None = None,
        **more: Any,  # noqa: ANN401 - as discord.py has it
    ) -> Any:  # noqa: ANN401
        """Send a response, and again where the connection broke."""
        try:
            return await super().request(route, session, files=files, **more)
        except _BROKEN as error:
            if not _may_repeat(route, None, error):
                raise
            await _pause(route, error, files)
        try:
            return await super().request(route, session, files=files, **more)
        except discord.HTTPException as error:
            if route.path != CALLBACK or error.code != _ANSWERED:
                raise
            # The first did arrive, and only Discord's word of it was lost.
            return {"interaction": {"id": str(route.webhook_id), "type": 2}}


def _may_repeat(route: Route, body: object, error: Exception) -> bool:
    if isinstance(error, aiohttp.ClientConnectorError) or route.method in _REPEATABLE:
        return True
    # Discord makes no second message of one nonce, and answers no interaction twice.
    named_once = isinstance(body, dict) and bool(body.get("enforce_nonce"))
    return named_once or route.path in {CALLBACK, _OPEN_DIRECT}


async def _pause(route: Route, error: Exception, files: Sequence[discord.File] | None) -> None:
    log.warning("%s %s broke off (%s); again.", route.method, route.path, type(error).__name__)
    await asyncio.sleep(_PAUSE)
    for file in files or ():
        file.reset(seek=True)
