"""What the storage needs of a database engine, beyond SQL that all of them understand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.config.sharding import Shards
from bot.storage.errors import StorageError
from bot.storage.protocols import Cluster
from bot.storage.sql.changes import Bell

CopyProgress = Callable[[int, int], None]
"""Told how much is done, of how much."""


def quiet(done: int, total: int) -> None:
    """Tell nobody."""
    del done, total


@dataclass(frozen=True, slots=True)
class Position:
    """How much a server has written.

    Attributes:
        system: What it and those that follow it have in common, and no other server has.
        written: Bytes that it has written since it was made.
    """

    system: int
    written: int


class Replica(Protocol):
    """A server that follows the primary, for reports: long reads that need not hold that up."""

    @property
    def is_awake(self) -> bool:
        """Whether it is worth asking; one that failed rests for a while."""

    async def position(self) -> Position:
        """How far the primary is: whatever was acknowledged stands before this."""

    def reading(self, position: Position) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection to the replica, as soon as everything up to `position` is there.

        Raises:
            StorageError: It cannot be used, is behind, or is no replica.
        """

    def worked(self) -> None:
        """Note that it gave what was asked of it."""

    def failed(self, error: StorageError) -> None:
        """Note that it did not; it rests for a while, and the log says so once."""


class StorageEngine(Protocol):
    """One kind of database. Adding another is a module that has these."""

    @property
    def engine(self) -> AsyncEngine:
        """Connections. The execution option `writes` tells transactions that write."""

    @property
    def is_shared(self) -> bool:
        """Whether processes on several machines use one database of this kind."""

    @property
    def replica(self) -> Replica | None:
        """Where reports are read; None where there is none."""

    def writing(self) -> AbstractAsyncContextManager[object]:
        """Held by this process while it writes, where writers must take turns."""

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """What using a connection raises where the database is at fault."""

    def bell(self) -> Bell | None:
        """Rings when another process may have changed something; None where there is none."""

    def cluster(self, fingerprint: str, shards: Shards) -> Cluster | None:
        """What processes with one token agree on; None where there is one process."""

    def explained(self, error: Exception) -> StorageError:
        """What went wrong, told apart, and what to do about it."""

    async def lock_schema(self, connection: AsyncConnection) -> None:
        """Keep other processes from changing the schema until the transaction ends."""

    async def number_on(self, connection: AsyncConnection) -> None:
        """Number new rows after those that were written with their numbers."""

    async def check(self) -> None:
        """Look for damage.

        Raises:
            StorageError: The database is damaged, or cannot be used.
        """

    async def scrub(self) -> None:
        """Take what was deleted out of files where it may still stand."""

    async def backup(self, target: Path, progress: CopyProgress = quiet) -> None:
        """Write a copy to `target`, a file of SQLite, while others read and write.

        Raises:
            StorageError: The database cannot be read, or the copy not written.
        """

    async def close(self) -> None:
        """Let go of all connections."""
