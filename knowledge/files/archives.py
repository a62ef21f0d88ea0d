"""From the bytes of a zip to documents. To be called in a process of its own: see `apart`.

Nothing is written to a disk, and names of a zip are only looked at, never opened.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from knowledge.files.kinds import LONGEST_TEXT, ArchiveError, ArchiveProblem
from knowledge.questions import QUESTIONS_FILE

MOST_UNPACKED = 32 << 20
"""Bytes of all files together once they are unpacked."""
MOST_FILES = 10_000
_LONGEST_NAME = 200
_DEPTH = 2
"""Parts of a path: the folder of a document, and a file in it."""
_CHUNK = 1 << 16
_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OF_SYSTEMS = ("__MACOSX", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Archive:
    """What a zip of documents has.

    Attributes:
        documents: For each folder the text of each file by its name.
        problems: For each file that cannot be used, by its path in the zip, why.
    """

    documents: Mapping[str, Mapping[str, str]]
    problems: Mapping[str, ArchiveProblem]


def unpacked(content: bytes) -> Archive:
    """Read a zip that has one folder for each document.

    A folder around all of them, and what systems add by themselves, are overlooked.

    Raises:
        ArchiveError: It cannot be used.
    """
    if not content.startswith(_BEGINNINGS):
        raise ArchiveError(ArchiveProblem.NO_ZIP)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _sorted(_read(packed, _files(packed.infolist())))
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise ArchiveError(ArchiveProblem.DAMAGED) from error


def _files(entries: list[zipfile.ZipInfo]) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """The files of documents, after every entry was looked at.

    Raises:
        ArchiveError: An entry is none that somebody who means well has.
    """
    if len(entries) > MOST_FILES:
        raise ArchiveError(ArchiveProblem.TOO_MANY)
    seen: set[str] = set()
    files: dict[PurePosixPath, zipfile.ZipInfo] = {}
    for entry in entries:
        # `filename` ends where the name has a null character.
        name = entry.orig_filename
        if name in seen or not _is_plain(name):
            raise ArchiveError(ArchiveProblem.UNSAFE_NAME, _shown(name))
        seen.add(name)
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise ArchiveError(ArchiveProblem.LINK, _shown(name))
        if entry.flag_bits & 1:
            raise ArchiveError(ArchiveProblem.ENCRYPTED)
        if entry.compress_type not in _METHODS:
            raise ArchiveError(ArchiveProblem.DAMAGED)
        path = PurePosixPath(name)
        if not entry.is_dir() and not any(map(_is_of_a_system, path.parts)):
            files[path] = entry
    if not files:
        raise ArchiveError(ArchiveProblem.EMPTY)
    return files


def _is_plain(name: str) -> bool:
    """Whether a name goes down from the root of the zip, by names that all systems have."""
    parts = name.removesuffix("/").split("/")
    return (
        len(name) <= _LONGEST_NAME
        and name.isprintable()
        and not {"", ".", ".."}.intersection(parts)
        and not any(each in name for each in "\\:")
    )


def _shown(name: str) -> str:
    """A name without what cannot be seen, or turns what surrounds it."""
    return "".join(each if each.isprintable() else "?" for each in name)


def _is_of_a_system(part: str) -> bool:
    return part.startswith(".") or part in _OF_SYSTEMS


def _read(
    packed: zipfile.ZipFile, files: Mapping[PurePosixPath, zipfile.ZipInfo]
) -> dict[PurePosixPath, bytes]:
    """What the files hold. What a zip says of their sizes is not believed.

    Raises:
        ArchiveError: They hold too much.
    """
    left = MOST_UNPACKED
    contents: dict[PurePosixPath, bytes] = {}
    for path, entry in files.items():
        read = io.BytesIO()
        with packed.open(entry) as file:
            while chunk := file.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise ArchiveError(ArchiveProblem.TOO_LARGE)
                read.write(chunk)
        contents[path] = read.getvalue()
    return contents


def _sorted(contents: Mapping[PurePosixPath, bytes]) -> Archive:
    around = {path.parts[0] for path in contents}
    depth = 1 if len(around) == 1 and all(len(path.parts) > _DEPTH for path in contents) else 0
    documents: dict[str, dict[str, str]] = {}
    problems: dict[str, ArchiveProblem] = {}
    for path, content in contents.items():
        found = _text(path.parts[depth:], content)
        if isinstance(found, ArchiveProblem):
            problems[str(path)] = found
            continue
        folder, name = path.parts[depth:]
        documents.setdefault(folder, {})[name] = found
    spoilt = {PurePosixPath(each).parts[depth] for each in problems}
    whole = {folder: files for folder, files in documents.items() if folder not in spoilt}
    return Archive(whole, problems)


def _text(parts: tuple[str, ...], content: bytes) -> str | ArchiveProblem:
    """The text of the file at `parts`, or why there is none."""
    if len(parts) != _DEPTH:
        return ArchiveProblem.MISPLACED
    if parts[1] != QUESTIONS_FILE and not parts[1].endswith(".md"):
        return ArchiveProblem.OTHER_FILE
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ArchiveProblem.NO_UTF8
    if len(text) > LONGEST_TEXT:
        return ArchiveProblem.TOO_LONG
    return text.replace("\r\n", "\n").replace("\r", "\n")
