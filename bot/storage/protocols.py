"""What the bot asks of its storage. Nothing above these protocols knows which engine keeps it.

Every method is one transaction: afterwards it has happened wholly, and survives a crash, or
not at all. Each may raise a `StorageError`, whose message says what to do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, Unpack

from bot.config.sharding import Shards
from bot.storage.records import (
    AskedQuestion,
    AuditEntry,
    DocumentState,
    DocumentVersion,
    Forgotten,
    Gap,
    Opinion,
    PastQuestion,
    Pin,
    Request,
    Resolution,
    Statistics,
    Swept,
)
from bot.storage.settings import GuildSettings, SettingChanges
from index.building.encodings import EncodedDocument
from knowledge import Language


class DocumentChanges(Protocol):
    """What can be done to the documents of one guild."""

    async def put(
        self, slug: str, files: Mapping[str, str], *, by: int, expected: int
    ) -> DocumentVersion:
        """Write a new version of a document.

        Args:
            slug: The document.
            files: The files of its folder.
            by: The member who writes it.
            expected: The version that it was made from; 0 for a new document, which may have
                the name of one that was removed.

        Raises:
            ConflictError: The newest version is another.
        """

    async def remove(self, slug: str, *, by: int, expected: int) -> DocumentState:
        """Remove a document; it can be brought back for thirty days.

        Raises:
            ConflictError: The newest version is another, or there is none.
        """

    async def bring_back(self, slug: str, *, by: int) -> DocumentState | None:
        """Undo a removal; None where there is nothing to undo."""

    async def restore(
        self, slug: str, number: int, *, by: int, expected: int
    ) -> DocumentVersion | None:
        """Make an earlier version the newest again, as a version of its own.

        Returns:
            The new version; None where there is no version of that number.

        Raises:
            ConflictError: The newest version is another.
        """


class Documents(DocumentChanges, Protocol):
    """The documents of one guild.

    What was encoded of a document's newest version can be kept with it, and goes with it: when
    there is a newer version, and when the document is removed.
    """

    async def every(self) -> tuple[DocumentState, ...]:
        """All documents that are not removed, in the order of their slugs."""

    async def slugs(self) -> tuple[str, ...]:
        """The slugs of `every`, which are read in a fraction of its time."""

    async def removed(self) -> tuple[DocumentState, ...]:
        """Those that were removed and can be brought back, the latest first."""

    async def count(self) -> int:
        """How many there are that are not removed."""

    async def newest(self, slug: str) -> DocumentVersion | None:
        """The newest version of a document that is not removed."""

    async def newest_of(self, slugs: Collection[str]) -> tuple[DocumentVersion, ...]:
        """The newest versions of those documents that are not removed, by their slugs."""

    async def version(self, slug: str, number: int) -> DocumentVersion | None:
        """One version of a document, also of one that was removed."""

    async def history(self, slug: str) -> tuple[DocumentVersion, ...]:
        """All versions of a document, the newest first, without their files."""

    async def put(
        self,
        slug: str,
        files: Mapping[str, str],
        *,
        by: int,
        expected: int,
        encoded: EncodedDocument | None = None,
    ) -> DocumentVersion:
        """As `DocumentChanges` has it, together with what was encoded of these files."""

    async def bring_back(
        self, slug: str, *, by: int, encoded: EncodedDocument | None = None
    ) -> DocumentState | None:
        """As `DocumentChanges` has it, together with what was encoded of what comes back."""

    async def restore(
        self,
        slug: str,
        number: int,
        *,
        by: int,
        expected: int,
        encoded: EncodedDocument | None = None,
    ) -> DocumentVersion | None:
        """As `DocumentChanges` has it, together with what was encoded of that version."""

    async def encoded_of(self, versions: Mapping[str, int]) -> Mapping[str, EncodedDocument]:
        """What is kept of documents, by slug, if their newest version is of that number still."""

    async def keep_encoded(
        self, versions: Mapping[str, int], encoded: Mapping[str, EncodedDocument]
    ) -> None:
        """Keep what was encoded of documents, if the newest version is of that number still.

        Nobody learns of it as of a change.
        """

    async def changes_since(self, sequence: int) -> tuple[DocumentState, ...]:
        """Documents that were changed or removed after `sequence`, the earliest change first.

        A document that was removed more than thirty days ago is not among them: what keeps a
        copy for longer compares it with `every` when it starts.
        """


class Settings(Protocol):
    """The settings of one guild."""

    async def read(self) -> GuildSettings:
        """All settings, with the defaults of those that were never changed."""

    async def change(self, *, by: int, **changes: Unpack[SettingChanges]) -> GuildSettings:
        """Change some settings; each that is another now is noted in the audit.

        Raises:
            pydantic.ValidationError: A value is not allowed; nothing was changed.
        """


class Audit(Protocol):
    """What moderators of one guild changed. Every change notes itself."""

    async def latest(self, limit: int, before: int = 0) -> tuple[AuditEntry, ...]:
        """The newest `limit` entries after the newest `before`, the newest first."""

    async def count(self) -> int:
        """How many there are."""


class Questions(Protocol):
    """The questions that were asked in one guild, without names."""

    async def get(self, identifier: str) -> AskedQuestion | None:
        """A question by its id."""

    async def made_public(self, identifier: str, url: str) -> None:
        """Note where everybody can see an answer that was private."""

    async def add_opinion(self, opinion: Opinion, *, voice: str | None = None) -> None:
        """Keep what a member thinks of an answer.

        Args:
            opinion: The opinion.
            voice: What stands for the member and the answer together. The opinion replaces one
                of the same voice; what was sought stays where the new one says nothing of it.
        """

    async def opinions(self, since: dt.datetime) -> tuple[Opinion, ...]:
        """What members thought since then, the earliest first."""

    async def sought(self, identifier: str) -> tuple[str, ...]:
        """What members said that they were looking for when they asked it, the latest first."""

    async def since(self, start: dt.datetime) -> tuple[AskedQuestion, ...]:
        """All questions asked since then, the earliest first."""

    async def different_since(self, start: dt.datetime, most: int) -> tuple[PastQuestion, ...]:
        """Questions asked since then, those asked most first; of the same words one.

        Args:
            start: Since when.
            most: How many to give.
        """

    async def quoted_since(self, start: dt.datetime) -> dict[str, int]:
        """By the passage that was quoted, how many questions asked since then."""

    async def statistics(self, start: dt.datetime) -> Statistics:
        """What was asked since then, in numbers."""

    async def gaps(self, most: int) -> tuple[Gap, ...]:
        """Open questions that were not answered well, those asked most first.

        They found nothing or only the closest passage, or their answer did not help. Questions
        of the same words are one.

        Args:
            most: How many to give.
        """

    async def settle(self, identifiers: Sequence[str], progress: Resolution, *, by: int) -> int:
        """Note what was done about questions and all open ones of the same words.

        Returns:
            About how many.
        """


class Pins(Protocol):
    """The passages that moderators of one guild chose for questions."""

    async def every(self) -> tuple[Pin, ...]:
        """All pins, the newest first."""

    async def get(self, identifier: int) -> Pin | None:
        """A pin by its number."""

    async def pin(self, question: str, language: Language, passage: str, *, by: int) -> Pin:
        """Give a question a passage, in place of any that it had."""

    async def unpin(self, identifier: int, *, by: int) -> Pin | None:
        """Take a pin away; None where there is none of that number."""


class Requests(Protocol):
    """The questions that members of one guild handed to the moderators."""

    async def add(
        self,
        *,
        member: int,
        text: str,
        language: Language,
        channel: int,
        question: str | None = None,
        url: str | None = None,
    ) -> Request:
        """Keep a request; a member's same question is one request."""

    async def get(self, identifier: int) -> Request | None:
        """A request by its number."""

    async def waiting(self) -> tuple[Request, ...]:
        """Requests that are not answered, the earliest first."""

    async def posted(self, identifier: int, message: int) -> None:
        """Note which message shows a request to the moderators."""

    async def answer(self, identifier: int, *, by: int) -> Request | None:
        """Note that a request is answered, and forget who waited.

        Returns:
            The request as it was, with the member to tell; None where it is not waiting.
        """


