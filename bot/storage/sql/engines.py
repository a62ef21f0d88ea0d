"""What the storage needs of a database engine, beyond SQL that all of them understand."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.sharding import Shards
from bot.storage.errors import StorageError
from bot.storage.protocols import Cluster
from bot.storage.sql.changes import Bell


class StorageEngine(Protocol):
    """One kind of database. Adding another is a module that has these."""

    @property
    def engine(self) -> AsyncEngine:
        """Connections. The execution option `writes` tells transactions that write."""

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

    async def backup(self, target: Path) -> None:
        """Write a copy to `target` while others read and write."""
