"""What a server has of its own, for the page to answer as there; it is only read."""

from __future__ import annotations

import asyncio
import datetime as dt
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.answering.answers import Answerer
from bot.answering.catalogue import Catalogue
from bot.answering.pins import Pinned
from bot.config import Config, DatabaseServer
from bot.errors import PreviewError
from bot.guilds.catalogue import COUNTED, Catalogued
from bot.guilds.knowledge import GuildKnowledge, GuildSources
from bot.guilds.pins import PinBook
from bot.locales import Words
from bot.process.worker import Worker
from bot.storage import Storage, open_storage
from bot.storage.opening import using_engine
from index import Strictness
from index.encoders.encoder import FloatArray

_MOST_NAMED = 10
_PREFIX = "coalition-bot-"


@dataclass(frozen=True, slots=True)
class Server:
    """A server as it was when it was read.

    Attributes:
        id: Its id.
        knowledge: What it is answered from.
        strictness: How sure the bot must be there.
        pinned: Its pins; None where it has none.
        documents: How many documents of its own it has.
        pins: How many pins.
        catalogued: What `/topics` lists there.
        has_moderators: Whether members can hand questions to moderators.
    """

    id: int
    knowledge: GuildSources
    strictness: Strictness
    pinned: Pinned | None
    documents: int
    pins: int
    catalogued: Catalogued
    has_moderators: bool


@asynccontextmanager
async def reading_server(
    config: Config, answerer: Answerer, worker: Worker, guild: int
) -> AsyncIterator[Server]:
    """Read a server, while the bot may be running; what is computed of it goes in the end.

    The database is read from a copy, where it is a file, and the folder of the server's segments
    is left alone: the bot's process writes there.

    Args:
        config: Where everything is.
        answerer: Answers from the shared documents.
        worker: Embeds the questions of pins.
        guild: The server.

    Raises:
        PreviewError: Nothing is kept of it.
        StorageError: The database cannot be read.
        IndexingError: The documents cannot be made searchable.
    """
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
        async with AsyncExitStack() as stack:
            async with _storage(config.database_place) as storage:
                await _expect_known(storage, guild)
                knowledge = GuildKnowledge(answerer, storage, Path(folder), config.knowledge)
                stack.push_async_callback(knowledge.close)
                server = await _read(config, storage, knowledge, worker, guild)
            yield server


@asynccontextmanager
async def _storage(place: Path | DatabaseServer) -> AsyncIterator[Storage]:
    """The storage, or a copy of it where it is a file."""
    if not isinstance(place, Path):
        async with open_storage(place) as storage:
            yield storage
        return
    if not await asyncio.to_thread(place.exists):
        raise PreviewError(Words("error.preview_no_database", place=place))
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
        copy = Path(folder) / place.name
        async with using_engine(place) as engine:
            await engine.backup(copy)
        async with open_storage(copy) as storage:
            yield storage


async def _expect_known(storage: Storage, guild: int) -> None:
    known = sorted(await storage.sequences())
    if guild in known:
        return
    named: str = ", ".join(map(str, known[:_MOST_NAMED])) or Words("error.none")
    if len(known) > _MOST_NAMED:
        named = Words("doctor.and_more", named=named, count=len(known) - _MOST_NAMED)
    raise PreviewError(Words("error.preview_no_server", guild=guild, named=named))


async def _read(
    config: Config, storage: Storage, knowledge: GuildKnowledge, worker: Worker, guild: int
) -> Server:
    shared = knowledge.index

    async def embed(guild: int, questions: Sequence[str]) -> FloatArray:
        return await worker.run_for(guild, shared.embed, questions)

    known = await knowledge.of(guild)
    kept = storage.guild(guild)
    settings = await kept.settings.read()
    changed = {each.slug: each.changed.date() for each in await kept.documents.every()}
    quoted = await kept.questions.quoted_since(dt.datetime.now(dt.UTC) - COUNTED)
    return Server(
        guild,
        known,
        settings.strictness or config.questions.strictness,
        await PinBook(storage, embed).of(guild),
        knowledge.extent.documents,
        len(await kept.pins.every()),
        Catalogued(Catalogue(known.answerer.index, changed), quoted),
        settings.moderators_channel is not None,
    )
