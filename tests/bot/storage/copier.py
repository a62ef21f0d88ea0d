"""Copies a database a few rows at a time and says every step on standard output: to be killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.config.database import database_at
from bot.storage.opening import open_engine
from bot.storage.sql.copying import copy_database


def say(done: int, total: int) -> None:
    print(done, total, flush=True)  # noqa: T201


async def copy(source: Path, target: str) -> None:
    reading, writing = open_engine(source), open_engine(database_at(target))
    await copy_database(reading, writing, say, at_once=3)


if __name__ == "__main__":
    asyncio.run(copy(Path(sys.argv[1]), sys.argv[2]))
