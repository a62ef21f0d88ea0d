"""What is too much is refused before discord.py looks at it, each member in their language."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import discord
import pytest
from aiohttp import web
from discord.ext import commands

from bot.client.admission import Admission
from bot.client.client import intents
from bot.client.localisation import Localiser
from bot.client.shedding import Shedder
from bot.client.translator import language_of
from bot.guilds.languages import LanguageBook
from bot.guilds.settings import SettingsBook
from bot.locales import Phrasebook, Phrasebooks
from bot.telemetry.metrics import Metrics
from bot.telemetry.watch import Watch
from knowledge import Language
from tests.contracts import check_request
from tests.discord_server.target import pointed_at

FEW, MOST = 1, 3
BOOKS = Phrasebooks.read()
BUSY = {language: BOOKS[language]("problem.busy") for language in Language}


def phrases(locale: discord.Locale | None) -> Phrasebook:
    return BOOKS[language_of(locale) or Language.ENGLISH]


def _admission() -> Admission:
    settings, languages = SettingsBook(None), LanguageBook(None)
    return Admission(Localiser(BOOKS, languages, settings, Language.ENGLISH))


@dataclass
class Setting:
    """A bot of discord.py's whose interactions a shedder guards, and what came of them.

    Attributes:
        admission: Where what is let in goes.
        let_in: The ids of what discord.py was given.
        told: By their ids, what Discord was sent.
    """

    admission: Admission = field(default_factory=_admission)
    let_in: list[int] = field(default_factory=list)
    told: dict[int, Any] = field(default_factory=dict)
    made: float = 1_000.0
    watch: Watch = field(default_factory=Watch)
    bot: commands.Bot = field(
        default_factory=lambda: commands.Bot(command_prefix=(), intents=intents())
    )

    def send(self, number: int, *, late: float = 0.0, locale: str = "fr", kind: int = 2) -> int:
        """Have Discord send an interaction, that it made some seconds ago; returns its id."""
        now = asyncio.get_running_loop().time()
        identifier = (int(1000 * (self.made + now - late)) << 22) + number
        data = {"id": str(identifier), "token": "t", "type": kind, "locale": locale}
        self.bot._connection.parsers["INTERACTION_CREATE"](data)
        return identifier

    async def come_in(self) -> None:
        """Let somebody in who stays."""

        async def stay() -> None:
            self.admission.enter()
            await asyncio.Event().wait()

        self.staying = asyncio.create_task(stay())
        await asyncio.sleep(0)


@pytest.fixture
async def setting(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Setting]:
    monkeypatch.setattr("bot.client.shedding._FEW", FEW)
    setting = Setting()

    async def answered(request: web.Request) -> web.Response:
        body = await request.json()
        check_request("POST", request.path, body)
        setting.told[int(request.match_info["id"])] = body
        return web.Response(status=204)

    def look(data: dict[str, Any]) -> None:
        setting.let_in.append(int(data["id"]))

    setting.bot._connection.parsers["INTERACTION_CREATE"] = look
    site = web.Application()
    site.router.add_post("/api/v10/interactions/{id}/{token}/callback", answered)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    async with (
        pointed_at(f"http://{host}:{port}"),
        Shedder(setting.admission, MOST, phrases, setting.watch) as shedder,
    ):
        shedder.guard(setting.bot)
        yield setting
    await runner.cleanup()


async def settled(setting: Setting, count: int) -> None:
    async with asyncio.timeout(30):
        while len(setting.told) < count:  # noqa: ASYNC110 - it comes over a socket
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    assert len(setting.told) == count


def text(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False)


async def test_what_comes_in_time_is_let_in(setting: Setting) -> None:
    sent = [setting.send(number) for number in range(MOST)]
    assert setting.let_in == sent
    await settled(setting, 0)


async def test_what_is_late_is_refused_in_the_language_of_the_member(setting: Setting) -> None:
    quickest = setting.send(0)
    late = [
        setting.send(1, late=0.7, locale="fr"),
        setting.send(2, late=0.7, locale="en-GB"),
        setting.send(3, late=0.7, locale="ja"),
    ]
    await settled(setting, 3)
    assert setting.let_in == [quickest]
    french, english, other = (setting.told[each] for each in late)
    assert BUSY[Language.FRENCH] in french["data"]["components"][0]["components"][0]["content"]
    assert BUSY[Language.ENGLISH] in text(english)
    assert text(other) == text(english)
    flags = discord.MessageFlags._from_value(french["data"]["flags"])
    assert flags.ephemeral


async def test_what_only_its_way_delayed_is_let_in_while_it_can_be_answered(
    setting: Setting,
) -> None:
    quickest = setting.send(0)
    await asyncio.sleep(0)
    late = setting.send(1, late=1.2)
    await asyncio.sleep(0)
    setting.send(2, late=2.2)
    await settled(setting, 0)
    assert setting.let_in == [quickest, late]


async def test_a_member_who_types_is_offered_nothing(setting: Setting) -> None:
    setting.send(0)
    typed = setting.send(1, late=0.7, kind=4)
    await settled(setting, 1)
    assert setting.told[typed] == {"type": 8, "data": {"choices": []}}


async def test_what_would_come_too_late_is_let_go(setting: Setting) -> None:
    setting.send(0)
    setting.send(1, late=3.0)
    await settled(setting, 0)
    assert len(setting.let_in) == 1


async def test_only_so_many_are_let_in_at_once(setting: Setting) -> None:
    await setting.come_in()
    sent = [setting.send(number) for number in range(5)]
    await settled(setting, 3)
    assert setting.let_in == sent[: MOST - 1]
    assert sorted(setting.told) == sent[MOST - 1 :]
    # Those who were let in went out again, since nothing was to be done for them.
    again = setting.send(6)
    assert setting.let_in[-1] == again


async def test_a_connection_that_fails_stays_without_a_word(
    setting: Setting, caplog: pytest.LogCaptureFixture
) -> None:
    setting.send(0)
    with pointed_at("http://127.0.0.1:9"):
        setting.send(1, late=0.7)
    await settled(setting, 0)
    assert not [each for each in caplog.records if each.levelname != "DEBUG"]


async def test_the_log_and_the_metrics_say_how_many_were_refused(
    setting: Setting, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client.shedding._SAID_EVERY", 0.05)
    setting.watch.counts = counts = Metrics(setting.watch)
    setting.send(0)
    for number in range(1, 4):
        setting.send(number, late=0.7)
    await settled(setting, 3)
    await asyncio.sleep(0.1)
    assert caplog.messages == ["The bot could not keep up: interactions refused: 3."]
    assert counts.registry.get_sample_value("coalition_bot_refusals_total") == 3


async def test_where_not_all_can_be_told_it_is_the_latest_who_are(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client.shedding._MOST_AT_ONCE", 1)
    # However long a busy machine takes.
    monkeypatch.setattr("bot.client.shedding._TOO_LATE", 60.0)
    setting.send(0)
    first, *others = [setting.send(number, late=0.6) for number in range(1, 2_102)]
    await settled(setting, 2_000)
    told = list(setting.told)
    assert told[0] == others[-1]
    assert set(told) == set(others[-2_000:])
    assert first not in told
