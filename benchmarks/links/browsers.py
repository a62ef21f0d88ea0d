"""Debian's Chromium and Firefox, without a window: open an address, see the page."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import aiohttp
from playwright.async_api import Page, async_playwright

CHROMIUM, FIREFOX = "/usr/bin/chromium", "/usr/bin/firefox-esr"
WIDTH, HEIGHT = 900, 1200
_STARTS_WITHIN = 60.0


class Browser(Protocol):
    """A browser with one page."""

    name: str

    async def open(self, address: str) -> None:
        """Load a page as somebody does who follows a link from elsewhere."""

    async def evaluate(self, script: str) -> str:
        """What an expression gives there, a string."""

    async def picture(self) -> bytes:
        """What is seen of the page, a PNG."""


class _Chromium:
    def __init__(self, page: Page, version: str) -> None:
        self._page = page
        self.name = f"Chromium {version}"

    async def open(self, address: str) -> None:
        await self._page.goto("about:blank")
        await self._page.goto(address)

    async def evaluate(self, script: str) -> str:
        return str(await self._page.evaluate(script))

    async def picture(self) -> bytes:
        return bytes(await self._page.screenshot())


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Chromium, meanwhile, by Playwright."""
    async with async_playwright() as playwright:
        # Chromium does not run as root without the first.
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = await browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        try:
            yield _Chromium(page, browser.version)
        finally:
            await browser.close()


class _Firefox:
    """Firefox by WebDriver BiDi, which it speaks itself: Playwright knows only its own build."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.name = "Firefox"
        self._socket = socket
        self._sent = 0
        self._context = ""

    async def start(self) -> None:
        session = await self._call("session.new", capabilities={})
        self.name = f"Firefox {session['capabilities']['browserVersion']}"
        tree = await self._call("browsingContext.getTree")
        self._context = tree["contexts"][0]["context"]
        viewport = {"width": WIDTH, "height": HEIGHT}
        await self._call("browsingContext.setViewport", context=self._context, viewport=viewport)

    async def open(self, address: str) -> None:
        for each in ("about:blank", address):
            await self._call(
                "browsingContext.navigate", context=self._context, url=each, wait="complete"
            )

    async def evaluate(self, script: str) -> str:
        found = await self._call(
            "script.evaluate",
            expression=script,
            target={"context": self._context},
            awaitPromise=False,
        )
        return str(found["result"]["value"])

    async def picture(self) -> bytes:
        shot = await self._call("browsingContext.captureScreenshot", context=self._context)
        return base64.b64decode(shot["data"])

    async def _call(self, method: str, **params: object) -> dict[str, Any]:
        self._sent += 1
        await self._socket.send_json({"id": self._sent, "method": method, "params": params})
        while True:
            answer = await self._socket.receive_json()
            if answer.get("id") != self._sent:
                continue
            if answer["type"] == "error":
                raise RuntimeError(f"Firefox refuses {method}: {answer['message']}")
            return dict(answer["result"])


@asynccontextmanager
async def firefox() -> AsyncIterator[Browser]:
    """Firefox, meanwhile."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ("--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0")
        process = await asyncio.create_subprocess_exec(
            FIREFOX,
            *options,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            assert process.stderr is not None  # noqa: S101 - it is a pipe
            address = await asyncio.wait_for(_address(process.stderr), _STARTS_WITHIN)
            drain = asyncio.ensure_future(process.stderr.read())
            async with (
                aiohttp.ClientSession() as session,
                session.ws_connect(f"{address}/session", max_msg_size=0) as socket,
            ):
                browser = _Firefox(socket)
                await browser.start()
                yield browser
            drain.cancel()
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


async def _address(stream: asyncio.StreamReader) -> str:
    """Where Firefox says that it listens."""
    while line := await stream.readline():
        if found := re.search(rb"ws://\S+", line):
            return found.group().decode()
    raise RuntimeError("Firefox ended before it listened")
