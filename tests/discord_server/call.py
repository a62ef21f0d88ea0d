"""A request while it is answered, and how Discord says no."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from tests.discord_server.server import DiscordServer


class Refused(Exception):  # noqa: N818 - it is an answer, not a failure
    """Discord's answer to a request that it does not take."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Answer:
    """What is answered."""

    status: int
    body: object = None


class Call:
    """A request while it is answered."""

    def __init__(self, server: DiscordServer, request: web.Request, body: Any) -> None:  # noqa: ANN401
        self.server = server
        self.body = body
        self.given = request.match_info
        self.query = request.query


Handler = Callable[[Call], Awaitable[Answer]]
Route = tuple[str, str, Handler]
