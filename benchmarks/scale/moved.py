"""What a shard that moves to another machine costs: what was encoded is read, or encoded again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.moderating.made import MODERATOR, Maker, document
from benchmarks.speed.machine import forget_peak, resident
from benchmarks.speed.timing import Pair, Sample
from bot.answering.answers import Answerer
from bot.config import read_config
from bot.config.settings import KnowledgeSettings
from bot.guilds.knowledge import GuildKnowledge
from bot.operations.running import open_answerer
from bot.process.memory import give_back_memory
from bot.storage import Documents, Storage, open_storage
from index.building.encodings import encode_documents
from knowledge import read_document
from tests.postgres import PostgresServer

_DATABASE = "moved"
_GUILD = 1
PASSAGES = 1000
_WORDS = 100
"""Of a passage, about as long as those of the article."""
_ROUNDS = 3
_ADDED, _ADDED_PASSAGES = 40, 10


@dataclass(frozen=True, slots=True)
class Moved:
    """What it takes to open a server's documents where nothing of them is on the disk.

    Attributes:
        seconds: Where nothing was kept, so that all is encoded and then kept; and where it was.
        processor: Seconds of a processor for both, in all threads of the process.
        memory: Megabytes that both take at the most, beside a bot that is ready to answer.
        bytes: What is kept of a passage, in the database.
        written: Milliseconds to write a document of ten passages, without what was encoded of it
            and with it.
    """

    seconds: Pair
    processor: Pair
    memory: Pair
    bytes: float
    written: Pair


async def moved(server: PostgresServer, folder: Path) -> Moved:
    """Open a server's documents on one machine after the other."""
    server.execute(f"CREATE DATABASE {_DATABASE}")
    answerer = open_answerer(read_config(None), print)
    took: list[tuple[float, float, float]] = []
    async with open_storage(server.address(_DATABASE)) as storage:
        documents = storage.guild(_GUILD).documents
        for number, passage in enumerate(Maker().passages(PASSAGES, _WORDS)):
            files = document(f"Note {number}", [passage])
            await documents.put(f"note-{number}", files, by=MODERATOR, expected=0)
        for number in range(2 * _ROUNDS):
            if number % 2 == 0:
                server.execute("TRUNCATE document_encodings", _DATABASE)
            took.append(await _opened(answerer, storage, folder / str(number)))
        size = server.execute("SELECT pg_total_relation_size('document_encodings')", _DATABASE)
        written = await _written(documents, answerer)
    seconds, processor, memory = (_pair([each[at] for each in took]) for at in range(3))
    return Moved(seconds, processor, memory, int(size) / PASSAGES, written)


async def _opened(answerer: Answerer, storage: Storage, folder: Path) -> tuple[float, float, float]:
    """Seconds, those of a processor, and megabytes until questions find what the server has."""
    knowledge = GuildKnowledge(answerer, storage, folder, KnowledgeSettings())
    give_back_memory()
    forget_peak()
    before = resident()
    wall, processor = time.perf_counter(), time.process_time()
    await knowledge.of(_GUILD)
    took = (
        time.perf_counter() - wall,
        time.process_time() - processor,
        resident("VmHWM") - before,
    )
    assert knowledge.extent.passages == PASSAGES  # noqa: S101 - or nothing was measured
    await knowledge.close()
    return took


async def _written(documents: Documents, answerer: Answerer) -> Pair:
    """Milliseconds to write documents without what was encoded of them, and with it."""
    files = document("Added", Maker().passages(_ADDED_PASSAGES, _WORDS))
    read = read_document("added", files, KnowledgeSettings().limits, str(_GUILD)).document
    encoded = encode_documents([read], answerer.index, {}).documents["added"]
    took: list[float] = []
    for number in range(2 * _ADDED):
        began = time.perf_counter()
        await documents.put(
            f"added-{number}",
            files,
            by=MODERATOR,
            expected=0,
            encoded=encoded if number % 2 else None,
        )
        took.append(1000 * (time.perf_counter() - began))
    return _pair(took)


def _pair(took: Sequence[float]) -> Pair:
    """What was measured in turn."""
    return Pair(Sample(tuple(took[::2])), Sample(tuple(took[1::2])))
