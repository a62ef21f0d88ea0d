"""Reading a file in a process of its own, which may fail without harm."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.files.kinds import (
    ArchiveError,
    ArchiveProblem,
    FileError,
    FileKind,
    FileProblem,
    title_in,
)
from knowledge.files.uploads import Upload, unpacked

ARCHIVE = "archive"
"""What the process is told to read in place of the kind of a file."""
_PATIENCE = 60.0
"""Seconds, on a machine that has other things to do."""
_PATIENCE_FOR_ALL = 300.0
"""The same for all files of an export."""
_MOST_TEXT = 32 << 20
"""Characters of all files of an export."""
_SECONDS = 20
"""Seconds of a processor."""
_MEMORY = 768 << 20
"""Bytes of address space, of which Python and its libraries take a third."""
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file of an export.

    Attributes:
        path: Its path in the zip.
        upload: What it says, None where it cannot be read.
        problem: Why; None where it can.
    """

    path: str
    upload: Upload | None = None
    problem: FileProblem | None = None

    @classmethod
    def of(cls, path: str, line: str) -> ExportedFile:
        """The file that a line of `knowledge.files.exports.lines_of` is of."""
        problem, _, upload = line.partition("\t")
        if problem:
            return cls(path, problem=FileProblem(problem))
        return cls(path, unpacked(upload))


@dataclass(frozen=True, slots=True)
class Archive:
    """What a zip of documents has.

    Attributes:
        documents: For each folder of a document the text of each file by its name.
        problems: For each file that cannot be used, by its path in the zip, why.
        files: Those that another program exported, in the order of the zip.
    """

    documents: Mapping[str, Mapping[str, str]]
    problems: Mapping[str, ArchiveProblem]
    files: tuple[ExportedFile, ...] = ()


def read_file(name: str, content: bytes) -> str:
    """What a file says, as Markdown: see `read_upload`."""
    return read_upload(name, content).markdown


def read_upload(name: str, content: bytes) -> Upload:
    """What a file says, and what of it was left out. Blocks while another process reads it.

    Args:
        name: Its name, whose ending says what it is.
        content: Its bytes.

    Raises:
        FileError: It cannot be read.
    """
    kind = FileKind.of(name)
    if kind is None:
        raise FileError(FileProblem.UNKNOWN_KIND)
    ended = _ended(kind, content, title_in(name))
    if ended.status == 0:
        return unpacked(ended.output.decode())
    known = {each.value for each in FileProblem}
    # A process that a limit ended says nothing.
    raise FileError(FileProblem(ended.said) if ended.said in known else FileProblem.TOO_COSTLY)


def read_archive(content: bytes) -> Archive:
    """The documents of a zip, and its files. Blocks while other processes read it.

    Raises:
        ArchiveError: It cannot be used.
    """
    by = time.monotonic() + _PATIENCE_FOR_ALL
    ended = _ended(ARCHIVE, content, "0")
    lines = ended.lines()
    if not lines:
        problem, _, name = ended.said.partition("\n")
        known = {each.value for each in ArchiveProblem}
        if problem not in known:
            raise ArchiveError(ArchiveProblem.TOO_COSTLY)
        raise ArchiveError(ArchiveProblem(problem), name)
    documents, problems, paths, unread = json.loads(lines[0])
    files: list[ExportedFile] = []
    length = 0
    while True:
        read = [*map(ExportedFile.of, paths[len(files) :], lines[1:])]
        length += sum(len(each.upload.markdown) for each in read if each.upload is not None)
        if length > _MOST_TEXT:
            raise ArchiveError(ArchiveProblem.TOO_LARGE)
        files += read
        if len(files) == len(paths):
            break
        if not read:
            # It had a process to itself.
            files.append(ExportedFile(paths[len(files)], problem=FileProblem.TOO_COSTLY))
        left = by - time.monotonic()
        if left < 0:
            rest = paths[len(files) :]
            files += (ExportedFile(each, problem=FileProblem.TOO_COSTLY) for each in rest)
            break
        lines = _ended(ARCHIVE, content, str(len(files)), left).lines()
    files += (ExportedFile(each, problem=FileProblem.UNKNOWN_KIND) for each in unread)
    return Archive(
        documents, {path: ArchiveProblem(why) for path, why in problems.items()}, tuple(files)
    )


@dataclass(frozen=True, slots=True)
class _Ended:
    """A process that read something.

    Attributes:
        status: How it ended; None where it came to no end in time.
        output: What it wrote.
        said: What it says is wrong.
    """

    status: int | None
    output: bytes
    said: str

    def lines(self) -> list[str]:
        """The lines that it came to the end of."""
        return self.output.decode(errors="replace").split("\n")[:-1]


def _ended(kind: str, content: bytes, about: str, patience: float | None = None) -> _Ended:
    """The process that read something, at its end."""
    limits = (str(_SECONDS), str(_MEMORY))
    command = [sys.executable, "-I", "-c", _CODE, str(_ROOT), kind, *limits, about]
    longest = _PATIENCE if patience is None else min(_PATIENCE, patience)
    try:
        ended = subprocess.run(  # noqa: S603 - our own code, and no word of the file's
            command, input=content, capture_output=True, timeout=longest, check=False
        )
    except subprocess.TimeoutExpired as error:
        return _Ended(None, error.stdout or b"", "")
    said = ended.stderr.decode(errors="replace").strip()
    return _Ended(ended.returncode, ended.stdout, said)


_CODE = """
import sys
sys.path.insert(0, sys.argv[1])
from knowledge.files.__main__ import main
main()
"""
