"""Reading a file in a process of its own, which may fail without harm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from knowledge.files.kinds import FileError, FileKind, FileProblem

_PATIENCE = 60.0
"""Seconds, on a machine that has other things to do."""
_SECONDS = 20
"""Seconds of a processor."""
_MEMORY = 768 << 20
"""Bytes of address space, of which Python and its libraries take a third."""
_ROOT = Path(__file__).parents[2]


def read_file(name: str, content: bytes) -> str:
    """What a file says, as Markdown. Blocks while another process reads it.

    Args:
        name: Its name, whose ending says what it is.
        content: Its bytes.

    Raises:
        FileError: It cannot be read.
    """
    kind = FileKind.of(name)
    if kind is None:
        raise FileError(FileProblem.UNKNOWN_KIND)
    command = [sys.executable, "-I", "-c", _CODE, str(_ROOT), kind, str(_SECONDS), str(_MEMORY)]
    try:
        ended = subprocess.run(  # noqa: S603 - our own code, and no word of the file's
            command, input=content, capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise FileError(FileProblem.TOO_COSTLY) from error
    if ended.returncode == 0:
        return ended.stdout.decode()
    said = ended.stderr.decode(errors="replace").strip()
    known = {each.value for each in FileProblem}
    # A process that a limit ended says nothing.
    raise FileError(FileProblem(said) if said in known else FileProblem.TOO_COSTLY)


_CODE = """
import sys
sys.path.insert(0, sys.argv[1])
from knowledge.files.child import main
main()
"""
