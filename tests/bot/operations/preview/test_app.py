"""What the preview serves, and whom and what it refuses."""

from __future__ import annotations

import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.answering import startup
from bot.answering.answers import Answerer
from bot.cli import app as cli
from bot.cli.terminal import Terminal
from bot.config import Config
from bot.errors import PreviewError
from bot.locales import Phrasebooks
from bot.operations.preview.app import HEADERS, LARGEST_BODY, preview_app
from bot.operations.preview.page import assets
from bot.operations.preview.previewer import Previewer
from bot.operations.preview.serving import serving_preview
from index import Encoder
from knowledge import Language
from tests.conftest import ARTICLES

ASKED = {"question": "who is tim wu", "member": "en", "reader": "en"}


@pytest.fixture
async def client(previewer: Previewer) -> AsyncIterator[TestClient[Any, Any]]:
    """A client of the page's server."""
    app = preview_app(previewer, Phrasebooks.read())
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/fr", "/en", "/page.js", "/page.css", "/nowhere"])
async def test_everything_has_the_strict_headers(client: TestClient[Any, Any], path: str) -> None:
    response = await client.get(path, allow_redirects=False)
    for name, value in HEADERS.items():
        assert response.headers[name] == value
    assert "Set-Cookie" not in response.headers
    policy = dict(each.split(" ", 1) for each in HEADERS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    for kind in ("script-src", "style-src", "connect-src"):
        assert policy[kind] == "'self'"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("fr-FR,fr;q=0.9,en;q=0.8", "fr"), ("de, en-GB, fr", "en"), ("de", "en"), ("", "en")],
)
async def test_the_browser_chooses_the_language(
    client: TestClient[Any, Any], accepted: str, language: str
) -> None:
    response = await client.get("/", headers={"Accept-Language": accepted}, allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (302, f"/{language}")


@pytest.mark.parametrize("language", Language)
async def test_the_page_has_its_words_and_no_script_of_its_own(
    client: TestClient[Any, Any], language: Language
) -> None:
    html = await (await client.get(f"/{language}")).text()
    assert f'<html lang="{language}">' in html
    assert "{{" not in html
    assert Phrasebooks.read()[language]("preview.nothing_shown") in html
    assert re.findall(r"<script[^>]*>[^<]", html) == []
    assert re.search(r"<style|\sstyle=|\son\w+=", html) is None
    loaded = set(re.findall(r'(?:src|href)="/([\w.]+\.\w+)"', html))
    assert loaded <= set(assets())


async def test_every_file_is_served_as_what_it_is(client: TestClient[Any, Any]) -> None:
    assert {"page.css", "page.js", "card.js", "icon.svg"} <= set(assets())
    for name, asset in assets().items():
        response = await client.get(f"/{name}")
        assert (response.status, response.content_type) == (200, asset.content_type)
    scripts = b"".join(each.body for each in assets().values())
    assert (
        re.search(rb"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", scripts)
        is None
    )


@pytest.mark.parametrize(
    "path", ["/../app.py", "/static/page.html", "/page.html", "/%2e%2e/app.py"]
)
async def test_no_other_file_is_served(client: TestClient[Any, Any], path: str) -> None:
    response = await client.get(path)
    assert response.status == 404
    assert "error" in await response.json()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8417", 200),
        ("localhost:9000", 200),
        ("localhost", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example:8417", 421),
        ("evil.example:8417", 421),
        ("127.0.0.1@evil.example", 421),
        ("", 421),
    ],
)
async def test_only_the_loopback_is_a_host(
    client: TestClient[Any, Any], host: str, status: int
) -> None:
    for request in (
        client.get("/en", headers={"Host": host}),
        client.post("/topics", headers={"Host": host}, json={"member": "en", "reader": "en"}),
    ):
        assert (await request).status == status


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "the body: Invalid JSON"),
        (b"question=who", "the body: Invalid JSON"),
        (b"[]", "the body: Input should be an object"),
        (b'{"question": "\xff", "member": "en", "reader": "en"}', "the body: Invalid JSON"),
        (rb'{"question": "\ud800", "member": "en", "reader": "en"}', "the body: Invalid JSON"),
        (b'{"question": 7, "member": "en", "reader": "en"}', "question: Input should be a valid"),
        (b'{"question": "a", "member": "de", "reader": "en"}', "member: Input should be 'fr' or"),
        (b'{"question": "a", "member": "en"}', "reader: Field required"),
        (b'{"question": "a", "member": "en", "reader": "en", "x": 1}', "x: Extra inputs"),
        (b"[" * 10_000, "the body: Invalid JSON"),
    ],
)
async def test_what_is_no_question_is_refused(
    client: TestClient[Any, Any], body: bytes, says: str
) -> None:
    response = await client.post("/ask", data=body, headers={"Content-Type": "application/json"})
    assert response.status == 400
    assert (await response.json())["error"].startswith(says)


