"""What the storage gives and takes; nothing here knows how it is kept."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from index import Outcome
from knowledge import Language

REMOVAL = dt.timedelta(days=30)
"""How long a removed document can be brought back."""
GRACE = dt.timedelta(days=30)
"""How long what belongs to a guild is kept after the bot has left it."""
AUDIT_KEPT = dt.timedelta(days=365)
REQUEST_KEPT = dt.timedelta(days=30)
"""How long a member waits for the moderators before the request is dropped."""


@dataclass(frozen=True, slots=True)
class DocumentState:
    """What can be said of a guild's document without its text.

    Attributes:
        slug: Its name, unique in its guild.
        version: The number of its newest version, counted from 1.
        sequence: The guild's sequence when it was last changed.
        changed: When that was (UTC).
        by: Who did it; None for a member who has been forgotten.
        removed: Whether it was removed, and can be brought back.
    """

    slug: str
    version: int
    sequence: int
    changed: dt.datetime
    by: int | None
    removed: bool


@dataclass(frozen=True, slots=True)
class DocumentVersion:
    """A version of a guild's document.

    Attributes:
        slug: The document.
        number: The version, counted from 1.
        files: By name (`fr.md`, `en.md`, `questions.yaml`) the files of the document's folder,
            as `knowledge.read_library` reads them.
        at: When it was written (UTC).
        by: Who wrote it; None for a member who has been forgotten.
    """

    slug: str
    number: int
    files: Mapping[str, str]
    at: dt.datetime
    by: int | None


class Action(StrEnum):
    """What a moderator changed."""

    DOCUMENT_ADDED = "document_added"
    DOCUMENT_EDITED = "document_edited"
    DOCUMENT_REMOVED = "document_removed"
    DOCUMENT_BROUGHT_BACK = "document_brought_back"
    DOCUMENT_RESTORED = "document_restored"
    SETTING_CHANGED = "setting_changed"
    PINNED = "pinned"
    UNPINNED = "unpinned"
    GAP_SETTLED = "gap_settled"
    REQUEST_ANSWERED = "request_answered"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who changed what, and when.

    Attributes:
        at: When (UTC).
        by: Who; None for a member who has been forgotten.
        action: What was done.
        subject: What it was done to: a slug, a setting's name, a question.
        old: The value before, as JSON has it; None where there was none.
        new: The value after.
        pseudonym: What stands for a member who has been forgotten: the same for all that one
            did in a guild until then, another in each guild.
    """

    at: dt.datetime
    by: int | None
    action: Action
    subject: str
    old: Any
    new: Any
    pseudonym: str | None = None


class Surface(StrEnum):
    """The way by which a question came."""

    COMMAND = "command"
    MENTION = "mention"
    MESSAGE_COMMAND = "message_command"
    SUGGESTION = "suggestion"
    CHANNEL = "channel"


class Resolution(StrEnum):
    """What moderators did about a question that was not answered well."""

    OPEN = "open"
    PINNED = "pinned"
    OFF_SUBJECT = "off_subject"
    DONE = "done"


