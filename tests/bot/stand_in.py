"""A stand-in for Discord on a loopback socket: as much of it as connecting needs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import discord
from aiohttp import WSMsgType, web
from discord.gateway import DiscordWebSocket
from yarl import URL

ME = {"id": "1", "username": "coalition", "discriminator": "0", "avatar": None, "bot": True}


@dataclass
class StandIn:
    """What the stand-in was sent.

    Attributes:
        accepts: The token that it takes.
        identified: The IDENTIFY payloads that it got.
        registered: The commands that were registered, by path.
        known: What else it answers when asked for a path.
        about: What it says of the application beside its id.
        refuses: The close code with which the gateway answers; None where it is ready.
    """

    accepts: str
    identified: list[dict[str, object]] = field(default_factory=list)
    registered: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=lambda: {"/applications/1/commands": []})
    about: dict[str, object] = field(default_factory=dict)
    refuses: int | None = None
    address: str = ""
    _ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def connected(self) -> None:
        """Wait until a bot has identified itself and was told that it is ready."""
        async with asyncio.timeout(10):
            await self._ready.wait()

    def application(self) -> web.Application:
        """REST and gateway in one."""
        app = web.Application()
        app.router.add_get("/api/users/@me", self._me)
        app.router.add_get("/api/oauth2/applications/@me", self._application)
        app.router.add_get("/api/{rest:.*}", self._known)
        app.router.add_put("/api/applications/{rest:.*}", self._register)
        app.router.add_get("/gateway/", self._gateway)
        return app

    def _allowed(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bot {self.accepts}"

    async def _me(self, request: web.Request) -> web.Response:
        if not self._allowed(request):
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        return _json(ME)

    async def _application(self, _: web.Request) -> web.Response:
        return _json(
            {
                "id": "1",
                "name": "coalition",
                "description": "",
                "icon": None,
                "flags": 0,
                "rpc_origins": [],
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "",
                "owner": ME,
                **self.about,
            }
        )

    async def _known(self, request: web.Request) -> web.Response:
        found = self.known.get(request.path.removeprefix("/api"))
        if found is None:
            return _json({"message": "404: Not Found", "code": 0}, status=404)
        if isinstance(found, int):
            return _json({"message": "Missing Access", "code": 50001}, status=found)
        return _json(found)

    async def _register(self, request: web.Request) -> web.Response:
        commands = await request.json()
        self.registered[request.path] = commands
        full = [
            {"id": str(number), "application_id": "1", "version": "1", "description": "", **command}
            for number, command in enumerate(commands, 2)
        ]
        self.known[request.path.removeprefix("/api")] = full
        return _json(full)

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            payload = message.json()
            if payload["op"] == 1:
                await socket.send_json({"op": 11, "d": None, "s": None, "t": None})
            elif payload["op"] == 2:
                self.identified.append(payload["d"])
                if self.refuses is not None:
                    await socket.close(code=self.refuses)
                    break
                ready = {
                    "v": 10,
                    "user": ME,
                    "guilds": [],
                    "session_id": "session",
                    "resume_gateway_url": f"{self.address}/gateway/",
                    "shard": [0, 1],
                    "application": {"id": "1", "flags": 0},
                }
                await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": ready})
                self._ready.set()
        return socket


def _json(content: object, status: int = 200) -> web.Response:
    # discord.py reads JSON only where the type is exactly this, without a charset.
    body = json.dumps(content).encode()
    return web.Response(body=body, status=status, content_type="application/json")


@asynccontextmanager
async def serving(stand_in: StandIn) -> AsyncIterator[StandIn]:
    """Serve on a free port of the loopback, and point discord.py there meanwhile."""
    runner = web.AppRunner(stand_in.application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    stand_in.address = f"ws://127.0.0.1:{port}"
    with pointed_at(f"http://127.0.0.1:{port}"):
        try:
            yield stand_in
        finally:
            await runner.cleanup()


class pointed_at:  # noqa: N801 - reads as a verb
    """Points discord.py at another address than Discord's."""

    def __init__(self, address: str) -> None:
        self._base = f"{address}/api"
        self._gateway = URL(address.replace("http", "ws") + "/gateway/")

    def __enter__(self) -> None:
        self._before = (discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
        discord.http.Route.BASE = self._base
        DiscordWebSocket.DEFAULT_GATEWAY = self._gateway

    def __exit__(self, *_: object) -> None:
        discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self._before