async def test_other_refusals(client: TestClient[Any, Any]) -> None:
    form = await client.post("/ask", data={"question": "who"})
    assert form.status == 415
    plain = await client.post("/ask", data="{}", headers={"Content-Type": "text/plain"})
    assert plain.status == 415
    large = await client.post("/ask", json=ASKED | {"question": "a" * LARGEST_BODY})
    assert large.status == 413
    got = await client.get("/ask")
    assert (got.status, got.headers["Allow"]) == (405, "POST")
    assert (await client.put("/en")).status == 405
    preflight = await client.options(
        "/ask",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
    )
    assert preflight.status == 405
    assert "Access-Control-Allow-Origin" not in preflight.headers
    pressed = {"custom_id": "x" * 101, "member": "en", "reader": "en"}
    assert (await client.post("/press", json=pressed)).status == 400
    for response in (form, large, got):
        assert (await response.json()).keys() == {"error"}


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("", "The question is empty."),
        ("\u200b \n", "The question is empty."),
        ("a" * 10_000, "The question has 10000 characters; the limit is 500."),
        ("👍🏽", "There is no word in this question."),
    ],
)
async def test_a_question_that_the_bot_refuses_is_a_card(
    client: TestClient[Any, Any], question: str, said: str
) -> None:
    response = await client.post("/ask", json=ASKED | {"question": question})
    answer = await response.json()
    assert response.status == 200
    assert answer["said"].startswith(said)
    assert answer["components"][0]["components"][0]["content"].startswith(said)
    assert answer["explanation"] is None


@pytest.mark.parametrize(
    "question", ["<img src=x onerror=alert(1)>", "\u202eevil\u202c שלום", "**bold** `x` ||y||"]
)
async def test_a_hostile_question_is_text(client: TestClient[Any, Any], question: str) -> None:
    question = f"who is tim wu {question}"
    answer = await (await client.post("/ask", json=ASKED | {"question": question})).json()
    every = answer["components"][0]["components"]
    heading = [each for each in every if each["type"] == 10][-1]["elements"][0]
    assert heading["tag"] == "small"
    (strong, *_) = heading["children"]
    assert strong["children"] == [question.replace("\u202e", "").replace("\u202c", "")]


async def test_a_failure_is_said_without_what_was_asked(
    client: TestClient[Any, Any],
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(answerer, "answer", fail)
    response = await client.post("/ask", json=ASKED)
    assert response.status == 500
    assert "terminal" in (await response.json())["error"]
    assert "broken" in caplog.text
    assert "tim wu" not in caplog.text


async def test_it_is_served_on_the_loopback_alone(answerer: Answerer) -> None:
    async with serving_preview(Config(), answerer, 0) as address:
        port = int(address.rstrip("/").rpartition(":")[2])
        async with aiohttp.ClientSession() as session, session.get(address) as response:
            assert response.status == 200
        with socket.socket() as other, pytest.raises(OSError, match="refused"):
            other.connect(("127.0.0.2", port))
        with pytest.raises(PreviewError, match=rf"^The port {port} cannot be used .*--port 0"):
            async with serving_preview(Config(), answerer, port):
                pass


def test_the_command_serves_until_it_is_stopped(
    tmp_path: Path,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(startup, "load_encoder", lambda *_: encoder)
    articles = ["--knowledge", str(ARTICLES)]
    monkeypatch.setattr(sys, "argv", ["coalition-bot", "preview", "--port", "0", *articles])
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if line.startswith("Open http://127.0.0.1:"):
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(Terminal, "say", lambda _terminal, line: say(str(line)))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    assert said[-1].endswith("in a browser of this machine. Ctrl-C ends it.")
    assert (tmp_path / "data" / "preview" / "manifest.json").exists()
    assert not (tmp_path / "data" / "index").exists()
