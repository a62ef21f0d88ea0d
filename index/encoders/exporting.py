"""Opening what is exported once: made where it is missing, and again where it is damaged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

from index.encoders.exported.errors import DamagedExportError, NotExportableError
from index.encoders.exported.manifest import FilesManifest, verify_export
from index.encoders.refusals import read_refusal, write_refusal
from index.files import locked

T = TypeVar("T")

Told: TypeAlias = Callable[[str], None]
"""Told in one line what takes a while, or what is not as it should be."""

_REFUSED = ".refused"


@dataclass(frozen=True, slots=True)
class Export(Generic[T]):
    """A model that is exported once, and what else can serve it.

    Attributes:
        folder: Where the export is, or is to be.
        manifest: The kind of manifest that it has.
        exporters: The packages that export such models: other code may take what these refuse.
    """

    folder: Path
    manifest: type[FilesManifest]
    exporters: Sequence[str]

    @property
    def found(self) -> Path | None:
        """The folder, its files compared with their checksums; None where there is none yet.

        Raises:
            DamagedExportError: The files are not what was exported.
        """
        if not self.folder.exists():
            return None
        verify_export(self.folder, self.manifest)
        return self.folder

    @property
    def refusal(self) -> str | None:
        """Why the model cannot be exported, where these versions found that it cannot.

        Raises:
            OSError: What was found cannot be read.
        """
        return read_refusal(self._marker, self.exporters)

    @property
    def _marker(self) -> Path:
        return self.folder.with_suffix(_REFUSED)

    def open(
        self,
        making: str,
        *,
        export: Callable[[Path], object],
        opened: Callable[[Path], T],
        instead: Callable[[], T],
        told: Told,
    ) -> T:
        """Open the export, made first where that was not done yet.

        Args:
            making: Said before it is made.
            export: Makes it in a folder.
            opened: Opens it.
            instead: Serves a model that cannot be exported. That is remembered, and tried again
                once an exporter or a library that it needs has changed.
            told: Told what takes a while.

        Raises:
            EncoderError: The model cannot be found or loaded.
            OSError: The export cannot be written.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with locked(self.folder.parent):
            refusal = None
            if self.folder.exists():
                try:
                    verify_export(self.folder, self.manifest)
                    return opened(self.folder)
                except DamagedExportError as error:
                    told(f"{error} It is done now.")
            else:
                refusal = self.refusal
                if refusal is None:
                    told(making)
            if refusal is None:
                try:
                    export(self.folder)
                    self._marker.unlink(missing_ok=True)
                    return opened(self.folder)
                except NotExportableError as error:
                    refusal = str(error)
                    write_refusal(self._marker, refusal, self.exporters)
            told(refusal)
            return instead()


def export_folder(models_folder: Path, kind: str, name: str) -> Path:
    """Where the export of a model is.

    Args:
        models_folder: Where models are.
        kind: What the name of the folder begins with.
        name: Names model, revision and prompts.
    """
    return models_folder / f"{kind}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
