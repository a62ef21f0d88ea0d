"""What the storage takes on either engine, and how a server's bad days end."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

from benchmarks.speed.timing import Sample
from bot.config import DatabaseServer
from bot.storage import (
    AskedQuestion,
    Meaning,
    Storage,
    StorageError,
    Surface,
    new_question_id,
    open_storage,
)
from bot.storage.opening import copy_storage
from index import Outcome
from knowledge import Language
from tests.postgres import PostgresServer

Place = Path | DatabaseServer
_TIMES = 200
_DIMENSION = 384
_PARAGRAPH = "Nous adhérons à la coalition parce que ses buts sont aussi les nôtres. " * 4
FILES = {"fr.md": f"---\ntitle: Règles\nlanguage: fr\n---\n\n{_PARAGRAPH}\n"}
_GUILDS = 200


async def operations(place: Place) -> dict[str, Sample]:
    """Milliseconds of what the bot does most, one after the other."""
    async with open_storage(place) as storage:
        guild = storage.guild(1)
        await guild.settings.change(by=1, digest=True)
        versions = iter(range(_TIMES))
        return {
            "settings of a server read": await _timed(guild.settings.read),
            "question kept": await _timed(lambda: storage.record([_question(1)])),
            "document edited": await _timed(
                lambda: guild.documents.put("rules", FILES, by=1, expected=next(versions))
            ),
        }


async def _timed(call: Callable[[], Awaitable[object]]) -> Sample:
    took = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        await call()
        took.append(1000 * (time.perf_counter() - began))
    return Sample(tuple(took))


async def changes(place: DatabaseServer) -> Sample:
    """Milliseconds from when a document is put until another engine has read it."""
    async with open_storage(place) as one, open_storage(place) as two:
        stream = two.changes()
        assert stream is not None  # noqa: S101 - of a server
        async with aclosing(stream):
            await one.guild(2).documents.put("rules", FILES, by=1, expected=0)
            await _read(stream, two, 1)
            took = []
            for version in range(1, _TIMES + 1):
                began = time.perf_counter()
                reading = asyncio.create_task(_read(stream, two, version + 1))
                await one.guild(2).documents.put("rules", FILES, by=1, expected=version)
                await reading
                took.append(1000 * (time.perf_counter() - began))
    return Sample(tuple(took))


async def _read(stream: AsyncIterator[frozenset[int]], storage: Storage, version: int) -> None:
    async for guilds in stream:
        if 2 in guilds:  # noqa: PLR2004 - the guild that is written
            found = await storage.guild(2).documents.newest("rules")
            if found is not None and found.number >= version:
                return


async def fill(place: Place, questions: int, documents: int) -> None:
    """Write so many questions and documents of many guilds."""
    async with open_storage(place) as storage:
        for guild in range(1, _GUILDS + 1):
            each = storage.guild(guild)
            await storage.record([_question(guild) for _ in range(questions // _GUILDS)])
            for number in range(documents // _GUILDS):
                await each.documents.put(f"document-{number}", FILES, by=1, expected=0)


async def copied(source: Place, target: Place) -> tuple[int, float]:
    """How many rows were copied and compared, and in how many seconds."""
    began = time.perf_counter()
    rows = (await copy_storage(source, target, lambda done, total: None)).rows  # noqa: ARG005
    return rows, time.perf_counter() - began


async def back(server: PostgresServer, place: DatabaseServer) -> Sample:
    """Seconds from when a killed server takes connections until a storage writes again."""
    took = []
    async with open_storage(place) as storage:
        for _ in range(5):
            server.kill()
            for _ in range(3):
                try:
                    await storage.record([_question(3)])
                except StorageError:
                    await asyncio.sleep(0.1)
            await asyncio.to_thread(server.start)
            began = time.perf_counter()
            while True:
                try:
                    await storage.record([_question(3)])
                    break
                except StorageError:
                    await asyncio.sleep(0.01)
            took.append(time.perf_counter() - began)
    return Sample(tuple(took))


def _question(guild: int) -> AskedQuestion:
    return AskedQuestion(
        new_question_id(), guild, dt.datetime.now(dt.UTC), "Qui fait partie de la coalition ?",
        Language.FRENCH, Outcome.ANSWER, "0123456789abcdef", 6.25, 8.5, 5, Surface.COMMAND,
        meaning=Meaning("0123456789abcdef", os.urandom(2 * _DIMENSION)),
    )  # fmt: skip
