"""The exceptions of this room; the whole tree is drawn in `knowledge.errors`."""

from __future__ import annotations

from enum import StrEnum

from knowledge import CoalitionBotError


class ConfigError(CoalitionBotError):
    """The configuration cannot be used."""


class FolderError(CoalitionBotError):
    """The data folder cannot be used."""


class MemoryLimitError(CoalitionBotError):
    """The process may not use as much memory as it needs."""


class TokenError(CoalitionBotError):
    """The token is missing, or Discord refused it. Never says the token."""


class GatewayError(CoalitionBotError):
    """Discord cannot be reached."""


class RunningError(CoalitionBotError):
    """The bot runs already."""


class PreviewError(CoalitionBotError):
    """The page that shows cards cannot be served."""


class BackupError(CoalitionBotError):
    """A backup cannot be written, read or put back; nothing was changed."""


class HealthError(CoalitionBotError):
    """The port for health and metrics cannot be used."""


class AttachmentError(CoalitionBotError):
    """A file that somebody attached cannot be had.

    Attributes:
        too_large: Whether it is larger than it may be.
    """

    def __init__(self, reason: str, *, too_large: bool = False) -> None:
        super().__init__(f"the attachment cannot be had: {reason}")
        self.too_large = too_large


class QuestionProblem(StrEnum):
    """Why a text cannot be searched for; each has its words in `bot/locales`."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_WORDS = "no_words"


class QuestionError(CoalitionBotError):
    """A text cannot be searched for.

    Attributes:
        problem: Why.
        length: The text's length in characters.
        longest: The length that is allowed.
    """

    def __init__(self, problem: QuestionProblem, length: int, longest: int) -> None:
        super().__init__(f"question refused: {problem}, {length} of {longest} characters")
        self.problem = problem
        self.length = length
        self.longest = longest


class BusyError(CoalitionBotError):
    """More is asked for at once than can be answered."""

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} questions wait already. Ask again in a few seconds.")
        self.waiting = waiting


class WorkerError(CoalitionBotError):
    """A call in a thread came to no end of its own."""


class RateLimitError(CoalitionBotError):
    """It is not a member's turn to ask.

    Attributes:
        seconds: How long to wait; None until the question before is answered.
    """

    def __init__(self, seconds: int | None) -> None:
        super().__init__(f"asked too soon; {seconds} seconds to wait")
        self.seconds = seconds
