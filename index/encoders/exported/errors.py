"""What can be wrong with an export."""

from __future__ import annotations

from index.errors import EncoderError


class NotExportableError(EncoderError):
    """The model cannot be served by ONNX Runtime, only by sentence-transformers."""


class DamagedExportError(EncoderError):
    """The files are not what was exported; exporting again mends them."""
