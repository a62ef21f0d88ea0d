"""What each server knows: the shared documents, and those that its moderators added.

The storage has the truth. For each server a store of segments beside the shared index makes
its documents searchable; it is brought up to the storage when the server is first asked for,
and after every change, which is only said to be done when questions find it.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.answering.answers import Answerer
from bot.answering.suggestions import Suggestions
from bot.config.settings import KnowledgeSettings
from bot.guilds.documents import GuildDocuments
from bot.process.worker import Worker
from bot.storage import DocumentChanges, DocumentState, Storage
from bot.telemetry.watched import Extent
from index import DocumentStore, Index, IndexingError, Progress

log = logging.getLogger(__name__)

T = TypeVar("T")

_LONGEST = 3600.0
"""Seconds that putting documents in may take: a whole server's, after its cache was lost."""
_WAITING = 1000


@dataclass(frozen=True, slots=True)
class GuildSources:
    """What one server is answered from.

    Attributes:
        answerer: Answers its members' questions.
        suggestions: The curated questions that they are offered.
        whole: Answers from all documents, those for moderators alone among them.
    """

    answerer: Answerer
    suggestions: Suggestions
    whole: Answerer


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a server is answered from, and what it would be answered from after a change."""

    before: Answerer
    after: Answerer


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What a server has after everything was read anew.

    Attributes:
        documents: How many of its own documents questions find.
        passages: How many passages these have.
        rebuilt: How many of them had to be made searchable again.
        unreadable: The slugs of documents that are kept and cannot be used.
    """

    documents: int
    passages: int
    rebuilt: int
    unreadable: tuple[str, ...]


@dataclass(slots=True)
class _Open:
    """A server whose store is open.

    Attributes:
        store: Its segments.
        sequence: The server's sequence up to which they are.
        knowledge: What its questions are answered from.
        joining: The segments being joined, if they are.
        put: How many documents were put in since it was opened.
    """

    store: DocumentStore
    sequence: int
    knowledge: GuildSources
    joining: asyncio.Task[None] | None = None
    put: int = 0


