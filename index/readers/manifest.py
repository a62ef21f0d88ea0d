"""The manifest of a reader's export."""

from __future__ import annotations

from index.encoders.exported.manifest import FilesManifest


class ReaderManifest(FilesManifest):
    """What the export of a reader says of itself.

    Attributes:
        prompt: Put before every question.
        correlation: Of its scores with those of the original.
        largest: The largest difference of a score, in standard deviations of the original's.
    """

    prompt: str
    correlation: float
    largest: float
