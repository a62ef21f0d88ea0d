"""How a server's documents become searchable: read, encoded and put into its store.

On a storage that machines share, what was encoded of a document is kept with it. A change encodes
first and writes both in one transaction; whoever opens the server encodes what nobody has kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import BusyError, WorkerError
from bot.process.memory import give_back_freed
from bot.process.worker import Worker
from bot.storage import (
    DocumentChanges,
    Documents,
    DocumentState,
    DocumentVersion,
    Storage,
    StorageError,
)
from index import DocumentStore, Index, IndexingError, Progress
from index.building.encodings import EncodedDocument, Encodings, encode_documents
from index.building.store import VersionedDocument
from knowledge import Document, DocumentError, PassageLimits, read_document

log = logging.getLogger(__name__)

_READ_TOGETHER = 64
_PUT_TOGETHER = 500_000
"""Characters of documents that are put in together while a store is brought up to the storage:
every time costs what all segments together cost, and an interruption loses what it was at. What
was encoded of them is in memory meanwhile: 75 MB, twice."""
_LARGEST_KEPT = 500_000
"""Characters of a document up to which what was encoded of it is kept: some 50 MB in one row."""
_KEPT_TOGETHER = 16
"""Documents in one transaction: who writes for the same server waits for it."""


class GuildDocuments:
    """The documents of one server, on their way into its store.

    Attributes:
        kept: What the storage has.
    """

    def __init__(
        self, guild: int, storage: Storage, base: Index, limits: PassageLimits, worker: Worker
    ) -> None:
        """Start.

        Args:
            guild: The server.
            storage: Has its documents.
            base: What they are searched beside.
            limits: How they are divided.
            worker: Reads them, encodes them and puts them in.
        """
        self.kept: Documents = storage.guild(guild).documents
        self._guild = guild
        self._shared = storage.is_shared
        self._base = base
        self._limits = limits
        self._worker = worker

    def changes(self, progress: Progress | None, puts: int) -> DocumentChanges:
        """What changes the documents: encoding first, where what was encoded is kept.

        Args:
            progress: Told, in the event loop, how far encoding is.
            puts: How many documents will be put.
        """
        return _EncodedFirst(self, progress, puts) if self._shared else self.kept

    async def put_into(
        self, store: DocumentStore, slugs: Sequence[str], progress: Progress | None
    ) -> int:
        """Put the newest versions of documents in; one that cannot be read is named and left out.

        Args:
            store: Where they are put.
            slugs: The documents.
            progress: Told, in the event loop, how far it is.

        Returns:
            How many were put in.

        Raises:
            StorageError: They cannot be read.
            IndexingError: They cannot be made searchable.
            BusyError: Too much is being made searchable.
        """
        told = None if progress is None else _in_the_loop(progress)
        before = put = 0
        async for newest in self._batches(slugs):
            part = None if told is None else _part(told, before, len(newest), len(slugs))
            put += await self._put(store, newest, part)
            before += len(newest)
            if told is not None and len(newest) < len(slugs):
                told(before, len(slugs))
        return put

    async def _put(
        self, store: DocumentStore, newest: Sequence[DocumentVersion], progress: Progress | None
    ) -> int:
        read = await self._worker.run_for(self._guild, self._read, newest)
        if read:
            encodings = await self._encodings(newest, read, progress) if self._shared else None
            await self._worker.run_for(self._guild, store.change, read, (), progress, encodings)
            del encodings
            await self._worker.run_for(self._guild, give_back_freed)
        return len(read)

    async def encoded(
        self, slug: str, files: Mapping[str, str], replaced: int, progress: Progress | None
    ) -> EncodedDocument | None:
        """Encode files that are to be written; None where nothing is to be kept of them.

        Args:
            slug: The document.
            files: Its files.
            replaced: The version in whose place they are written; 0 for none.
            progress: Called, in a thread, after every batch.

        Raises:
            StorageError: What is kept cannot be read.
            IndexingError, WorkerError: They cannot be encoded.
            BusyError: Too much is being made searchable.
        """
        if not _is_to_be_kept(files):
            return None
        before = await self.kept.encoded_of({slug: replaced})
        encodings = await self._worker.run_for(
            self._guild, self._encoded, slug, files, before, progress
        )
        if encodings is None:
            return None
        self._say(encodings)
        return encodings.documents[slug]

    def foreseen(
        self,
        store: DocumentStore | None,
        files: Mapping[str, Mapping[str, str]],
        removed: Collection[str],
        progress: Progress | None,
    ) -> Index:
        """The index that there would be, in a thread.

        Args:
            store: What the server has; None for nothing.
            files: By slug the files of documents that would be put.
            removed: The slugs of those that would be removed.
            progress: Called after every batch that is encoded.

        Raises:
            DocumentError: A file cannot be used.
            IndexingError: There is no room.
            EncoderError: The encoder failed.
        """
        put = [VersionedDocument(self._document(slug, each), 0) for slug, each in files.items()]
        if store is not None:
            return store.foreseen(put, removed, progress)
        with TemporaryDirectory() as folder:
            return DocumentStore(Path(folder), self._base, "").foreseen(put, (), progress)

    def _encoded(
        self,
        slug: str,
        files: Mapping[str, str],
        before: Mapping[str, EncodedDocument],
        progress: Progress | None,
    ) -> Encodings | None:
        try:
            document = self._document(slug, files)
        except DocumentError:
            # It is kept all the same, and named when it would be put in.
            return None
        return encode_documents([document], self._base, before, progress)

    def _document(self, slug: str, files: Mapping[str, str]) -> Document:
        return read_document(slug, files, self._limits, str(self._guild)).document

    def _read(self, versions: Iterable[DocumentVersion]) -> list[VersionedDocument]:
        read: list[VersionedDocument] = []
        for each in versions:
            try:
                read.append(VersionedDocument(self._document(each.slug, each.files), each.number))
            except DocumentError as error:
                log.warning("Left out of the server %d: %s", self._guild, error)
        return read

    async def _encodings(
        self,
        newest: Sequence[DocumentVersion],
        read: Sequence[VersionedDocument],
        progress: Progress | None,
    ) -> Encodings:
        """What is kept of documents, and of the others what is encoded now, which is then kept."""
        versions = {each.document.slug: each.version for each in read}
        encodings = await self._worker.run_for(
            self._guild,
            encode_documents,
            [each.document for each in read],
            self._base,
            await self.kept.encoded_of(versions),
            progress,
        )
        self._say(encodings)
        new = [
            each.slug
            for each in newest
            if each.slug in encodings.renewed and _is_to_be_kept(each.files)
        ]
        try:
            for start in range(0, len(new), _KEPT_TOGETHER):
                some = new[start : start + _KEPT_TOGETHER]
                await self.kept.keep_encoded(
                    {slug: versions[slug] for slug in some},
                    {slug: encodings.documents[slug] for slug in some},
                )
        except StorageError as error:
            # They are searchable all the same, and are encoded again where this is lost.
            log.warning("What was encoded for the server %d is not kept. %s", self._guild, error)
        return encodings

    def _say(self, encodings: Encodings) -> None:
        for problem, count in Counter(encodings.problems.values()).items():
            log.warning(
                "What was kept for the server %d is encoded again (documents: %d): %s.",
                self._guild,
                count,
                problem,
            )

    async def _batches(self, slugs: Sequence[str]) -> AsyncIterator[list[DocumentVersion]]:
        """The newest versions of documents, by as many as are put in together."""
        batch: list[DocumentVersion] = []
        size = 0
        for start in range(0, len(slugs), _READ_TOGETHER):
            for version in await self.kept.newest_of(slugs[start : start + _READ_TOGETHER]):
                batch.append(version)
                size += _characters(version.files)
                if size >= _PUT_TOGETHER:
                    yield batch
                    batch, size = [], 0
        if batch:
            yield batch


class _EncodedFirst:
    """Implements `DocumentChanges`: what is written is encoded first, and kept with it.

    Where it cannot be encoded now, it is written as it is: it is not lost, and it is encoded when
    it is put in.
    """

    def __init__(self, documents: GuildDocuments, progress: Progress | None, puts: int) -> None:
        self._documents = documents
        self._kept = documents.kept
        self._told = None if progress is None else _in_the_loop(progress)
        self._puts = puts
        self._put = 0
        self._gave_up = False

    async def put(
        self, slug: str, files: Mapping[str, str], *, by: int, expected: int
    ) -> DocumentVersion:
        """Write a new version."""
        encoded = await self._encoded(slug, files, expected)
        return await self._kept.put(slug, files, by=by, expected=expected, encoded=encoded)

    async def remove(self, slug: str, *, by: int, expected: int) -> DocumentState:
        """Remove a document."""
        return await self._kept.remove(slug, by=by, expected=expected)

    async def bring_back(self, slug: str, *, by: int) -> DocumentState | None:
        """Undo a removal."""
        numbers = {each.slug: each.version for each in await self._kept.removed()}
        back = await self._kept.version(slug, numbers.get(slug, 0))
        encoded = None if back is None else await self._encoded(slug, back.files, 0)
        return await self._kept.bring_back(slug, by=by, encoded=encoded)

    async def restore(
        self, slug: str, number: int, *, by: int, expected: int
    ) -> DocumentVersion | None:
        """Make an earlier version the newest again."""
        earlier = await self._kept.version(slug, number)
        encoded = None if earlier is None else await self._encoded(slug, earlier.files, expected)
        return await self._kept.restore(slug, number, by=by, expected=expected, encoded=encoded)

    async def _encoded(
        self, slug: str, files: Mapping[str, str], replaced: int
    ) -> EncodedDocument | None:
        if self._gave_up:
            return None
        told = None if self._told is None else _part(self._told, self._put, 1, self._puts)
        self._put += 1
        try:
            return await self._documents.encoded(slug, files, replaced, told)
        except (BusyError, IndexingError, WorkerError) as error:
            log.warning("Documents are written before they are encoded: %s", error)
            self._gave_up = True
            return None


def _characters(files: Mapping[str, str]) -> int:
    return sum(map(len, files.values()))


def _is_to_be_kept(files: Mapping[str, str]) -> bool:
    """Whether what is encoded of a document is kept with it."""
    return _characters(files) <= _LARGEST_KEPT


def _part(progress: Progress, before: int, count: int, total: int) -> Progress:
    """Tells how many documents are read, all in all, where `count` of them are read together."""
    if count == total:
        return progress

    def told(done: int, texts: int) -> None:
        progress(before + count * done // texts, total)

    return told


def _in_the_loop(progress: Progress) -> Progress:
    """Tells in the event loop what it is told in a thread."""
    loop = asyncio.get_running_loop()

    def told(done: int, total: int) -> None:
        loop.call_soon_threadsafe(progress, done, total)

    return told
