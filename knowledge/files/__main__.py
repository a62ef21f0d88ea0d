"""The process that reads one file, or a zip: from standard input to standard output."""

from __future__ import annotations

import logging
import sys
import warnings


def main() -> None:
    """Read a file within limits.

    The arguments are the folder of this package, the kind of the file, the seconds of a
    processor and the bytes of address space that it may take, and the title that its name
    gives; of a zip, the number of the file to begin with. What is wrong with the file is
    said in one word on standard error; of a zip, the name of the file to blame follows.
    """
    _, kind, seconds, memory, stem = sys.argv[1:]
    _limit(int(seconds), int(memory))
    logging.disable()
    warnings.simplefilter("ignore")
    from knowledge.files.isolation import ARCHIVE
    from knowledge.files.kinds import ArchiveError, FileError, FileProblem

    content = sys.stdin.buffer.read()
    try:
        if kind == ARCHIVE:
            _write_lines(content, int(stem))
        else:
            sys.stdout.buffer.write(_file(content, kind, stem).encode())
    except FileError as error:
        sys.exit(error.problem.value)
    except ArchiveError as error:
        named = error.name.encode("utf-8", "replace").decode()
        sys.exit(f"{error.problem.value}\n{named}")
    except (MemoryError, RecursionError):
        sys.exit(FileProblem.TOO_COSTLY.value)
    except Exception:  # noqa: BLE001 - what a library says of a broken file may be anything
        sys.exit(FileProblem.DAMAGED.value)


def _file(content: bytes, kind: str, stem: str) -> str:
    from knowledge.files.kinds import FileKind
    from knowledge.files.readers import upload_of
    from knowledge.files.uploads import packed

    return packed(upload_of(content, FileKind(kind), stem))


def _write_lines(content: bytes, first: int) -> None:
    """Write each line as soon as it is there: the process may come to an end before the next."""
    from knowledge.files.exports import lines_of

    for line in lines_of(content, first):
        sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()


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
