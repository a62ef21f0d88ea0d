"""From the bytes of a zip to its documents and files; called in a process of its own.

A folder that has `fr.md`, `en.md` or `questions.yaml` is a document, as `/knowledge export` writes
it. Any other file is one that another program exported, and becomes a document of its own: see
`exports`. Nothing is written to a disk, and names of a zip are only looked at, never opened.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

from knowledge.files.kinds import LONGEST_TEXT, ArchiveError, ArchiveProblem, FileKind
from knowledge.language import Language
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
_OWN = {QUESTIONS_FILE, *(f"{each}.md" for each in Language)}
"""Files that only documents of `/knowledge export` have."""
_JOINERS = str.maketrans("", "", "\u200c\u200d")
"""Not seen, and harmless: parts of many emoji, which titles of pages have."""
_UTF8 = 0x800


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a zip has.

    Attributes:
        documents: For each folder of a document the text of each file by its name.
        problems: For each file that cannot be used, by its path in the zip, why.
        others: The content of each file that another program exported, by its path.
        unread: The paths of files of kinds that are not read.
    """

    documents: Mapping[str, Mapping[str, str]]
    problems: Mapping[str, ArchiveProblem]
    others: Mapping[str, bytes]
    unread: tuple[str, ...]


def unpacked(content: bytes) -> Unpacked:
    """Read a zip of documents.

    A folder around all of them, and what systems add by themselves, are overlooked. Where a zip
    has nothing but zips, as large exports of Notion do, these are opened.

    Raises:
        ArchiveError: It cannot be used.
    """
    unpacking = _Unpacking()
    with _damage():
        packed = unpacking.opened(content)
        if all(each.suffix.lower() == ".zip" for each in packed):
            packed = _joined({path: unpacking.opened(file.read()) for path, file in packed.items()})
        return _sorted(packed)


def _joined(
    parts: Mapping[PurePosixPath, Mapping[PurePosixPath, _File]],
) -> dict[PurePosixPath, _File]:
    """The files of all parts; one of a name that another part has stands under its part's."""
    found: dict[PurePosixPath, _File] = {}
    for part, files in parts.items():
        for path, file in files.items():
            found[part.with_suffix("") / path if path in found else path] = file
    return found


@contextmanager
def _damage() -> Iterator[None]:
    """Says of whatever unpacking comes upon that the zip is damaged."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise ArchiveError(ArchiveProblem.DAMAGED) from error


@dataclass(frozen=True, slots=True)
class _File:
    """A file in a zip."""

    packed: zipfile.ZipFile
    entry: zipfile.ZipInfo
    unpacking: _Unpacking

    def read(self) -> bytes:
        """What it holds; what a zip says of its size is not believed.

        Raises:
            ArchiveError: All that was read holds too much.
        """
        read = io.BytesIO()
        with self.packed.open(self.entry) as file:
            while chunk := file.read(_CHUNK):
                self.unpacking.take(len(chunk))
                read.write(chunk)
        return read.getvalue()


class _Unpacking:
    """Opens a zip, and those in it, within one bound."""

    def __init__(self) -> None:
        self._bytes = MOST_UNPACKED
        self._files = MOST_FILES

    def take(self, length: int) -> None:
        """Count bytes.

        Raises:
            ArchiveError: They are too many.
        """
        self._bytes -= length
        if self._bytes < 0:
            raise ArchiveError(ArchiveProblem.TOO_LARGE)

    def opened(self, content: bytes) -> dict[PurePosixPath, _File]:
        """The files of a zip, after every entry was looked at.

        Raises:
            ArchiveError: It is none, or an entry is none that somebody who means well has.
        """
        if not content.startswith(_BEGINNINGS):
            raise ArchiveError(ArchiveProblem.NO_ZIP)
        packed = zipfile.ZipFile(io.BytesIO(content))
        entries = packed.infolist()
        self._files -= len(entries)
        if self._files < 0:
            raise ArchiveError(ArchiveProblem.TOO_MANY)
        seen: set[str] = set()
        files: dict[PurePosixPath, _File] = {}
        for entry in entries:
            name = _name(entry)
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
                files[path] = _File(packed, entry, self)
        if not files:
            raise ArchiveError(ArchiveProblem.EMPTY)
        return files


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; many programs write UTF-8 without saying so."""
    # `filename` ends where the name has a null character.
    name = entry.orig_filename
    if entry.flag_bits & _UTF8:
        return name
    try:
        return name.encode("cp437").decode()
    except UnicodeError:
        return name


def _is_plain(name: str) -> bool:
    """Whether a name goes down from the root of the zip, by names that all systems have."""
    parts = name.removesuffix("/").split("/")
    return (
        len(name) <= _LONGEST_NAME
        and name.translate(_JOINERS).isprintable()
        and not {"", ".", ".."}.intersection(parts)
        and not any(each in name for each in "\\:")
    )


def _shown(name: str) -> str:
    """A name without what cannot be seen, or turns what surrounds it."""
    return "".join(each if each.isprintable() else "?" for each in name)


def _is_of_a_system(part: str) -> bool:
    return part.startswith(".") or part in _OF_SYSTEMS


def _sorted(packed: Mapping[PurePosixPath, _File]) -> Unpacked:
    depth = _depth_of_documents(packed)
    own = {path.parts[: depth + 1] for path in packed if _is_own(path, depth)}
    documents: dict[str, dict[str, str]] = {}
    problems: dict[str, ArchiveProblem] = {}
    others: dict[str, bytes] = {}
    unread: list[str] = []
    for path, file in packed.items():
        shown = _shown(str(path))
        if path.parts[: depth + 1] in own:
            found = _text(path.parts[depth:], file)
            if isinstance(found, ArchiveProblem):
                problems[shown] = found
            else:
                documents.setdefault(path.parts[depth], {})[path.name] = found
        elif path.suffix.lower() == ".zip":
            problems[shown] = ArchiveProblem.NESTED
        elif FileKind.of(path.name) is None:
            unread.append(shown)
        elif path.with_stem(f"{path.stem}_all") in packed:
            problems[shown] = ArchiveProblem.TWIN_TABLE
        else:
            others[shown] = file.read()
    spoilt = {PurePosixPath(each).parts[depth] for each in problems if _below(each, depth) in own}
    whole = {folder: files for folder, files in documents.items() if folder not in spoilt}
    return Unpacked(whole, problems, others, tuple(unread))


def _depth_of_documents(packed: Mapping[PurePosixPath, _File]) -> int:
    """How many folders stand around those of documents: one, where it is around everything."""
    around = {path.parts[0] for path in packed}
    inside = any(len(path.parts) == _DEPTH and path.name in _OWN for path in packed)
    return int(len(around) == 1 and not inside and all(len(path.parts) > 1 for path in packed))


def _is_own(path: PurePosixPath, depth: int) -> bool:
    return len(path.parts) == depth + _DEPTH and path.name in _OWN


def _below(path: str, depth: int) -> tuple[str, ...]:
    return PurePosixPath(path).parts[: depth + 1]


def _text(parts: tuple[str, ...], file: _File) -> str | ArchiveProblem:
    """The text of the file of a document at `parts`, or why there is none."""
    if len(parts) != _DEPTH:
        return ArchiveProblem.MISPLACED
    if parts[1] != QUESTIONS_FILE and not parts[1].endswith(".md"):
        return ArchiveProblem.OTHER_FILE
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return ArchiveProblem.NO_UTF8
    if len(text) > LONGEST_TEXT:
        return ArchiveProblem.TOO_LONG
    return text.replace("\r\n", "\n").replace("\r", "\n")