class GuildKnowledge:
    """Opens what servers know when they are asked for, and keeps only so much open.

    Attributes:
        shared: What is answered from where there are no other documents.
        put_in_force: How often so far the documents of a server were opened, changed or joined.
    """

    def __init__(
        self,
        shared: Answerer,
        storage: Storage | None,
        folder: Path,
        settings: KnowledgeSettings,
    ) -> None:
        """Start.

        Args:
            shared: Answers from the shared documents.
            storage: Has the servers' documents; None for none.
            folder: Where each server's segments are, in a folder of its own.
            settings: How documents are divided, and how much is kept open.
        """
        self.shared = GuildSources(shared, Suggestions(shared.index), shared)
        self.put_in_force = 0
        self._storage = storage
        self._folder = folder
        self._settings = settings
        self._worker = Worker(1, _WAITING, _LONGEST)
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._open: OrderedDict[int, _Open] = OrderedDict()
        self._without: set[int] = set()

    @property
    def opened(self) -> tuple[int, ...]:
        """The servers that are open, the one that was asked for longest ago first."""
        return tuple(self._open)

    @property
    def index(self) -> Index:
        """The shared index."""
        return self.shared.answerer.index

    @property
    def extent(self) -> Extent:
        """How much is open."""
        stores = [each.store for each in self._open.values()]
        documents = [document for each in stores for document in each.documents]
        return Extent(
            servers=len(stores),
            documents=len(documents),
            passages=sum(len(each.passages) for each in documents),
            segments=sum(each.segments for each in stores),
            bytes=sum(each.bytes for each in stores),
        )

    async def of(self, guild: int | None) -> GuildSources:
        """What a server is answered from; the shared documents alone elsewhere.

        Raises:
            StorageError: Its documents cannot be read.
            IndexingError: They cannot be made searchable.
        """
        if guild is None or self._storage is None or guild in self._without:
            return self.shared
        held = self._open.get(guild)
        if held is None:
            async with self._locks[guild]:
                held = self._open.get(guild) or await self._opened(guild)
        if held is None:
            return self.shared
        if guild in self._open:
            self._open.move_to_end(guild)
        return held.knowledge

    async def change(
        self,
        guild: int,
        act: Callable[[DocumentChanges], Awaitable[T]],
        progress: Progress | None = None,
        puts: int = 1,
    ) -> T:
        """Change a server's documents; returns once questions find what changed.

        Args:
            guild: The server.
            act: Changes what the storage has.
            progress: Told, in the event loop, how far encoding is.
            puts: How many documents it puts.

        Raises:
            StorageError: Nothing was changed.
            IndexingError: The change is kept, and is not searchable yet.
        """
        async with self._locks[guild]:
            documents = self._documents(guild)
            done = await act(documents.changes(progress, puts))
            self._without.discard(guild)
            held = self._open.get(guild)
            if held is None:
                await self._opened(guild, progress)
            else:
                changed = await documents.kept.changes_since(held.sequence)
                await self._bring_up(guild, held, changed, progress)
            return done

    async def foreseen(
        self,
        guild: int,
        files: Mapping[str, Mapping[str, str]],
        removed: Collection[str] = (),
        progress: Progress | None = None,
    ) -> Foreseen:
        """What a server would be answered from, if its documents were changed; nothing is.

        Args:
            guild: The server.
            files: By slug the files of documents that would be put.
            removed: The slugs of those that would be removed.
            progress: Told, in a thread, how far encoding is; what it raises ends it.

        Raises:
            StorageError: Its documents cannot be read.
            IndexingError: They cannot be made searchable.
            BusyError: Too much is being made searchable.
            DocumentError: A file cannot be used.
        """
        async with self._locks[guild]:
            held = self._open.get(guild) or await self._opened(guild)
            before = self.shared if held is None else held.knowledge
            store = None if held is None else held.store
            index = await self._worker.run_for(
                guild, self._documents(guild).foreseen, store, files, removed, progress
            )
            return Foreseen(before.answerer, self.shared.answerer.beside(self._public(index)))

    async def reload(self, guild: int, progress: Progress | None = None) -> Reloaded:
        """Read a server's documents anew, and all that was computed from them.

        What does not match its checksum any more is computed again. Questions are answered as
        before until all is there.

        Args:
            guild: The server.
            progress: Told, in the event loop, how far encoding is.

        Raises:
            StorageError: Its documents cannot be read.
            IndexingError: They cannot be made searchable.
            BusyError: Too much is being made searchable.
        """
        async with self._locks[guild]:
            before = self._open.get(guild)
            if before is not None and before.joining is not None:
                await before.joining
            self._without.discard(guild)
            held = await self._opened(guild, progress)
            if held is None:
                self._open.pop(guild, None)
                return Reloaded(0, 0, 0, ())
            own = held.store.documents
            kept = await self._documents(guild).kept.slugs()
            found = {each.slug for each in own}
            return Reloaded(
                documents=len(own),
                passages=sum(len(each.passages) for each in own),
                rebuilt=held.put,
                unreadable=tuple(each for each in kept if each not in found),
            )

    async def catch_up(self, guild: int) -> None:
        """Let questions find what another process changed, where the server is open here.

        Raises:
            StorageError: Its documents cannot be read.
            IndexingError: They cannot be made searchable.
            BusyError: Too much is being made searchable.
        """
        if guild not in self._locks:
            return
        async with self._locks[guild]:
            self._without.discard(guild)
            held = self._open.get(guild)
            if held is None:
                return
            states = await self._documents(guild).kept.every()
            have = held.store.versions
            gone = await self._let_go(guild, held.store, states)
            if gone or any(have.get(each.slug) != each.version for each in states):
                await self._bring_up(guild, held, states, None)

    async def forget(self, guild: int) -> None:
        """Let go of all that is kept of a server here, which the storage has no longer."""
        async with self._locks[guild]:
            held = self._open.pop(guild, None)
            if held is not None and held.joining is not None:
                await held.joining
            await self._worker.run_for(guild, shutil.rmtree, self._place(guild), ignore_errors=True)

    async def settle(self) -> None:
        """Wait until nothing is being joined."""
        tasks = [each.joining for each in self._open.values() if each.joining is not None]
        await asyncio.gather(*tasks)

    async def close(self) -> None:
        """Finish what is being written and take no more."""
        await self.settle()
        self._worker.close()

    def _place(self, guild: int) -> Path:
        return self._folder / str(guild)

    def _documents(self, guild: int) -> GuildDocuments:
        assert self._storage is not None  # noqa: S101 - nothing is opened or changed without one
        base, limits = self.shared.answerer.index, self._settings.limits
        return GuildDocuments(guild, self._storage, base, limits, self._worker)

    async def _opened(self, guild: int, progress: Progress | None = None) -> _Open | None:
        """Open a server's store and bring it up to the storage; None where it has none."""
        states = await self._documents(guild).kept.every()
        if not states and not self._place(guild).exists():
            self._without.add(guild)
            return None
        base = self.shared.answerer.index
        store = await self._worker.run_for(
            guild, DocumentStore, self._place(guild), base, repr(self._settings.limits)
        )
        for problem in store.problems:
            log.warning(
                "The index of the server %d is made again from its documents: %s.", guild, problem
            )
        held = _Open(store, 0, self.shared)
        try:
            await self._let_go(guild, store, states)
            await self._bring_up(guild, held, states, progress)
        except IndexingError:
            # Where a full disk takes no more, what is searchable already is answered from.
            held.knowledge = await self._known(guild, store)
            self._keep_open(guild, held)
            raise
        self._keep_open(guild, held)
        return held

    def _keep_open(self, guild: int, held: _Open) -> None:
        self._open[guild] = held
        self._make_room()

    async def _let_go(
        self, guild: int, store: DocumentStore, states: Iterable[DocumentState]
    ) -> bool:
        """Remove what is not among all documents any more; returns whether there was any."""
        gone = store.versions.keys() - {each.slug for each in states}
        if gone:
            await self._worker.run_for(guild, store.change, [], gone)
        return bool(gone)

    async def _bring_up(
        self, guild: int, held: _Open, states: Iterable[DocumentState], progress: Progress | None
    ) -> None:
        """Put in and remove what changed."""
        states = tuple(states)
        have = held.store.versions
        removed = [each.slug for each in states if each.removed and each.slug in have]
        wanted = [
            each.slug for each in states if not each.removed and have.get(each.slug) != each.version
        ]
        if removed:
            await self._worker.run_for(guild, held.store.change, [], removed)
        held.put += await self._documents(guild).put_into(held.store, wanted, progress)
        held.sequence = max([held.sequence, *(each.sequence for each in states)])
        held.knowledge = await self._known(guild, held.store)
        if held.store.is_due() and held.joining is None:
            held.joining = asyncio.create_task(self._join(guild, held))

    async def _known(self, guild: int, store: DocumentStore) -> GuildSources:
        """What a server is answered from, as its store is now."""
        index = store.index
        public = await self._worker.run_for(guild, self._public, index)
        suggestions = await self._worker.run_for(guild, Suggestions, public)
        self.put_in_force += 1
        beside = self.shared.answerer.beside
        return GuildSources(beside(public), suggestions, beside(index))

    def _public(self, index: Index) -> Index:
        """What members of a server are answered from, of all that it has."""
        own = index.documents[len(self.index.documents) :]
        return index.without({each.slug for each in own if each.is_for_moderators})

    async def _join(self, guild: int, held: _Open) -> None:
        """Join segments of like size, while questions go on being answered."""
        try:
            due = True
            while due:
                due = await self._worker.run_for(guild, held.store.join)
            held.knowledge = await self._known(guild, held.store)
        except Exception:
            # Nothing is lost: they are joined after the next change.
            log.exception("The segments of the server %d could not be joined.", guild)
        finally:
            held.joining = None

    def _make_room(self) -> None:
        """Close the stores that were asked for longest ago, while there are too many."""
        idle = [guild for guild, each in self._open.items() if each.joining is None]
        for guild in idle[:-1]:
            size = sum(each.store.bytes for each in self._open.values())
            few = len(self._open) <= self._settings.open_servers
            if few and size <= self._settings.open_megabytes << 20:
                return
            del self._open[guild]