class GuildStorage(Protocol):
    """All that belongs to one guild, and nothing else."""

    @property
    def documents(self) -> Documents:
        """Its documents."""

    @property
    def settings(self) -> Settings:
        """Its settings."""

    @property
    def audit(self) -> Audit:
        """What its moderators changed."""

    @property
    def questions(self) -> Questions:
        """The questions asked there."""

    @property
    def pins(self) -> Pins:
        """Its pins."""

    @property
    def requests(self) -> Requests:
        """What waits for its moderators."""

    async def sequence(self) -> int:
        """Grows with every change of its documents, settings and pins; 0 before the first."""

    async def take_digest(self, every: dt.timedelta) -> bool:
        """Whether a digest is due, which then counts as posted.

        Args:
            every: The time from one to the next.
        """


class Preferences(Protocol):
    """What members chose for themselves, in all guilds and in direct messages."""

    async def languages(self) -> dict[int, Language]:
        """By their ids, the languages of all members who chose one."""

    async def choose_language(self, member: int, language: Language | None) -> None:
        """Keep the language that a member chose; None forgets it."""


class Privacy(Protocol):
    """Deleting, handing out, and letting go in time."""

    async def named(self, member: int) -> int:
        """In how many places a member's id stands beside what a moderator changed."""

    async def forget(self, member: int) -> Forgotten:
        """Delete what a member's id is attached to.

        What the member did as a moderator stays, without the id; in the audit of each guild
        under a pseudonym that nothing leads back from.
        """

    async def export(self, guild: int) -> dict[str, Any]:
        """All that is kept of a guild, as JSON has it."""

    async def erase(self, guild: int) -> bool:
        """Delete all that is kept of a guild; returns whether there was anything."""

    async def left(self, guilds: Collection[int]) -> None:
        """Note that the bot is no longer in guilds: after thirty days they are erased."""

    async def joined(self, guilds: Collection[int]) -> None:
        """Note that the bot is in guilds, again perhaps."""

    async def sweep(self) -> Swept:
        """Delete everything whose time has come."""


