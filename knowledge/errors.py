"""The project's exceptions, in one tree; each room adds its own branch.

* CoalitionBotError
  * KnowledgeError: the articles cannot be used
    * DocumentError: one document cannot be used
      * AlignmentError: the two editions of a document do not match
  * knowledge.files.FileError: a file that somebody sent cannot be read
  * knowledge.files.ArchiveError: a zip of documents that somebody sent cannot be used
  * index.errors.IndexingError: an index cannot be built or opened
    * index.errors.EncoderError: the encoder cannot be made ready
      * index.exported.NotExportableError: the model can only be served by sentence-transformers
      * index.exported.DamagedExportError: files are not what was exported
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
from dataclasses import dataclass
from pathlib import Path


class CoalitionBotError(Exception):
    """Anything that this project refuses, with a message for its operator."""


class KnowledgeError(CoalitionBotError):
    """The articles cannot be used."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, for messages."""

    path: Path
    line: int | None = None

    def __str__(self) -> str:
        # A name on disk may be bytes that no terminal can show.
        shown = os.fsencode(f"{self.path.parent.name}/{self.path.name}").decode(errors="replace")
        return shown if self.line is None else f"{shown}, line {self.line}"


class DocumentError(KnowledgeError):
    """One document, or one of its editions, cannot be used and is left out."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place


class AlignmentError(DocumentError):
    """The editions of a document do not have the same paragraphs and section titles."""

    def __init__(self, place: Place, other: Place, message: str) -> None:
        super().__init__(place, f"does not align with {other}: {message}")
        self.other = other
