"""A server filled with a made community, kept in a folder so that later runs find it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.community.made import Community, MadeQuestion, community
from bot.config import read_config
from bot.guilds.knowledge import GuildKnowledge
from bot.operations.running import open_answerer
from bot.storage import Storage, open_storage
from index import Index
from index.comparing import KnownQuestion

GUILD, MODERATOR = 1, 1
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Filled:
    """A server that knows what the community knows.

    Attributes:
        community: What it is made of.
        knowledge: Opens it.
        storage: Has it.
    """

    community: Community
    knowledge: GuildKnowledge
    storage: Storage


@asynccontextmanager
async def filled(documents: int, questions: int, folder: Path) -> AsyncIterator[Filled]:
    """Fill a server with so many documents, or find it filled."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    config = read_config(None)
    answerer = open_answerer(config, print)
    made = community(documents, questions)
    async with open_storage(folder / "documents.db") as storage:
        kept = storage.guild(GUILD).documents
        if await kept.count() != documents:
            for each in made.documents:
                await kept.put(each.slug, each.files, by=MODERATOR, expected=0)
        knowledge = GuildKnowledge(answerer, storage, folder / "guilds", config.knowledge)
        await knowledge.of(GUILD)
        yield Filled(made, knowledge, storage)
        await knowledge.close()


def known(questions: tuple[MadeQuestion, ...], index: Index, folder: Path) -> list[KnownQuestion]:
    """Questions with their meanings, which are kept as a bot keeps them."""
    path = folder / f"meanings-{len(questions)}.npy"
    if path.exists():
        meanings = np.load(path).astype(np.float32)
    else:
        parts = [
            index.embed([each.text for each in questions[start : start + _AT_ONCE]])
            for start in range(0, len(questions), _AT_ONCE)
        ]
        meanings = np.concatenate(parts)
        np.save(path, meanings.astype(np.float16))
    return [
        KnownQuestion(each.text, each.language, meaning)
        for each, meaning in zip(questions, meanings, strict=True)
    ]
