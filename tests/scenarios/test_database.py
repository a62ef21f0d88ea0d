"""The database fails while members ask: answers go on, and what cannot be kept is said."""

from __future__ import annotations

import re
import resource
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from discord import Permissions

from bot.config.settings import DATABASE_FILE
from tests.discord_server import Attachment, BotProcess
from tests.scenarios.conftest import ANSWER, QUESTION, House


def database(config: Path) -> Path:
    return config.parent / "data" / DATABASE_FILE


async def check_answers_go_on(house: House) -> None:
    for person in house.crowd(3):
        asked = await (await person.ask(QUESTION)).done()
        assert asked.original is not None
        assert ANSWER in asked.original.text
        assert asked.took < 3


async def test_a_locked_database_costs_no_answer(
    bot: BotProcess, house: House, config: Path
) -> None:
    holding = sqlite3.connect(database(config), isolation_level=None)
    try:
        holding.execute("BEGIN IMMEDIATE")
        await check_answers_go_on(house)
        chosen = await house.ann.command("language", language="fr")
        refused = await chosen.card(within=20)
        assert "cannot save anything" in refused.text
        assert refused.ephemeral
        assert not chosen.refused
    finally:
        holding.close()
    kept = await (await house.ann.command("language", language="fr")).card()
    assert "cannot save" not in kept.text
    await bot.logged("has been locked")
    assert "Traceback" not in bot.log


@pytest.fixture
def locked(config: Path) -> Iterator[Callable[[], None]]:
    """Has another program hold the database from when it is called."""
    holding = []

    def lock() -> None:
        connection = sqlite3.connect(database(config), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        holding.append(connection)

    yield lock
    for each in holding:
        each.close()


async def test_a_locked_database_leaves_no_moderator_without_a_word(
    bot: BotProcess, house: House, locked: Callable[[], None]
) -> None:
    allowed = Permissions(manage_messages=True, manage_guild=True)
    mo = house.discord.person("mo", house.ann.member.guild, permissions=allowed)
    panel = await (await mo.command("settings")).card()
    found = await (await house.ann.ask(QUESTION)).card()
    passage = re.search(
        r"context:([0-9a-f]{16})", " ".join(value for _, value in found.choices.values())
    )
    assert passage is not None
    pinned = await (await mo.command("pin", question=QUESTION, passage=passage[1])).card()
    assert "Tim Wu" in pinned.text
    locked()
    chosen = await mo.choose(panel, "setting:questions_a_minute", "3")
    refused = await chosen.card(within=20)
    assert "cannot save anything" in refused.text
    assert refused.ephemeral
    waiting = [
        await mo.press(pinned, "Unpin"),
        await mo.command("pin", question="What has Tim Wu been asked to join?", passage=passage[1]),
        await mo.command("unpin", question="pin:1"),
        await mo.command("knowledge add", file=Attachment("bakery.md", b"It opens at nine.")),
        await house.ann.command("forget-me"),
    ]
    for each in waiting:
        refused = await each.card(within=40)
        assert "cannot save anything" in refused.text
        assert refused.ephemeral
        assert not each.refused
    assert "Traceback" not in bot.log


async def test_a_database_that_is_gone_costs_no_answer(
    bot: BotProcess, house: House, config: Path
) -> None:
    there = database(config)
    there.rename(there.with_name("moved"))
    await check_answers_go_on(house)
    refused = await (await house.ann.command("language", language="fr")).card()
    assert "cannot save anything" in refused.text
    await bot.logged("was moved or replaced")
    assert "Traceback" not in bot.log


async def test_a_full_disk_costs_no_answer(bot: BotProcess, house: House, config: Path) -> None:
    # A process that may write no larger files meets what a full disk gives it.
    del config
    pid = bot.running.pid
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, most))
    await check_answers_go_on(house)
    refused = await (await house.ann.command("language", language="fr")).card()
    assert "cannot save anything" in refused.text
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))
    kept = await (await house.ann.command("language", language="fr")).card()
    assert "cannot save" not in kept.text
    assert "Traceback" not in bot.log
