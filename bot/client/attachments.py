"""Files that moderators attach, fetched from Discord within limits.

discord.py itself goes wherever an address leads on to, keeps whatever comes, and waits for
minutes.
"""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus

import aiohttp
import discord
from discord.http import HTTPClient

from bot.errors import AttachmentError

log = logging.getLogger(__name__)

_MOST = 25 << 20
"""Bytes; no setting allows more."""
_PATIENCE = aiohttp.ClientTimeout(total=20.0)
"""Seconds for a whole file."""
_CHUNK = 1 << 16


def limit_fetching(http: HTTPClient) -> None:
    """Have a client fetch files within limits."""

    async def fetch(url: str) -> bytes:
        headers = {"User-Agent": http.user_agent}
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE, headers=headers) as session,
            session.get(url, allow_redirects=False) as got,
        ):
            if got.status != HTTPStatus.OK:
                raise AttachmentError(f"answered with status {got.status}")
            content = bytearray()
            async for chunk in got.content.iter_chunked(_CHUNK):
                content += chunk
                if len(content) > _MOST:
                    raise AttachmentError(f"more than {_MOST} bytes", too_large=True)
            return bytes(content)

    http.get_from_cdn = fetch  # type: ignore[method-assign]


async def fetched(file: discord.Attachment, largest: int) -> bytes:
    """The content of a file.

    Args:
        file: The file.
        largest: How many bytes it may have; what Discord says of its size is not relied on.

    Raises:
        AttachmentError: It has more, or cannot be fetched.
    """
    if file.size > largest:
        raise AttachmentError(f"{file.size} bytes, {largest} allowed", too_large=True)
    try:
        async with asyncio.timeout(_PATIENCE.total):
            content = await file.read()
    except (OSError, aiohttp.ClientError, discord.HTTPException) as error:
        # Its address lets whoever has it fetch the file.
        log.warning("An attachment could not be fetched (%s).", type(error).__name__)
        raise AttachmentError(type(error).__name__) from error
    if len(content) > largest:
        raise AttachmentError(f"{len(content)} bytes, {largest} allowed", too_large=True)
    return content
