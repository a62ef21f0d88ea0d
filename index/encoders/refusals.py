"""That a model cannot be exported, remembered for as long as the same code would say so again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib import metadata, resources
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from index.files import write_atomically

_LIBRARIES = ("onnx", "onnxruntime", "sentence-transformers", "transformers")


class _Refusal(BaseModel):
    """What a refusal says of itself: why, and by which versions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: str
    by: dict[str, str]


def read_refusal(path: Path, exporters: Sequence[str]) -> str | None:
    """Why a model was refused; None where it was not, or by other versions than these.

    Args:
        path: Where that is remembered.
        exporters: The packages that export such models.

    Raises:
        OSError: It cannot be read.
    """
    if not path.exists():
        return None
    try:
        refusal = _Refusal.model_validate_json(path.read_bytes())
    except ValidationError:
        # Versions before this wrote the reason alone.
        return None
    return refusal.reason if refusal.by == _versions(exporters) else None


def write_refusal(path: Path, reason: str, exporters: Sequence[str]) -> None:
    """Remember that these versions refused a model.

    Args:
        path: Where to remember it.
        reason: Why.
        exporters: The packages that export such models.

    Raises:
        OSError: It cannot be written.
    """
    refusal = _Refusal(reason=reason, by=_versions(exporters))
    write_atomically(path, (refusal.model_dump_json(indent=1) + "\n").encode())


def _versions(exporters: Sequence[str]) -> dict[str, str]:
    """What decides whether a model can be exported; exporters are known by their text."""
    text = hashlib.sha256()
    for each in exporters:
        for file in sorted(resources.files(each).iterdir(), key=lambda file: file.name):
            if file.name.endswith(".py"):
                text.update(file.read_bytes())
    return {"exporter": text.hexdigest()} | {name: _version(name) for name in _LIBRARIES}


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        # An image has none of what only makes a model ready.
        return "missing"
