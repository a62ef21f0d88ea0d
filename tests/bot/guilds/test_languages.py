"""The languages that members chose are read together, and none is lost meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.guilds.languages import HeardLanguages, LanguageBook
from bot.storage import Storage, StorageBusyError, open_storage
from knowledge import Language

ANN, ZOE = 1, 2


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with open_storage(tmp_path / "members.db") as opened:
        yield opened


async def test_languages_are_read_once_for_all(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await storage.preferences.choose_language(ANN, Language.FRENCH)
    book = LanguageBook(storage)
    assert await book.of(ANN) is Language.FRENCH
    monkeypatch.delattr(type(storage.preferences), "languages")
    assert await book.of(ZOE) is None
    await book.choose(ZOE, Language.ENGLISH)
    await book.choose(ANN, None)
    assert [await book.of(ANN), await book.of(ZOE)] == [None, Language.ENGLISH]
    await book.forget(ZOE)
    assert await book.of(ZOE) is None


async def test_what_is_chosen_while_they_are_read_counts(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    preferences = storage.preferences
    read, choose = preferences.languages, preferences.choose_language
    begun, chosen, gate = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow() -> dict[int, Language]:
        found = await read()
        begun.set()
        await gate.wait()
        return found

    async def told(member: int, language: Language | None) -> None:
        await choose(member, language)
        chosen.set()

    monkeypatch.setattr(preferences, "languages", slow)
    monkeypatch.setattr(preferences, "choose_language", told)
    book = LanguageBook(storage)
    asking = asyncio.create_task(book.of(ANN))
    await begun.wait()
    choosing = asyncio.create_task(book.choose(ANN, Language.FRENCH))
    await chosen.wait()
    gate.set()
    await choosing
    assert await asking is Language.FRENCH
    assert await book.of(ANN) is Language.FRENCH


async def test_another_process_is_heard_of_and_a_failure_changes_nothing(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    book = LanguageBook(storage)
    assert await book.of(ANN) is None
    await storage.preferences.choose_language(ANN, Language.FRENCH)
    await book.read_anew()
    assert await book.of(ANN) is Language.FRENCH

    async def busy() -> dict[int, Language]:
        raise StorageBusyError("locked")

    monkeypatch.setattr(storage.preferences, "languages", busy)
    await book.read_anew()
    assert await book.of(ANN) is Language.FRENCH
    assert "as they were. locked" in caplog.text


def test_a_channel_speaks_what_was_last_told_there() -> None:
    heard = HeardLanguages()
    assert heard.of(1) is None
    heard.note(1, Language.FRENCH)
    heard.note(2, Language.ENGLISH)
    heard.note(1, Language.ENGLISH)
    heard.note(None, Language.FRENCH)
    assert (heard.of(1), heard.of(2), heard.of(None)) == (Language.ENGLISH, Language.ENGLISH, None)


def test_channels_that_were_silent_longest_are_forgotten() -> None:
    heard = HeardLanguages()
    for channel in range(5000):
        heard.note(0, Language.FRENCH)
        heard.note(channel, Language.FRENCH)
    assert heard.of(0) and heard.of(4999)
    assert heard.of(1) is None
