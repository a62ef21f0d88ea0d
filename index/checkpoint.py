"""What a build has encoded so far, so that an interrupted one goes on where it stopped."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy.typing as npt

from index.errors import DamagedIndexError
from index.files import read_sealed_arrays, storable, write_sealed
from index.tokens import Reading


class Checkpoint:
    """Readings on disk, by the key of their text. The folder is the builder's to remove."""

    def __init__(self, index_folder: Path, encoder: str, reference: str) -> None:
        """Look into the folder that belongs to an encoder and what is bundled."""
        name = hashlib.sha256(f"{encoder}\n{reference}".encode()).hexdigest()[:16]
        self._folder = index_folder / f".encoded-{name}"

    def read(self) -> dict[str, Reading]:
        """Everything that was kept; a damaged file counts as not there."""
        found: dict[str, Reading] = {}
        for path in sorted(self._folder.glob("*.safetensors")):
            try:
                arrays = read_sealed_arrays(path)
            except (OSError, DamagedIndexError):
                continue
            for key in {name.partition(".")[0] for name in arrays}:
                found[key] = Reading.among(arrays, key)
        return found

    def keep(self, readings: Mapping[str, Reading]) -> None:
        """Write readings that were not kept yet.

        Raises:
            IndexingError: A number is not finite.
            OSError: They cannot be written.
        """
        from safetensors.numpy import save

        if not readings:
            return
        self._folder.mkdir(exist_ok=True)
        arrays: dict[str, npt.NDArray[Any]] = {}
        for key, reading in readings.items():
            arrays |= reading.named(key)
        name = hashlib.sha256("\n".join(readings).encode()).hexdigest()[:16]
        write_sealed(self._folder / f"{name}.safetensors", save(storable(arrays)))
