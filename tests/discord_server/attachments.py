"""Files that members attach, and how Discord serves them, well or badly."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from tests.discord_server.server import DiscordServer

_PATH = "/attachments"
_CHUNK = b"x" * (1 << 20)


@dataclass(eq=False)
class Attachment:
    """A file that a member attaches.

    Attributes:
        name: Its name.
        content: Its bytes.
        said: How large Discord says that it is; None for the truth.
        status: What fetching it is answered.
        leads_to: Where fetching it is sent on to.
        endless: Whether it goes on and on.
        stalls: Whether nothing comes after its first half.
        fetched: How often somebody asked for it.
    """

    name: str
    content: bytes
    said: int | None = None
    status: int = 200
    leads_to: str | None = None
    endless: bool = False
    stalls: bool = False
    fetched: int = 0

    def payload(self, server: DiscordServer, id_: str) -> dict[str, Any]:
        """It as Discord tells of it."""
        url = f"{server.address}{_PATH}/{id_}"
        size = len(self.content) if self.said is None else self.said
        return {"id": id_, "filename": self.name, "size": size, "url": url, "proxy_url": url}


class Attachments:
    """Serves what members attached."""

    def __init__(self) -> None:
        self._kept: dict[str, Attachment] = {}

    def add_to(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get(f"{_PATH}/{{id}}", self._serve)

    def keep(self, id_: str, file: Attachment) -> None:
        """Have a file under an id."""
        self._kept[id_] = file

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        file = self._kept[request.match_info["id"]]
        file.fetched += 1
        if file.leads_to is not None:
            raise web.HTTPFound(file.leads_to)
        if not file.endless and not file.stalls:
            return web.Response(status=file.status, body=file.content)
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(file.content[: len(file.content) // 2])
        if file.stalls:
            await asyncio.sleep(60)
        while not (request.transport is None or request.transport.is_closing()):
            await response.write(_CHUNK)
        return response
