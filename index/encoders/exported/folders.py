"""The folder of an export: made beside its place, and put there once it is whole."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.files import sync_folder


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """An empty folder beside `folder`, removed afterwards where it was not put in its place.

    What crashes left of earlier ones is removed first.

    Raises:
        OSError: It cannot be made.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(f".{folder.name}.*"):
        shutil.rmtree(left, ignore_errors=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def put_in_place(folder: Path, partial: Path) -> None:
    """Put `partial` in the place of `folder`.

    Raises:
        OSError: It cannot be put there.
    """
    partial.chmod(0o755)
    if folder.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.old.", dir=folder.parent))
        folder.rename(old)
        partial.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    else:
        partial.rename(folder)
    sync_folder(folder.parent)
