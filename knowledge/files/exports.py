"""Reading the files of an export one after another, as far as one process may."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePosixPath

from knowledge.files.archives import unpacked
from knowledge.files.kinds import FileError, FileKind, FileProblem, title_in

_ENOUGH = 8.0
"""Seconds of a processor, after which another process goes on: the next file may need as many."""


def lines_of(content: bytes, first: int) -> Iterator[str]:
    """Read a zip; what is found, in lines of JSON.

    The first says what documents the zip has, what is wrong, and which other files there are. A
    line follows for each of these from number `first` on, until a process has done enough: what is
    wrong with the file, or a tab and its `Upload`.

    Args:
        content: The zip.
        first: The number of the first file that is read, from 0.

    Raises:
        ArchiveError: The zip cannot be used.
    """
    found = unpacked(content)
    yield json.dumps(
        [found.documents, found.problems, [*found.others], found.unread], ensure_ascii=False
    )
    for path, inside in islice(found.others.items(), first, None):
        yield _line(path, inside)
        if time.process_time() > _ENOUGH:
            return


def _line(path: str, content: bytes) -> str:
    # Slow to import, and of no use for documents of `/knowledge export`.
    from knowledge.files.readers import upload_of
    from knowledge.files.uploads import packed

    name = PurePosixPath(path).name
    kind = FileKind.of(name)
    try:
        if kind is None:
            raise FileError(FileProblem.UNKNOWN_KIND)
        return f"\t{packed(upload_of(content, kind, title_in(name)))}"
    except FileError as error:
        return error.problem.value
    except (MemoryError, RecursionError):
        # Said once it was tried in a process of its own.
        raise
    except Exception:  # noqa: BLE001 - what a library says of a broken file may be anything
        return FileProblem.DAMAGED.value
