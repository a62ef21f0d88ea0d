"""Print what servers' own documents take of memory: `python -m benchmarks.moderating.servers`.

500 servers have 100 passages of 60 words each; each has files of its own, which are copies of one
that was encoded. A process that is ready to answer, without any server, is the empty bot. It is
asked once in every server, and what it takes then is counted: once as configured, where only so
many servers are kept open, and once where all of them are. `anonymous` is what the process alone
holds and only swapping can take from it; `resident` counts the parts of mapped files that were
read as well, which the system takes back without loss when it needs the memory. `in memory/file`
is what remains of `anonymous` without the vectors, divided by the size of the documents' files.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pydantic import JsonValue
from rich.console import Console
from rich.table import Table

from benchmarks.moderating.made import MODERATOR, Maker, document
from bot.config import Config, read_config
from bot.config.settings import KnowledgeSettings
from bot.guilds.knowledge import GuildKnowledge
from bot.operations.running import open_answerer
from bot.process.memory import give_back_memory
from bot.storage import open_storage
from index.segments.generation import DOCUMENTS_FILE, VECTORS_FILE
from knowledge import Language

_SERVERS, _PASSAGES, _WORDS = 500, 100, 60
_ALL = KnowledgeSettings(open_servers=_SERVERS, open_megabytes=10_000)


def main() -> None:
    """Prepare the servers, measure each way in a process of its own, and print."""
    if len(sys.argv) > 1:
        print(json.dumps(asyncio.run(_asked(Path(sys.argv[1]), all_open=sys.argv[2] == "all"))))
        return
    table = Table(
        "kept open",
        "anonymous, MB",
        "resident, MB",
        "estimated, MB",
        "in memory/file",
        "opened in, ms",
    )
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_prepare(Path(folder)))
        for way in ("configured", "all"):
            ran = subprocess.run(  # noqa: S603
                [sys.executable, "-m", "benchmarks.moderating.servers", folder, way],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            found = json.loads(ran.stdout.splitlines()[-1])
            table.add_row(
                str(found["open"]),
                f"+{found['anonymous']:.1f}", f"+{found['resident']:.1f}",
                f"{found['estimated']:.1f}", f"{found['unpacked']:.2f}", f"{found['opened']:.0f}",
            )  # fmt: skip
    Console().print(table)


async def _prepare(folder: Path) -> None:
    config = read_config(None)
    answerer = open_answerer(config, print)
    files = document("Base", Maker().passages(_PASSAGES, _WORDS))
    async with open_storage(folder / "servers.db") as storage:
        for guild in range(1, _SERVERS + 1):
            documents = storage.guild(guild).documents
            await documents.put("base", files, by=MODERATOR, expected=0)
        knowledge = GuildKnowledge(answerer, storage, folder / "guilds", config.knowledge)
        await knowledge.of(1)
        await knowledge.close()
    for guild in range(2, _SERVERS + 1):
        shutil.copytree(folder / "guilds" / "1", folder / "guilds" / str(guild))


async def _asked(folder: Path, *, all_open: bool) -> dict[str, JsonValue]:
    """Ask in every server; what the process takes more than before, in MB of 10**6 bytes."""
    config: Config = read_config(None)
    answerer = open_answerer(config, print)
    settings = _ALL if all_open else config.knowledge
    async with open_storage(folder / "servers.db") as storage:
        knowledge = GuildKnowledge(answerer, storage, folder / "guilds", settings)
        answerer.answer("Who is Tim Wu?", Language.ENGLISH)
        give_back_memory()
        before, took = _memory(), []
        for guild in range(1, _SERVERS + 1):
            began = time.perf_counter()
            known = await knowledge.of(guild)
            took.append(1000 * (time.perf_counter() - began))
            answer = await asyncio.to_thread(
                known.answerer.answer, f"What do they say of {guild}?", Language.ENGLISH
            )
            assert len(known.answerer.index.segments.every) > 1, answer  # noqa: S101 - its own
        give_back_memory()
        after = _memory()
        extent = knowledge.extent
        anonymous = after["Anonymous"] - before["Anonymous"]
        documents, vectors = (
            sum(each.stat().st_size for each in (folder / "guilds" / "1").glob(f"*/{name}"))
            for name in (DOCUMENTS_FILE, VECTORS_FILE)
        )
        await knowledge.close()
        return {
            "open": extent.servers,
            "opened": statistics.median(took),
            "anonymous": anonymous / 1e6,
            "resident": (after["Rss"] - before["Rss"]) / 1e6,
            "estimated": extent.bytes / 1e6,
            "unpacked": (anonymous / extent.servers - vectors) / documents,
        }


def _memory() -> dict[str, int]:
    """What this process takes, in bytes, by the names that Linux gives it."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    return {line.split(":")[0]: 1024 * int(line.split()[1]) for line in lines}


if __name__ == "__main__":
    main()
