"""The page's side of HTTP: what is served, and what is refused.

The page is for who sits at this machine. Other sites that a browser has open may not read it or
use it: the Host must be the loopback (DNS rebinding), and what asks for something must be JSON,
which a browser sends elsewhere only where that is allowed, and here it is not.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.locales import Phrasebooks
from bot.operations.preview.page import Asset, assets, page
from bot.operations.preview.previewer import Previewer, Shown
from knowledge import Language

log = logging.getLogger(__name__)

LARGEST_BODY = 64 << 10
"""Bytes: Discord's own field takes 6,000 characters."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Server": "coalition-bot",
}
_LOOPBACK = re.compile(r"(?:127\.0\.0\.1|localhost)(?::\d{1,5})?")
_NAMED = re.compile(r"\b(?:fr|en)\b")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Both(_Wish):
    """In which languages: the member's Discord, and the reader's page."""

    member: Language
    reader: Language


class Question(_Both):
    """A question that a member asks."""

    question: str


class Press(_Both):
    """A button that a member presses."""

    custom_id: Annotated[str, StringConstraints(max_length=100)]


class Typed(_Wish):
    """What a member has typed so far."""

    member: Language
    typed: str


W = TypeVar("W", bound=_Wish)


def preview_app(previewer: Previewer, books: Phrasebooks) -> web.Application:
    """The page and what it asks for.

    Args:
        previewer: Answers the page.
        books: The page's words.
    """
    app = web.Application(middlewares=[_guarded], client_max_size=LARGEST_BODY)
    app.on_response_prepare.append(_with_headers)
    app.router.add_get("/", _choose_language)
    for language in Language:
        app.router.add_get(
            f"/{language}", partial(_page, page(books[language], previewer.scope(books[language])))
        )
    for name, asset in assets().items():
        app.router.add_get(f"/{name}", partial(_asset, asset))

    async def ask(request: web.Request) -> web.Response:
        wish = await _read(request, Question)
        return _shown(await previewer.ask(wish.question, wish.member, wish.reader))

    async def press(request: web.Request) -> web.Response:
        wish = await _read(request, Press)
        return _shown(await previewer.press(wish.custom_id, wish.member, wish.reader))

    async def topics(request: web.Request) -> web.Response:
        wish = await _read(request, _Both)
        return _shown(previewer.topics(wish.member, wish.reader))

    async def suggest(request: web.Request) -> web.Response:
        wish = await _read(request, Typed)
        return web.json_response(await previewer.suggest(wish.typed, wish.member))

    for handler in (ask, press, topics, suggest):
        app.router.add_post(f"/{handler.__name__}", handler)
    return app


def _shown(shown: Shown) -> web.Response:
    return web.json_response(shown.as_json())


async def _read(request: web.Request, kind: type[W]) -> W:
    """What the page wishes.

    Raises:
        HTTPException: It is none of its kind; says why.
    """
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="The body must be application/json.")
    body = await request.read()
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the body"
        raise web.HTTPBadRequest(text=f"{where}: {first['msg']}.") from error


async def _choose_language(request: web.Request) -> web.Response:
    """Go to the page in the first language of ours that the browser names."""
    named = _NAMED.search(request.headers.get("Accept-Language", ""))
    raise web.HTTPFound(f"/{Language.ENGLISH if named is None else named[0]}")


async def _page(content: str, request: web.Request) -> web.Response:
    del request
    return web.Response(text=content, content_type="text/html")


async def _asset(asset: Asset, request: web.Request) -> web.Response:
    del request
    return web.Response(body=asset.body, content_type=asset.content_type, charset="utf-8")


async def _with_headers(request: web.Request, response: web.StreamResponse) -> None:
    del request
    response.headers.update(HEADERS)


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse who is not at this machine; every refusal is JSON that says why."""
    if not _LOOPBACK.fullmatch(request.host):
        return _refused(421, "This page is served to the browser of this machine alone.")
    try:
        return await handler(request)
    except web.HTTPRedirection:
        raise
    except web.HTTPException as error:
        refused = _refused(error.status, error.text or error.reason)
        if isinstance(error, web.HTTPMethodNotAllowed):
            refused.headers["Allow"] = error.headers["Allow"]
        return refused
    except Exception:
        log.exception("A request of the page failed.")
        return _refused(500, "Something went wrong; the terminal of the preview says what.")


def _refused(status: int, message: str) -> web.Response:
    body: dict[str, Any] = {"error": message}
    return web.json_response(body, status=status)