class Cluster(Protocol):
    """What processes with one token agree on, through the storage that they share."""

    async def take(self) -> None:
        """Take the shards of this process, until it ends.

        Raises:
            RunningError: Another process runs one of them, or has another count of shards.
        """

    async def keep(self) -> None:
        """Hold the shards without end, and take them again where the storage was away.

        Raises:
            RunningError: Another process has taken them meanwhile.
        """

    async def may_identify(self, bucket: int) -> Callable[[], None]:
        """Wait until a shard of one of Discord's buckets may identify itself.

        Returns:
            To be called when it does; five seconds later it is another's turn.
        """

    async def leave(self) -> None:
        """Let go of everything."""


class Storage(Protocol):
    """Where everything is kept that cannot be rebuilt."""

    @property
    def is_shared(self) -> bool:
        """Whether processes on several machines use it, and take what one has computed."""

    def guild(self, guild: int) -> GuildStorage:
        """What belongs to a guild."""

    @property
    def preferences(self) -> Preferences:
        """What members chose."""

    @property
    def privacy(self) -> Privacy:
        """Deleting and handing out."""

    async def record(self, questions: Sequence[AskedQuestion]) -> None:
        """Keep questions, each for the guild where it was asked: all of them or none."""

    async def sequences(self) -> dict[int, int]:
        """For every guild that something is kept of, its sequence."""

    async def unposted(self) -> frozenset[int]:
        """The guilds in which a request waits that no message shows to the moderators."""

    def cluster(self, fingerprint: str, shards: Shards) -> Cluster | None:
        """What this process agrees on with others.

        Args:
            fingerprint: What stands for the token, in 16 hexadecimal digits.
            shards: The shards of this process.

        Returns:
            None where there can be no other process.
        """

    def changes(self) -> AsyncGenerator[frozenset[int]] | None:
        """Guilds whose documents, settings or pins changed, within a second, without end.

        It does not matter which process changed them. First come all guilds that there are,
        since what was read of them before may be old. While the storage is away, nothing comes;
        when it is back, whatever changed meanwhile.

        Returns:
            None where no other process can change anything.
        """

    async def check(self) -> None:
        """Look whether the storage can be used.

        Raises:
            StorageError: It cannot.
        """

    async def backup(self, target: Path) -> None:
        """Write a copy of everything as it is now, while the bot goes on.

        Args:
            target: The file; replaced in one step where there is one.
        """

    async def close(self) -> None:
        """Let go of the storage."""
