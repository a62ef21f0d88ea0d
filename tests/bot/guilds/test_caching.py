"""What the storage has is read once, and nobody waits long for it."""

from __future__ import annotations

import asyncio

import pytest

from bot.guilds import caching
from bot.guilds.caching import ReadThroughCache
from bot.storage import StorageBusyError


class Slow:
    """A storage that gives a value when it is let go."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.reads = 0

    async def read(self, key: str) -> str:
        self.reads += 1
        await self.gate.wait()
        return key.upper()


async def test_a_value_is_read_once() -> None:
    slow = Slow()
    slow.gate.set()
    values: ReadThroughCache[str, str] = ReadThroughCache("A value", slow.read, 10)
    assert [await values.get("a"), await values.get("a")] == ["A", "A"]
    assert slow.reads == 1
    values.forget("a")
    assert await values.get("a") == "A"
    assert slow.reads == 2


async def test_nobody_waits_long_and_what_came_late_is_there_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(caching, "_PATIENCE", 0.01)
    slow = Slow()
    values: ReadThroughCache[str, str] = ReadThroughCache("A value", slow.read, 10)
    assert set(await asyncio.gather(values.get("a"), values.get("a"))) == {None}
    slow.gate.set()
    await asyncio.sleep(0.02)
    assert await values.get("a") == "A"
    assert slow.reads == 1


async def test_what_was_chosen_while_it_was_read_stays() -> None:
    slow = Slow()
    values: ReadThroughCache[str, str] = ReadThroughCache("A value", slow.read, 10)
    reading = asyncio.create_task(values.get("a"))
    await asyncio.sleep(0)
    values.keep("a", "chosen")
    slow.gate.set()
    await reading
    assert await values.get("a") == "chosen"


async def test_a_storage_that_fails_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    async def read(_: str) -> str:
        raise StorageBusyError("locked")

    values: ReadThroughCache[str, str] = ReadThroughCache("A value", read, 10)
    assert [await values.get("a"), await values.get("a")] == [None, None]
    assert caplog.text.count("A value: taken as unset. locked") == 2


async def test_no_more_is_kept_than_was_said() -> None:
    slow = Slow()
    slow.gate.set()
    values: ReadThroughCache[str, str] = ReadThroughCache("A value", slow.read, 2)
    for key in "abac":
        await values.get(key)
    assert await values.get("a") == "A"
    assert slow.reads == 3
    await values.get("b")
    assert slow.reads == 4
