"""The manifest: what was built, from what, and how to tell that it is still that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import DamagedIndexError
from index.files import sha256, sync_file, write_atomically

Sealed = TypeVar("Sealed", bound=BaseModel)

FORMAT = 10
"""Raised whenever files are laid out otherwise; they are then rebuilt."""
MANIFEST_FILE = "manifest.json"


class FileFact(BaseModel):
    """What a file of the index must be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bytes: int
    sha256: str


class Manifest(BaseModel):
    """What an index is made of.

    Attributes:
        format: The layout of the files; another layout is rebuilt.
        generation: Names the folder of the files; made from all that they are made from.
        encoder: The encoder's name.
        dimension: The length of an embedding.
        metric: How embeddings are compared.
        index_type: The FAISS index that holds them.
        reference: SHA-256 of what is bundled to know silence by.
        knowledge: SHA-256 of the documents as they were read.
        documents, passages, texts, vectors: How many there are; a vector is a sentence's.
        files: Every file of the generation.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    generation: str
    encoder: str
    dimension: int
    metric: str
    index_type: str
    reference: str
    knowledge: str
    documents: int
    passages: int
    texts: int
    vectors: int
    files: dict[str, FileFact]

    def folder(self, index_folder: Path) -> Path:
        """Where the files of the generation are."""
        return index_folder / self.generation

    def check_files(self, index_folder: Path) -> None:
        """Check every file against its checksum.

        Raises:
            DamagedIndexError: A file is missing, or is not what was written.
        """
        check_files(self.folder(index_folder), self.files)


def written_files(folder: Path) -> dict[str, FileFact]:
    """Make the files in `folder` survive a crash, and say what they are."""
    files = {}
    for path in sorted(folder.iterdir()):
        sync_file(path)
        files[path.name] = FileFact(bytes=path.stat().st_size, sha256=sha256(path))
    return files


def check_files(folder: Path, files: Mapping[str, FileFact]) -> None:
    """Check files against what they must be.

    Raises:
        DamagedIndexError: A file is missing, or is not what was written.
    """
    for name, fact in files.items():
        path = folder / name
        try:
            size = path.stat().st_size
            intact = size == fact.bytes and sha256(path) == fact.sha256
        except OSError as error:
            raise DamagedIndexError(
                f"the index file {name} cannot be read ({error.strerror})"
            ) from error
        if not intact:
            raise DamagedIndexError(f"the index file {name} does not match its checksum")


def write_manifest(manifest: Manifest, index_folder: Path) -> None:
    """Make `manifest` the one in force; the last step of a build."""
    write_sealed_model(index_folder / MANIFEST_FILE, manifest)


def read_manifest(index_folder: Path) -> Manifest | None:
    """The manifest in force, or None where nothing was built.

    Raises:
        DamagedIndexError: It cannot be read, was altered, or is of another format.
    """
    return read_sealed_model(index_folder / MANIFEST_FILE, Manifest)


def write_sealed_model(path: Path, model: BaseModel) -> None:
    """Write a manifest with its checksum, in one step that survives a crash."""
    content = model.model_dump(mode="json")
    sealed = {"sha256": _digest(content), **content}
    write_atomically(path, json.dumps(sealed, indent=1, ensure_ascii=False).encode())


def read_sealed_model(path: Path, kind: type[Sealed]) -> Sealed | None:
    """Read what `write_sealed_model` wrote, or None where it never did.

    Raises:
        DamagedIndexError: It cannot be read, was altered, or is of another format.
    """
    try:
        content = json.loads(path.read_bytes())
        seal = content.pop("sha256")
        if content["format"] != FORMAT:
            raise DamagedIndexError(
                f"the index has format {content['format']}, this version writes {FORMAT}"
            )
        if seal != _digest(content):
            raise DamagedIndexError("the manifest does not match its checksum")
        return kind.model_validate(content)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DamagedIndexError(f"the manifest cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
        raise DamagedIndexError("the manifest is not what was written") from error


def _digest(content: dict[str, object]) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
