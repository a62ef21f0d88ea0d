"""The exceptions of this room; the whole tree is drawn in `knowledge.errors`."""

from __future__ import annotations

from knowledge import CoalitionBotError


class IndexingError(CoalitionBotError):
    """An index cannot be built or opened."""


class EncoderError(IndexingError):
    """The encoder cannot be made ready, or does not fit the index."""


class ReaderError(IndexingError):
    """The reader of question and passage cannot be made ready, or fails."""


class DamagedIndexError(IndexingError):
    """The files on disk are not what the manifest says was built."""


class EvaluationError(CoalitionBotError):
    """A file of questions cannot be used."""


class NotVerbatimError(CoalitionBotError):
    """A text about to be shown as a quote is not a part of its source."""
