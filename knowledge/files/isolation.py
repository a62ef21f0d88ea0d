"""Reading a file in a process of its own, which may fail without harm."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path, PurePath

from knowledge.files.archives import Archive
from knowledge.files.kinds import ArchiveError, ArchiveProblem, FileError, FileKind, FileProblem
from knowledge.files.uploads import Upload, unpacked

ARCHIVE = "archive"
"""What the process is told to read in place of the kind of a file."""
_PATIENCE = 60.0
"""Seconds, on a machine that has other things to do."""
_SECONDS = 20
"""Seconds of a processor."""
_MEMORY = 768 << 20
"""Bytes of address space, of which Python and its libraries take a third."""
_LONGEST_NAME = 200
_ROOT = Path(__file__).parents[2]


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
    ended = _ended(kind, content, _stem(name))
    if ended is not None and ended.returncode == 0:
        return unpacked(ended.stdout.decode())
    said = "" if ended is None else ended.stderr.decode(errors="replace").strip()
    known = {each.value for each in FileProblem}
    # A process that a limit ended says nothing.
    raise FileError(FileProblem(said) if said in known else FileProblem.TOO_COSTLY)


def read_archive(content: bytes) -> Archive:
    """The documents of a zip. Blocks while another process reads it.

    Raises:
        ArchiveError: It cannot be used.
    """
    ended = _ended(ARCHIVE, content)
    if ended is None:
        raise ArchiveError(ArchiveProblem.TOO_COSTLY)
    if ended.returncode:
        problem, _, name = ended.stderr.decode(errors="replace").rstrip("\n").partition("\n")
        known = {each.value for each in ArchiveProblem}
        if problem not in known:
            raise ArchiveError(ArchiveProblem.TOO_COSTLY)
        raise ArchiveError(ArchiveProblem(problem), name)
    documents, problems = json.loads(ended.stdout)
    return Archive(documents, {path: ArchiveProblem(why) for path, why in problems.items()})


def _stem(name: str) -> str:
    """A name without its ending, and without what no command line can hold."""
    return "".join(each for each in PurePath(name).stem if each.isprintable())[:_LONGEST_NAME]


def _ended(kind: str, content: bytes, stem: str = "") -> subprocess.CompletedProcess[bytes] | None:
    """The process that read something, at its end; None where it came to none in time."""
    limits = (str(_SECONDS), str(_MEMORY))
    command = [sys.executable, "-I", "-c", _CODE, str(_ROOT), kind, *limits, stem]
    try:
        return subprocess.run(  # noqa: S603 - our own code, and no word of the file's
            command, input=content, capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return None


_CODE = """
import sys
sys.path.insert(0, sys.argv[1])
from knowledge.files.__main__ import main
main()
"""
