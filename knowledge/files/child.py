"""The process that reads one file: from standard input to standard output."""

from __future__ import annotations

import logging
import sys
import warnings


def main() -> None:
    """Read a file within limits.

    The arguments are the folder of this package, the kind of the file, the seconds of a
    processor and the bytes of address space that it may take. What is wrong with the file is
    said in one word on standard error.
    """
    _, kind, seconds, memory = sys.argv[1:]
    _limit(int(seconds), int(memory))
    logging.disable()
    warnings.simplefilter("ignore")
    from knowledge.files.kinds import FileError, FileKind, FileProblem
    from knowledge.files.readers import markdown_of

    try:
        text = markdown_of(sys.stdin.buffer.read(), FileKind(kind))
    except FileError as error:
        sys.exit(error.problem.value)
    except (MemoryError, RecursionError):
        sys.exit(FileProblem.TOO_COSTLY.value)
    except Exception:  # noqa: BLE001 - what a library says of a broken file may be anything
        sys.exit(FileProblem.DAMAGED.value)
    sys.stdout.buffer.write(text.encode())


def _limit(seconds: int, memory: int) -> None:
    """Limit this process, where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
