"""Moderators attach files that Discord serves badly, or that mean harm: each gets a word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from discord import Permissions

from tests.discord_server import Attachment, BotProcess, Person
from tests.knowledge.test_archives import bomb, link, twice, zipped
from tests.scenarios.conftest import House

BODY = b"On Sundays the bakery opens at nine. On every other day it opens at six."


@pytest.fixture
def mo(house: House) -> Person:
    """A moderator."""
    allowed = Permissions(manage_messages=True)
    return house.discord.person("mo", house.ann.member.guild, permissions=allowed)


class Elsewhere:
    """A server that the bot has no business with."""

    def __init__(self) -> None:
        self.asked = 0
        self.address = ""

    async def answer(self, request: web.Request) -> web.Response:
        del request
        self.asked += 1
        return web.Response(body=BODY)


@pytest.fixture
async def elsewhere() -> AsyncIterator[Elsewhere]:
    """It, on a port of its own."""
    server = Elsewhere()
    app = web.Application()
    app.router.add_get("/", server.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.address = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield server
    await runner.cleanup()


async def said(mo: Person, command: str, file: Attachment, within: float = 20) -> str:
    """What a moderator reads, and nobody else."""
    begun = await mo.command(f"knowledge {command}", file=file)
    card = await begun.card(within)
    assert card.ephemeral
    assert not begun.refused
    return card.text


async def check_nothing_is_kept(mo: Person, bot: BotProcess) -> None:
    listed = await (await mo.command("knowledge list")).card()
    assert "no document of its own" in listed.text
    assert "Traceback" not in bot.log
    assert "/attachments/" not in bot.log


async def test_a_file_is_read_and_quoted(bot: BotProcess, mo: Person) -> None:
    assert "is added under the name `bakery`" in await said(
        mo, "add", Attachment("bakery.md", BODY)
    )
    asked = await (await mo.ask("When does the bakery open on Sundays?")).card()
    assert "opens at nine" in asked.text
    assert "Traceback" not in bot.log


@pytest.mark.parametrize("command", ["add", "import"])
async def test_an_address_that_leads_elsewhere_is_not_followed(
    bot: BotProcess, mo: Person, elsewhere: Elsewhere, command: str
) -> None:
    file = Attachment("bakery.md", BODY, leads_to=elsewhere.address)
    assert "could not be fetched" in await said(mo, command, file)
    assert file.fetched == 1
    assert elsewhere.asked == 0
    await check_nothing_is_kept(mo, bot)


@pytest.mark.parametrize(
    ("command", "limit"), [("add", "the limit is 8 MB"), ("import", "the limit is 10 MB")]
)
async def test_a_file_that_is_larger_than_was_said_is_let_go(
    bot: BotProcess, mo: Person, command: str, limit: str
) -> None:
    before = bot.status("VmRSS")
    longer = Attachment("bakery.md", b"x" * (11 << 20), said=100)
    assert limit in await said(mo, command, longer)
    endless = Attachment("bakery.md", BODY, endless=True)
    assert limit in await said(mo, command, endless)
    assert bot.status("VmRSS") - before < 100 << 10
    await check_nothing_is_kept(mo, bot)


async def test_a_file_that_stalls_or_is_gone_is_given_up_while_others_are_answered(
    bot: BotProcess, mo: Person, house: House
) -> None:
    gone = Attachment("bakery.md", BODY, status=404)
    assert "could not be fetched" in await said(mo, "add", gone)
    stalling = asyncio.create_task(said(mo, "add", Attachment("a.md", BODY, stalls=True), 40))
    for person in house.crowd(3):
        assert (await (await person.ask("Who is Tim Wu?")).done()).took < 3
    assert "“a.md” could not be fetched from Discord. Attach it again." in await stalling
    await bot.logged("An attachment could not be fetched")
    await check_nothing_is_kept(mo, bot)


HOSTILE_NAMES = ("../../etc/passwd.md", "a\n\x1b[31m@everyone\u202e.md", "x" * 10_000 + ".md")


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=["path", "signs", "long"])
async def test_a_hostile_name_names_nothing_and_formats_nothing(
    bot: BotProcess, mo: Person, name: str
) -> None:
    refused = await said(mo, "add", Attachment(name, b"\xff\xfe\x00 no text", status=404))
    assert "could not be fetched" in refused
    assert len(refused) < 400
    assert "\x1b" not in refused and "\n@" not in refused
    added = await said(mo, "add", Attachment(name, BODY))
    assert "is added under the name `" in added or "cannot be used" in added
    assert "\x1b" not in bot.log
    assert "Traceback" not in bot.log


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bomb(), "Unpacked, this zip is larger"),
        (link(), "is a link"),
        (zipped(("a/inner.zip", bomb()), ("a/en.md", BODY)), "only .md files and questions.yaml"),
        (zipped(("../../a/en.md", BODY)), "leads out of the zip"),
        (zipped(("/a/en.md", BODY)), "leads out of the zip"),
        (twice(), "is there twice"),
        (zipped(("a/" + "x" * 10_000 + ".md", BODY)), "that some systems do not take"),
        (zipped(("a/\x1b[31m\x00.md", BODY)), "that some systems do not take"),
        (b"PK\x03\x04" + b"\x00" * 200, "is damaged"),
    ],
    ids=["bomb", "link", "nested", "path", "root", "twice", "long", "signs", "no zip"],
)
async def test_a_hostile_zip_is_refused_in_words_and_leaves_nothing(
    bot: BotProcess, mo: Person, content: bytes, words: str
) -> None:
    refused = await said(mo, "import", Attachment("knowledge.zip", content))
    assert words in refused
    assert len(refused) < 1000 and "\x1b" not in refused
    await check_nothing_is_kept(mo, bot)
