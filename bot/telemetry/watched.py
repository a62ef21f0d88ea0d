"""What is looked at of a bot that runs, by whoever asks how it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index import Index


@dataclass(frozen=True, slots=True)
class Extent:
    """How much servers' own documents are, of those servers that are open, together.

    Attributes:
        servers: How many are open.
        documents, passages, segments: What they have.
        bytes: About how much memory that takes.
    """

    servers: int
    documents: int
    passages: int
    segments: int
    bytes: int


class WatchedKnowledge(Protocol):
    """What a bot answers from."""

    @property
    def index(self) -> Index:
        """The shared index."""

    @property
    def extent(self) -> Extent:
        """How much servers' own documents are."""

    @property
    def put_in_force(self) -> int:
        """How often so far the documents of a server were opened, changed or joined."""


class WatchedWorker(Protocol):
    """The threads that search."""

    @property
    def waiting(self) -> int:
        """Questions that wait for a thread."""


class Watched(Protocol):
    """A bot, as far as it is looked at."""

    @property
    def worker(self) -> WatchedWorker:
        """The threads that search."""

    @property
    def knowledge(self) -> WatchedKnowledge:
        """What it answers from."""

    @property
    def guilds(self) -> Sequence[object]:
        """The servers that it is in."""

    @property
    def latency(self) -> float:
        """Seconds between a heartbeat and its answer."""

    def is_ready(self) -> bool:
        """Whether it is connected."""

    def is_closed(self) -> bool:
        """Whether it has stopped."""
