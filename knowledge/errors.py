"""The project's exceptions, in one tree; each room adds its own branch.

* CoalitionBotError
  * KnowledgeError: the articles cannot be used
    * DocumentError: one document cannot be used
      * AlignmentError: the two editions of a document do not match
  * knowledge.files.FileError: a file that somebody sent cannot be read
  * knowledge.files.ArchiveError: a zip of documents that somebody sent cannot be used
  * index.errors.IndexingError: an index cannot be built or opened
    * index.errors.EncoderError: the encoder cannot be made ready
      * index.encoders.exported.errors.NotExportableError: ONNX Runtime cannot take the model
      * index.encoders.exported.errors.DamagedExportError: files are not what was exported
    * index.errors.ReaderError: the reader cannot be made ready, or fails
    * index.errors.DamagedIndexError: files are not what the manifest says
  * index.errors.EvaluationError: a file of questions cannot be used
  * index.errors.NotVerbatimError: a quote is not a part of its source
  * bot.errors.ConfigError: config.yaml cannot be used
  * bot.errors.FolderError: the data folder cannot be used
  * bot.errors.MemoryLimitError: the process may not use as much memory as it needs
  * bot.errors.QuestionError: a question cannot be searched for
  * bot.errors.AttachmentError: what somebody attached cannot be had
  * bot.errors.BusyError: more is asked for at once than can be answered
  * bot.errors.WorkerError: a call in a thread came to no end of its own
  * bot.storage.StorageError: the database cannot be used now
    * bot.storage.StorageBusyError: somebody else holds it
    * bot.storage.StorageFullError: there is no space left
    * bot.storage.StorageGoneError: it cannot be reached or opened
    * bot.storage.StorageTooNewError: a newer version of the bot has written it
    * bot.storage.StorageDamagedError: it is not what was written
  * bot.storage.ConflictError: somebody else changed a document in the meantime
  * bot.errors.TokenError, bot.errors.GatewayError: Discord cannot be reached
  * bot.errors.RunningError: the bot runs already
  * bot.errors.BackupError: a backup cannot be written, read or put back
  * bot.errors.PreviewError: the page that shows cards cannot be served
  * bot.errors.HealthError: the port for health and metrics cannot be used

Every message says what was seen, what was expected and what to do next, in a few
sentences fit to be shown to an operator.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class CoalitionBotError(Exception):
    """Anything that this project refuses, with a message for its operator.

    Attributes:
        problem: What is wrong, for whoever says it in words of their own; blank where nobody does.
        fields: What was seen, by names that are fixed for each problem.
    """

    def __init__(self, message: str = "", problem: str = "", **fields: object) -> None:
        super().__init__(message)
        self.problem = problem
        self.fields: Mapping[str, object] = fields


class KnowledgeError(CoalitionBotError):
    """The articles cannot be used."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, for messages."""

    path: Path
    line: int | None = None

    @property
    def file(self) -> str:
        """The file and its folder."""
        # A name on disk may be bytes that no terminal can show.
        return os.fsencode(f"{self.path.parent.name}/{self.path.name}").decode(errors="replace")

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}, line {self.line}"


class DocumentProblem(StrEnum):
    """What is wrong with a document, for whoever says it in words of their own."""

    ASKED_TWICE = "asked_twice"
    BOTH_TRANSLATED = "both_translated"
    CHARACTER = "character"
    FOLLOWS = "follows"
    KEY_MISSING = "key_missing"
    KEY_TWICE = "key_twice"
    KEY_UNKNOWN = "key_unknown"
    NAME_TAKEN = "name_taken"
    NESTED = "nested"
    NOT_A_FILE = "not_a_file"
    NOT_A_FOLDER = "not_a_folder"
    NO_END = "no_end"
    NO_FILE = "no_file"
    NO_FRONT_MATTER = "no_front_matter"
    NO_KEYS = "no_keys"
    NO_NAME = "no_name"
    NO_PARAGRAPH = "no_paragraph"
    NO_PASSAGE = "no_passage"
    NO_UTF8 = "no_utf8"
    NO_YAML = "no_yaml"
    OTHER_FILE = "other_file"
    SAME_LANGUAGE = "same_language"
    SEVERAL_PASSAGES = "several_passages"
    STANDS = "stands"
    UNDIVIDED = "undivided"
    UNREADABLE = "unreadable"
    VALUE = "value"


class DocumentError(KnowledgeError):
    """One document, or one of its editions, cannot be used and is left out.

    Attributes:
        place: Where that shows.
        problem: What is wrong.
        fields: What was seen, by names that are fixed for each problem.
    """

    def __init__(
        self, place: Place, message: str, problem: DocumentProblem, **fields: str | int
    ) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place
        self.problem: DocumentProblem = problem
        self.fields: Mapping[str, str | int] = fields


class AlignmentError(DocumentError):
    """The editions of a document do not have the same paragraphs and section titles."""

    def __init__(
        self,
        place: Place,
        other: Place,
        message: str,
        problem: DocumentProblem,
        **fields: str | int,
    ) -> None:
        super().__init__(place, f"does not align with {other}: {message}", problem, **fields)
        self.other = other
