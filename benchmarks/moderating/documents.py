"""Print how a server does with many documents: `python -m benchmarks.moderating.documents [count]`.

10,000 documents of 30 words, no two alike, are kept in a new database, made searchable with
nothing to start from, and opened again from what is kept. Then questions are asked that the
server never heard, beside as many that go to the shared documents alone; one document more is
added and asked for what it alone says; and all are listed.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from benchmarks.moderating.made import MODERATOR, QUESTIONS, Maker, document
from bot.answering.answers import Answerer
from bot.config import read_config
from bot.guilds.knowledge import GuildKnowledge, GuildSources
from bot.operations.running import open_answerer
from bot.storage import DocumentChanges, Storage, open_storage
from index import Outcome
from index.evaluation import read_cases
from knowledge import Language

T = TypeVar("T")

_GUILD = 1
_DOCUMENTS, _WORDS, _ASKED = 10_000, 30, 40
_SAID = "The key of the last cellar hangs behind the old clock."
_QUESTION = "Where does the key of the last cellar hang?"


async def measure(count: int) -> None:
    """Keep, open, ask, add, list; and print."""
    config = read_config(None)
    answerer = open_answerer(config, print)
    rows: list[tuple[str, float]] = []

    async def timed(what: str, act: Callable[[], Awaitable[T]]) -> T:
        begun = time.perf_counter()
        done = await act()
        rows.append((what, time.perf_counter() - begun))
        return done

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        async with open_storage(place / "documents.db") as storage:

            def knowledge() -> GuildKnowledge:
                return GuildKnowledge(answerer, storage, place / "guilds", config.knowledge)

            await timed("kept in the database", lambda: _keep(storage, count))
            first = knowledge()
            await timed("made searchable from nothing", lambda: _opened(first))
            await timed("segments joined", first.settle)
            await first.close()
            again = knowledge()
            known = await timed("opened from what is kept", lambda: again.of(_GUILD))
            shared, own = _asked(answerer), _asked(known.answerer)
            rows.append(("question, shared documents alone, median", shared))
            rows.append(("question, these beside them, median", own))
            await timed("one added, until a question finds it", lambda: _add(again, count))
            documents = storage.guild(_GUILD).documents
            states = await timed("listed", documents.every)
            passages = again.extent.passages
            await again.close()
    table = Table(f"{len(states):,} documents, {passages:,} passages", "s")
    for what, seconds in rows:
        table.add_row(what, f"{seconds:.3f}")
    Console().print(table)


async def _keep(storage: Storage, count: int) -> None:
    documents = storage.guild(_GUILD).documents
    for number, passage in enumerate(Maker().passages(count, _WORDS)):
        files = document(f"Note {number}", [passage])
        await documents.put(f"note-{number}", files, by=MODERATOR, expected=0)


async def _opened(knowledge: GuildKnowledge) -> GuildSources:
    def told(done: int, total: int) -> None:
        print(f"\r{done} of {total}", end="", flush=True)

    await knowledge.reload(_GUILD, told)
    print()
    return await knowledge.of(_GUILD)


def _asked(answerer: Answerer) -> float:
    """The median of the seconds that questions take which were never asked before."""
    cases = read_cases(QUESTIONS, answerer.index)
    english = [each.question for each in cases if each.language is Language.ENGLISH]
    took = []
    for question in english[:_ASKED]:
        begun = time.perf_counter()
        answerer.answer(question, Language.ENGLISH)
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


async def _add(knowledge: GuildKnowledge, count: int) -> None:
    async def put(documents: DocumentChanges) -> None:
        files = document("Cellar", [_SAID])
        await documents.put(f"cellar-{count}", files, by=MODERATOR, expected=0)

    await knowledge.change(_GUILD, put)
    known = await knowledge.of(_GUILD)
    answer = await asyncio.to_thread(known.answerer.answer, _QUESTION, Language.ENGLISH)
    if answer.outcome is not Outcome.ANSWER or answer.found[0].quote.text != _SAID:
        raise SystemExit("The document that was added is not found; nothing is measured.")


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else _DOCUMENTS))
