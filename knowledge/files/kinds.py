"""The kinds of files that can be read, and what can be wrong with one."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

from knowledge.errors import CoalitionBotError


class FileKind(StrEnum):
    """What a file is, by the ending of its name."""

    MARKDOWN = ".md"
    TEXT = ".txt"
    HTML = ".html"
    PDF = ".pdf"
    WORD = ".docx"

    @classmethod
    def of(cls, name: str) -> FileKind | None:
        """The kind that a name says, or None for one that cannot be read."""
        ending = PurePath(name).suffix.lower()
        return _OTHER_ENDINGS.get(ending) or next((each for each in cls if each == ending), None)


_OTHER_ENDINGS = {".markdown": FileKind.MARKDOWN, ".htm": FileKind.HTML}


class FileProblem(StrEnum):
    """Why a file cannot be read; each has its words in `bot/locales`."""

    UNKNOWN_KIND = "unknown_kind"
    OTHER_KIND = "other_kind"
    """It is not what its name says."""
    NO_UTF8 = "no_utf8"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    NO_TEXT = "no_text"
    TOO_LONG = "too_long"
    TOO_COSTLY = "too_costly"
    """Reading it would take more time or memory than it may."""


class FileError(CoalitionBotError):
    """A file cannot be read.

    Attributes:
        problem: Why.
    """

    def __init__(self, problem: FileProblem) -> None:
        super().__init__(f"the file cannot be read: {problem}")
        self.problem = problem