def new_question_id() -> str:
    """A name for a question that nobody can guess, of 16 letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(12)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a question means, as an encoder sees it.

    Attributes:
        encoder: 16 hexadecimal digits that name the encoder; others cannot be compared.
        vector: float16 (dimension,), little endian.
    """

    encoder: str
    vector: bytes


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question that was asked in a guild. It does not say by whom.

    Attributes:
        id: As `new_question_id` gives it.
        guild: The guild.
        at: When (UTC).
        text: The question as it was searched for.
        language: Its language.
        outcome: What could be said.
        passage: The passage that was quoted, if one was.
        evidence: How much spoke for it.
        milliseconds: How long the answer took.
        channel: The channel.
        surface: The way by which it came.
        url: Where everybody can see the answer; None where only the member saw it.
        progress: What moderators did about it.
        meaning: What it means; kept, but given back only where questions are grouped.
    """

    id: str
    guild: int
    at: dt.datetime
    text: str
    language: Language
    outcome: Outcome
    passage: str | None
    evidence: float
    milliseconds: float
    channel: int
    surface: Surface
    url: str | None = None
    progress: Resolution = Resolution.OPEN
    meaning: Meaning | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PastQuestion:
    """A question of the same words, asked once or more.

    Attributes:
        text: Its text, as it was asked last.
        language: Its language.
        count: How often it was asked.
        meaning: What it means, where that was kept.
    """

    text: str
    language: Language
    count: int
    meaning: Meaning | None


@dataclass(frozen=True, slots=True)
class Gap:
    """An open question of the same words, asked once or more, that was not answered well.

    Attributes:
        question: The id of the latest.
        text: Its text.
        language: Its language.
        outcome: What could be said; `answer` where the answer did not help.
        count: How often it was asked.
        at: When it was asked last (UTC).
        url: Where everybody can see one of the answers, if anywhere.
        meaning: What it means, where that was kept.
        sought: What members were looking for instead, the latest first.
    """

    question: str
    text: str
    language: Language
    outcome: Outcome
    count: int
    at: dt.datetime
    url: str | None
    meaning: Meaning | None
    sought: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a member thinks of an answer. It does not say which member.

    Attributes:
        question: The question's id; None for an answer from before questions were kept.
        passage: The passage that was quoted.
        helpful: Whether it helped.
        sought: What was sought instead; blank where that was not said.
    """

    question: str | None
    passage: str
    helpful: bool
    sought: str = ""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What was asked in a guild since some moment.

    Attributes:
        days: By day (UTC) and outcome, how many questions; days without any are left out.
        languages: By language, how many; most asked first.
        passages: The passages quoted most, with how often.
        helpful, unhelpful: How many opinions.
        median_milliseconds: How long half of the answers took at the most.
        sought: In how many opinions a member said what was sought instead.
    """

    days: Mapping[tuple[dt.date, Outcome], int]
    languages: Mapping[Language, int]
    passages: tuple[tuple[str, int], ...]
    helpful: int
    unhelpful: int
    median_milliseconds: float | None
    sought: int = 0

    @property
    def outcomes(self) -> dict[Outcome, int]:
        """By outcome, how many."""
        counts: dict[Outcome, int] = {}
        for (_, outcome), count in self.days.items():
            counts[outcome] = counts.get(outcome, 0) + count
        return counts

    @property
    def total(self) -> int:
        """How many questions."""
        return sum(self.days.values())


@dataclass(frozen=True, slots=True)
class Pin:
    """A question that gets a passage which a moderator chose.

    Attributes:
        id: Its number.
        question: The question.
        language: Its language.
        passage: The passage.
        at: When it was pinned (UTC).
        by: Who did; None for a member who has been forgotten.
    """

    id: int
    question: str
    language: Language
    passage: str
    at: dt.datetime
    by: int | None


@dataclass(frozen=True, slots=True)
class Request:
    """A question that a member handed to the moderators.

    Attributes:
        id: Its number.
        member: Who waits; None once it is answered, or the member has been forgotten.
        text: The question.
        language: Its language.
        channel: Where it was asked.
        at: When (UTC).
        question: The id of the question that found nothing, where it was kept.
        url: Where everybody can see that answer, if somewhere.
        answered: Whether it was answered.
        post: The message that shows it to the moderators; None where none was sent yet, 0
            where it is not known which.
    """

    id: int
    member: int | None
    text: str
    language: Language
    channel: int
    at: dt.datetime
    question: str | None = None
    url: str | None = None
    answered: bool = False
    post: int | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted because a member wished to be forgotten.

    Attributes:
        preference: Whether there was a preference.
        requests: How many questions waited for the moderators.
        named: In how many places the member's id was taken out of what a moderator changed.
    """

    preference: bool
    requests: int
    named: int


@dataclass(frozen=True, slots=True)
class Swept:
    """What was deleted because its time had come.

    Attributes:
        questions, audit, documents, requests: How many rows.
        guilds: The guilds that were erased.
    """

    questions: int = 0
    audit: int = 0
    documents: int = 0
    requests: int = 0
    guilds: tuple[int, ...] = field(default=())
