"""Discord's REST interface, as far as the bot uses it."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.contracts import check_request, walk
from tests.contracts.rules import after_version
from tests.discord_server import bot_routes, guild_routes, interaction_routes, message_routes
from tests.discord_server.call import Answer, Call, Handler, Refused
from tests.discord_server.faults import Cut, Fault
from tests.discord_server.limits import Bucket

if TYPE_CHECKING:
    from tests.discord_server.server import DiscordServer

_ROUTES = (
    *bot_routes.ROUTES,
    *guild_routes.ROUTES,
    *interaction_routes.ROUTES,
    *message_routes.ROUTES,
)
_FILE = 13
_WITHOUT_TOKEN = re.compile(r"^/(?:interactions/\d+|webhooks/\d+)/")


@dataclass(frozen=True)
class Request:
    """What the bot sent.

    Attributes:
        path: The path after the API's version.
        at: When it came (`time.monotonic`).
        status: What it was answered; None where the connection was cut before.
    """

    method: str
    path: str
    body: Any
    at: float
    status: int | None


class Rest:
    """Answers requests, and keeps what they were."""

    def __init__(self, server: DiscordServer) -> None:
        self._server = server
        self.requests: list[Request] = []

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        for method, path, handler in _ROUTES:
            app.router.add_route(method, f"/api/v10{path}", self._served(handler))
        app.router.add_route("*", "/api/v10/{rest:.*}", self._served(_nowhere))

    def _served(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            return await self._serve(request, handler)

        return serve

    async def _serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        body, sizes = await _read(request)
        method, route = request.method, after_version(request.path)
        at = time.monotonic()
        self._server.check(lambda _: check_request(method, route, body))
        if sizes:
            body["components"] = _with_files(body["components"], sizes)
        fault = self._server.faults.take(method, route)
        if fault is not None:
            await asyncio.sleep(fault.delay)
            if fault.cut is Cut.BEFORE:
                self._keep(Request(method, route, body, at, None))
                return _cut(request)
        bucket = self._server.limits.bucket(method, route)
        answer = await self._answer(request, handler, body, fault, bucket)
        self._keep(Request(method, route, body, at, answer.status))
        self._server.check(
            lambda contracts: contracts.check_response(method, route, answer.status, answer.body)
        )
        if fault is not None and fault.cut is Cut.AFTER:
            return _cut(request)
        return await self._send(request, answer, bucket, fault)

    def _keep(self, request: Request) -> None:
        if self._server.keeps_requests:
            self.requests.append(request)
        self._server.happened()

    async def _answer(
        self,
        request: web.Request,
        handler: Handler,
        body: object,
        fault: Fault | None,
        bucket: Bucket | None,
    ) -> Answer:
        route = after_version(request.path)
        if fault is not None and fault.status is not None:
            return _failed(fault.status)
        limited = self._server.limits.refusal(route, bucket)
        if limited is not None:
            content = {
                "message": "You are being rate limited.",
                "code": 0,
                "retry_after": round(limited.retry_after + 0.001, 3),
                "global": limited.everywhere,
            }
            return Answer(429, content)
        authorised = request.headers.get("Authorization") == f"Bot {self._server.token}"
        if not authorised and not _WITHOUT_TOKEN.match(route):
            return _failed(401)
        try:
            return await handler(Call(self._server, request, body))
        except Refused as refused:
            return Answer(refused.status, {"message": refused.message, "code": refused.code})

    async def _send(
        self, request: web.Request, answer: Answer, bucket: Bucket | None, fault: Fault | None
    ) -> web.StreamResponse:
        headers = {} if bucket is None else bucket.headers()
        if answer.status == 429 and isinstance(answer.body, dict):
            # discord.py takes a 429 without it for a ban of the address.
            headers["Via"] = "1.1 google"
            headers["Retry-After"] = str(answer.body["retry_after"])
            if answer.body["global"]:
                headers["X-RateLimit-Global"] = "true"
        if answer.body is None:
            return web.Response(status=answer.status, headers=headers)
        content = json.dumps(answer.body).encode()
        if fault is not None and fault.cut is Cut.HALF:
            return await _send_half(request, content)
        # discord.py reads JSON only where the type is exactly this, without a charset.
        return web.Response(
            body=content, status=answer.status, content_type="application/json", headers=headers
        )


async def _read(request: web.Request) -> tuple[Any, dict[str, int]]:
    """What was sent, and of the files beside it, how large each is."""
    if not request.content_type.startswith("multipart/"):
        text = await request.text()
        return (json.loads(text) if text else None), {}
    form = await request.post()
    sizes: dict[str, int] = {}
    for each in form.values():
        if isinstance(each, web.FileField):
            sizes[each.filename] = len(each.file.read())
    sent = form["payload_json"]
    assert isinstance(sent, str)
    return json.loads(sent), sizes


def _with_files(components: list[Any], sizes: Mapping[str, int]) -> list[Any]:
    """Components that show files, as Discord gives them back."""
    for each in walk(components):
        assert isinstance(each, dict)
        if each["type"] == _FILE:
            name = each["file"]["url"].removeprefix("attachment://")
            url = f"https://cdn.discordapp.com/attachments/1/1/{name}"
            each["file"] = {"id": "1", "url": url, "proxy_url": url}
            each.update(name=name, size=sizes[name])
    return components


def _failed(status: int) -> Answer:
    words = {401: "401: Unauthorized", 403: "Missing Access", 404: "404: Not Found"}
    return Answer(status, {"message": words.get(status, f"{status}: Failure"), "code": 0})


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _send_half(request: web.Request, content: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(content)
    await response.prepare(request)
    await response.write(content[: len(content) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


async def _nowhere(call: Call) -> Answer:
    raise Refused(404, 0, f"404: Not Found: {call.given['rest']}")
