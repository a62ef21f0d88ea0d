"""What can go wrong with the storage; the whole tree is drawn in `knowledge.errors`."""

from __future__ import annotations

from knowledge import CoalitionBotError


class StorageError(CoalitionBotError):
    """The storage cannot be used now; nothing was changed."""


class StorageBusyError(StorageError):
    """Somebody else holds the storage for longer than is waited for."""


class StorageFullError(StorageError):
    """There is no space left to write."""


class StorageGoneError(StorageError):
    """The storage cannot be reached or opened."""


class StorageTooNewError(StorageError):
    """A newer version of the bot has written the storage."""


class StorageDamagedError(StorageError):
    """The storage is not what was written."""


class ConflictError(CoalitionBotError):
    """Somebody else changed a document in the meantime; nothing was changed.

    Attributes:
        slug: The document.
        expected: The version that the change was made from; 0 for a document that was new.
        found: The version that there is; 0 where there is none.
    """

    def __init__(self, slug: str, expected: int, found: int) -> None:
        super().__init__(
            f"The document “{slug}” is at version {found}, and the change was made from version "
            f"{expected}. Look at the newest version and make the change again."
        )
        self.slug = slug
        self.expected = expected
        self.found = found


class IsolationError(RuntimeError):
    """Code that serves one guild reached for what is not that guild's: a mistake of ours."""
