"""Writes documents for ever and says on standard output what is done: to be killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.config import DatabaseServer
from bot.config.database import database_at
from bot.storage import open_storage
from index.building.encodings import EncodedDocument

GUILD = 11
SLUG = "rules"
LENGTH = 20_000


def files(version: int) -> dict[str, str]:
    """The files of a version: long, and alike in all places."""
    return {"fr.md": f"{version} " * LENGTH, "en.md": f"{version} " * LENGTH}


def encoded(version: int) -> EncodedDocument:
    """What was encoded of a version: long, and alike in all places."""
    return EncodedDocument("e" * 64, "5" * 64, f"{version} ".encode() * LENGTH)


async def write(place: Path | DatabaseServer) -> None:
    """Add, edit, remove and restore, from where the killed writer before this one stopped."""
    async with open_storage(place) as storage:
        documents = storage.guild(GUILD).documents
        history = await documents.history(SLUG)
        version = history[0].number if history else 0
        there = await documents.newest(SLUG) is not None
        while True:
            written = await documents.put(
                SLUG,
                files(version + 1),
                by=1,
                expected=version if there else 0,
                encoded=encoded(version + 1),
            )
            version, there = written.number, True
            print("put", version, flush=True)  # noqa: T201
            if version % 3 == 0:
                await documents.remove(SLUG, by=1, expected=version)
                print("removed", version, flush=True)  # noqa: T201
                await documents.bring_back(SLUG, by=1, encoded=encoded(version))
                print("back", version, flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(write(database_at(sys.argv[1])))
