"""Writing files so that a crash leaves the old or the new, never a half."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import DamagedIndexError, IndexingError

_CHUNK = 1 << 20
_DTYPES = {
    "I8": "<i1",
    "U8": "|u1",
    "I32": "<i4",
    "I64": "<i8",
    "U64": "<u8",
    "F16": "<f2",
    "F32": "<f4",
}


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path` by `content` in one step that survives a crash.

    Raises:
        OSError: It cannot be written; `path` is as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` survive a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make the content of `path` survive a crash."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait until no other process holds the lock of `folder`, then hold it."""
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_sealed(path: Path, content: bytes) -> None:
    """Write `content` behind its SHA-256, as `write_atomically` does.

    Raises:
        OSError: It cannot be written.
    """
    write_atomically(path, hashlib.sha256(content).digest() + content)


def read_sealed(path: Path) -> bytes:
    """Read what `write_sealed` wrote.

    Raises:
        OSError: It cannot be read.
        DamagedIndexError: It is not what was written.
    """
    sealed = path.read_bytes()
    size = hashlib.sha256().digest_size
    content = sealed[size:]
    if hashlib.sha256(content).digest() != sealed[:size]:
        raise DamagedIndexError(f"the index file {path.name} does not match its checksum")
    return content


def mapped_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a safetensors file, by name; they stay in the file until they are needed.

    Raises:
        OSError: The file cannot be read.
        ValueError, KeyError: It is no such file.
        DamagedIndexError: A number in it is not finite.
    """
    # By a mapping of its own, so that what is looked at does not stay in memory.
    _check_finite(path, arrays_in(np.asarray(np.memmap(path, np.uint8, "r"))))
    return arrays_in(np.asarray(np.memmap(path, np.uint8, "r")))


def read_sealed_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a safetensors file that `write_sealed` wrote, by name.

    Raises:
        OSError: It cannot be read.
        DamagedIndexError: It is not what was written, or a number in it is not finite.
    """
    arrays = arrays_in(np.frombuffer(read_sealed(path), np.uint8))
    _check_finite(path, arrays)
    return arrays


def mapped_sealed_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The same; they stay in the file until they are needed.

    Raises:
        OSError: It cannot be read.
        DamagedIndexError: It is not what was written, or a number in it is not finite.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        seal = file.read(digest.digest_size)
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    if digest.digest() != seal:
        raise DamagedIndexError(f"the index file {path.name} does not match its checksum")

    def content() -> npt.NDArray[np.uint8]:
        return np.asarray(np.memmap(path, np.uint8, "r", offset=len(seal)))

    # By a mapping of its own, so that what is looked at does not stay in memory.
    _check_finite(path, arrays_in(content()))
    return arrays_in(content())


def storable(arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """The same arrays, fit to be given to safetensors.

    It writes as many bytes as an array has from where the array starts, in whatever order or
    distance its numbers lie.

    Raises:
        IndexingError: A number is not finite.
    """
    if (name := not_finite(arrays)) is not None:
        raise IndexingError(
            f"The index is not written: “{name}” has numbers that are not finite. What is in "
            "force is unchanged. Build it again; if that does not help, choose another model "
            "under `encoder.model`.",
            "index_not_finite",
            name=name,
        )
    return {name: np.asarray(each, order="C") for name, each in arrays.items()}


def not_finite(arrays: Mapping[str, npt.NDArray[Any]]) -> str | None:
    """The name of the first array with a number that is not finite, or None."""
    floats = ((name, each) for name, each in arrays.items() if each.dtype.kind == "f")
    return next((name for name, each in floats if not np.isfinite(each).all()), None)


def _check_finite(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    if (name := not_finite(arrays)) is not None:
        raise DamagedIndexError(
            f"the index file {path.name} is of no use: “{name}” has numbers that are not finite"
        )


def arrays_in(data: npt.NDArray[np.uint8]) -> dict[str, npt.NDArray[Any]]:
    """The arrays of safetensors' bytes, by name, without copying them as safetensors does.

    The bytes begin with the size of a JSON header, eight bytes, which says where each array is in
    what follows.

    Args:
        data: uint8 (bytes,).

    Raises:
        ValueError, KeyError: It is no such file.
    """
    start = 8 + int.from_bytes(data[:8].tobytes(), "little")
    header = json.loads(data[8:start].tobytes())
    found: dict[str, npt.NDArray[Any]] = {}
    for name, about in header.items():
        first, last = about["data_offsets"]
        own = data[start + first : start + last]
        found[name] = own.view(_DTYPES[about["dtype"]]).reshape(about["shape"])
    return found
