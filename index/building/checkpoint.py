"""What a build has encoded so far, so that an interrupted one goes on where it stopped."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy.typing as npt

from index.errors import DamagedIndexError
from index.files import read_sealed_arrays, storable, write_sealed
from index.ranking.late_interaction import TokenEncoding
from index.segments.manifest import FORMAT


class Checkpoint:
    """Encoded texts on disk, by the key of their text. The folder is the builder's to remove."""

    def __init__(self, index_folder: Path, encoder: str, reference: str) -> None:
        """Look into the folder that belongs to an encoder and what is bundled."""
        name = hashlib.sha256(f"{FORMAT}\n{encoder}\n{reference}".encode()).hexdigest()[:16]
        self._folder = index_folder / f".encoded-{name}"

    def read(self) -> dict[str, TokenEncoding]:
        """Everything that was kept; a damaged file counts as not there."""
        found: dict[str, TokenEncoding] = {}
        for path in sorted(self._folder.glob("*.safetensors")):
            try:
                arrays = read_sealed_arrays(path)
            except (OSError, DamagedIndexError):
                continue
            for key in {name.partition(".")[0] for name in arrays}:
                found[key] = TokenEncoding.among(arrays, key)
        return found

    def keep(self, encodings: Mapping[str, TokenEncoding]) -> None:
        """Write texts that were not kept yet.

        Raises:
            IndexingError: A number is not finite.
            OSError: They cannot be written.
        """
        from safetensors.numpy import save

        if not encodings:
            return
        self._folder.mkdir(exist_ok=True)
        arrays: dict[str, npt.NDArray[Any]] = {}
        for key, encoding in encodings.items():
            arrays |= encoding.named(key)
        name = hashlib.sha256("\n".join(encodings).encode()).hexdigest()[:16]
        write_sealed(self._folder / f"{name}.safetensors", save(storable(arrays)))
