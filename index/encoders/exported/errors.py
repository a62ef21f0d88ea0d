"""What can be wrong with an export."""

from __future__ import annotations

from collections.abc import Sequence

from index.errors import EncoderError

_INSTEAD = "It can be served by sentence-transformers, which takes more time and memory."
_VERBS = {"pooling", "architecture", "tokenizer", "activation", "head"}


class NotExportableError(EncoderError):
    """The model cannot be served by ONNX Runtime, only by sentence-transformers."""


class DamagedExportError(EncoderError):
    """The files are not what was exported; exporting again mends them."""


def not_exportable(why: str) -> NotExportableError:
    """The error to raise where `why` keeps a model from being exported."""
    return NotExportableError(f"The model cannot be exported to ONNX Runtime: {why}. {_INSTEAD}")


def refused(part: str, expected: str, found: object) -> NotExportableError:
    """The error to raise where a part of a model is not one that can be exported."""
    verb = "is" if part in _VERBS else "are"
    return not_exportable(f"its {part} must be {expected}, and {verb} {found}")


def too_far(seen: Sequence[str]) -> NotExportableError:
    """The error to raise where an export is not its model, by what was `seen`."""
    return not_exportable(f"it comes out too far from the original ({'; '.join(seen)})")
