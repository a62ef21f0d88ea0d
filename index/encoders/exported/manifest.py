"""The manifest of an export: what was exported, and the size and checksum of every file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.encoders.exported.errors import DamagedExportError
from index.files import sha256, sync_file, write_atomically

MANIFEST = "about.json"

Precision: TypeAlias = Literal["int8", "float32"]
Pooling: TypeAlias = Literal["mean", "cls"]


class ExportedFile(BaseModel):
    """The size in bytes and the checksum of a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int
    sha256: str


class FilesManifest(BaseModel):
    """What every export says of itself.

    Attributes:
        format: The version of the layout of the folder.
        model: The identity of the model and its prompts, as the exporter was told it.
        precision: What the layers are computed in.
        longest: How many tokens are read, prompt and markers included.
        files: Every other file of the folder, by name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1]
    model: str
    precision: Precision
    longest: int = Field(gt=0)
    files: dict[str, ExportedFile]

    @property
    def name(self) -> str:
        """Names model, revision, prompts and precision."""
        return f"{self.model} {self.precision}"

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the manifest and compare the sizes of the files with it.

        Raises:
            DamagedExportError: There is no manifest of this format, or a file is missing or
                of another size.
        """
        path = folder / MANIFEST
        try:
            manifest = cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise damaged(folder, f"{MANIFEST} cannot be read ({error.strerror})") from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the whole"
            raise damaged(
                folder, f"{MANIFEST} is not of format 1: {where}: {first['msg']}"
            ) from error
        for name, file in manifest.files.items():
            found = (folder / name).stat().st_size if (folder / name).is_file() else None
            if found != file.size:
                size = "missing" if found is None else f"{found:,} bytes long"
                raise damaged(folder, f"{name} is {size}, expected {file.size:,} bytes")
        return manifest

    def write(self, folder: Path) -> None:
        """Write the manifest; the last thing that is written.

        Raises:
            OSError: It cannot be written.
        """
        write_atomically(folder / MANIFEST, (self.model_dump_json(indent=1) + "\n").encode())


class ExportManifest(FilesManifest):
    """What the export of an encoder says of itself.

    Attributes:
        pooling: How the hidden states of all tokens become an embedding.
        dimension: The length of an embedding and of a hidden state.
        query_prompt: Put before every question.
        passage_prompt: Put before every text that is searched.
        embedding_cosine: The least cosine of an embedding with the original model's.
        token_cosine: The mean cosine of centred hidden states with the original model's.
    """

    pooling: Pooling
    dimension: int = Field(gt=0)
    query_prompt: str
    passage_prompt: str
    embedding_cosine: float
    token_cosine: float


def describe_files(folder: Path) -> dict[str, ExportedFile]:
    """Size and checksum of every file of `folder` but the manifest, made to survive a crash."""
    found: dict[str, ExportedFile] = {}
    for path in sorted(folder.iterdir()):
        if path.name != MANIFEST:
            sync_file(path)
            found[path.name] = ExportedFile(size=path.stat().st_size, sha256=sha256(path))
    return found


def verify_export(folder: Path, manifest: type[FilesManifest] = ExportManifest) -> None:
    """Compare the checksum of every file with the manifest.

    Args:
        folder: The export.
        manifest: The kind of manifest that it has.

    Raises:
        DamagedExportError: A file is not what was exported.
    """
    for name, file in manifest.read(folder).files.items():
        if sha256(folder / name) != file.sha256:
            raise damaged(folder, f"{name} has another checksum than {MANIFEST} says")


def damaged(folder: Path, what: str) -> DamagedExportError:
    """The error to raise where `what` is wrong with the export in `folder`."""
    return DamagedExportError(
        f"The exported model in “{folder}” is damaged: {what}. Delete this folder and build "
        "the index again."
    )
