"""Print how long an added document takes to be found: `python -m benchmarks.moderating.adding`.

A server has 10,000 passages, 100 documents of 100 passages of 60 words, drawn from 1,000 that are
encoded once; they are kept in `data/benchmarks/adding` for the next time. Then documents of 2,000
words are added to it one after the other, as `/knowledge add` does it, and each is asked for what
it alone says. Measured is from the request to the end of that answer: `wall` by the clock, `CPU`
in all threads.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.moderating.made import MODERATOR, Maker, document
from bot.config import read_config
from bot.guilds.knowledge import GuildKnowledge
from bot.operations.running import open_answerer
from bot.storage import DocumentChanges, Documents, DocumentVersion, open_storage
from index import Outcome
from knowledge import Language

_FOLDER = Path("data/benchmarks/adding")
_GUILD = 1
_DOCUMENTS, _EACH, _DISTINCT, _WORDS = 100, 100, 1000, 60
_ADDED, _ADDED_PASSAGES, _ADDED_WORDS = 5, 20, 100


async def measure() -> None:
    """Prepare the server, add documents and print."""
    config = read_config(None)
    answerer = open_answerer(config, print)
    table = Table("document", "words", "wall, s", "CPU, s", "passages, then")
    async with open_storage(_FOLDER / "adding.db") as storage:
        knowledge = GuildKnowledge(answerer, storage, _FOLDER / "guilds", config.knowledge)
        maker = Maker()
        documents = storage.guild(_GUILD).documents
        await _prepare(knowledge, documents, maker)
        for number in range(_ADDED):
            passages = maker.passages(_ADDED_PASSAGES, _ADDED_WORDS)
            passages[7] += f" The key of cellar {number} hangs behind the old clock."
            files = document(f"Cellar {number}", passages)
            wall, processor = time.perf_counter(), time.process_time()
            await _put(knowledge, documents, f"cellar-{number}", files)
            known = await knowledge.of(_GUILD)
            question = f"Where does the key of cellar {number} hang?"
            answer = await asyncio.to_thread(known.answerer.answer, question, Language.ENGLISH)
            wall, processor = time.perf_counter() - wall, time.process_time() - processor
            right = answer.outcome is Outcome.ANSWER and "old clock" in answer.found[0].quote.text
            if not right or answer.found[0].quote.document != f"cellar-{number}":
                raise SystemExit(f"Document {number} is not found; nothing is measured.")
            await knowledge.settle()
            words = sum(len(each.split()) for each in passages)
            count = str(knowledge.extent.passages)
            table.add_row(str(number + 1), str(words), f"{wall:.2f}", f"{processor:.2f}", count)
        for number in range(_ADDED):
            await _remove(knowledge, documents, f"cellar-{number}")
        await knowledge.close()
    Console().print(table)


async def _prepare(knowledge: GuildKnowledge, documents: Documents, maker: Maker) -> None:
    there = {each.slug for each in await documents.every()}
    passages = maker.passages(_DISTINCT, _WORDS)
    for number in range(_DOCUMENTS):
        drawn = maker.drawn(passages, _EACH)
        if f"base-{number}" not in there:
            files = document(f"Base {number}", drawn)
            await documents.put(f"base-{number}", files, by=MODERATOR, expected=0)
    # The documents that a run was stopped in.
    for slug in there:
        if slug.startswith("cellar-"):
            await _remove(knowledge, documents, slug)
    await knowledge.reload(_GUILD)
    await knowledge.settle()
    print(f"{knowledge.extent.passages} passages before")


async def _put(
    knowledge: GuildKnowledge, documents: Documents, slug: str, files: dict[str, str]
) -> None:
    newest = await documents.newest(slug)
    expected = 0 if newest is None else newest.number

    async def put(changes: DocumentChanges) -> DocumentVersion:
        return await changes.put(slug, files, by=MODERATOR, expected=expected)

    await knowledge.change(_GUILD, put)


async def _remove(knowledge: GuildKnowledge, documents: Documents, slug: str) -> None:
    newest = await documents.newest(slug)
    if newest is None:
        return
    version = newest.number

    async def remove(changes: DocumentChanges) -> None:
        await changes.remove(slug, by=MODERATOR, expected=version)

    await knowledge.change(_GUILD, remove)


if __name__ == "__main__":
    _FOLDER.mkdir(parents=True, exist_ok=True)
    asyncio.run(measure())
