"""The kinds of files that can be read, and what can be wrong with one."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePath

from knowledge.errors import CoalitionBotError

LONGEST_TEXT = 1_000_000
"""Characters; some 150,000 words."""


class FileKind(StrEnum):
    """What a file is, by the ending of its name."""

    MARKDOWN = ".md"
    TEXT = ".txt"
    HTML = ".html"
    PDF = ".pdf"
    WORD = ".docx"
    OPENDOCUMENT = ".odt"
    CSV = ".csv"
    EXCEL = ".xlsx"

    @classmethod
    def of(cls, name: str) -> FileKind | None:
        """The kind that a name says, or None for one that cannot be read."""
        ending = PurePath(name).suffix.lower()
        return _OTHER_ENDINGS.get(ending) or next((each for each in cls if each == ending), None)


_ADDED = re.compile(r"[ _-][0-9a-f]{32}(?=_all\Z|\Z)")
"""What Notion adds to the name of a page."""
_LONGEST_NAME = 200


def title_in(name: str) -> str:
    """The title that a file's name gives, without what no command line can hold."""
    stem = _ADDED.sub("", PurePath(name).stem)
    return "".join(each for each in stem if each.isprintable())[:_LONGEST_NAME].strip()


_OTHER_ENDINGS = {
    ".markdown": FileKind.MARKDOWN,
    ".htm": FileKind.HTML,
    ".tsv": FileKind.CSV,
}


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
        self.problem: FileProblem = problem


class ArchiveProblem(StrEnum):
    """Why a zip of documents, or a file in it, cannot be used; each has its words."""

    NO_ZIP = "no_zip"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    EMPTY = "empty"
    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    """Unpacked, that is."""
    TOO_COSTLY = "too_costly"
    UNSAFE_NAME = "unsafe_name"
    """A path that leads out of the zip, is absolute or odd, or stands there twice."""
    LINK = "link"
    MISPLACED = "misplaced"
    """A file that is not in the folder of a document."""
    OTHER_FILE = "other_file"
    NO_UTF8 = "no_utf8"
    TOO_LONG = "too_long"
    NESTED = "nested"
    """A zip within the zip, beside other files."""
    TWIN_TABLE = "twin_table"
    """A table of Notion that another file has with all its columns."""


class ArchiveError(CoalitionBotError):
    """A zip of documents cannot be used.

    Attributes:
        problem: Why.
        name: The file in it that is to blame; blank where it is the zip itself.
    """

    def __init__(self, problem: ArchiveProblem, name: str = "") -> None:
        super().__init__(f"the zip cannot be used: {problem}")
        self.problem: ArchiveProblem = problem
        self.name = name
