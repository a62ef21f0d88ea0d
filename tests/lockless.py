"""A file system that hands a folder on and lacks something: run as a program, until unmounted.

Its arguments are the folder, where it is to be mounted, and what it lacks: “locks”, which it
refuses as NFS does without its lock service, or “sharing”, as where writes bypass the memory of
the machine.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any

from mfusepy import FUSE, FuseOSError, Operations  # type: ignore[import-not-found]

_STATUS = ("st_mode", "st_nlink", "st_size", "st_uid", "st_gid", "st_ino")
_SPACE = ("f_bavail", "f_bfree", "f_blocks", "f_bsize", "f_files", "f_ffree", "f_frsize")


class Handed(Operations):  # type: ignore[misc]
    """The files of a folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def getattr(self, path: str, fh: int | None = None) -> dict[str, int]:
        del fh
        found = os.lstat(self._folder + path)
        return {name: getattr(found, name) for name in _STATUS}

    def readdir(self, path: str, fh: int) -> list[str]:
        del fh
        return [".", "..", *(each.name for each in Path(self._folder + path).iterdir())]

    def create(self, path: str, mode: int, fi: object = None) -> int:
        del fi
        return os.open(self._folder + path, os.O_RDWR | os.O_CREAT, mode)

    def open(self, path: str, flags: int) -> int:
        return os.open(self._folder + path, flags)

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        del path
        return os.pread(fh, size, offset)

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        del path
        return os.pwrite(fh, data, offset)

    def truncate(self, path: str, length: int, fh: int | None = None) -> None:
        del fh
        os.truncate(self._folder + path, length)

    def release(self, path: str, fh: int) -> None:
        del path
        os.close(fh)

    def unlink(self, path: str) -> None:
        Path(self._folder + path).unlink()

    def statfs(self, path: str) -> dict[str, int]:
        found = os.statvfs(self._folder + path)
        return {name: getattr(found, name) for name in _SPACE}


class Lockless(Handed):
    """The same, without locks."""

    def lock(self, *_: Any) -> None:  # noqa: ANN401
        raise FuseOSError(errno.ENOLCK)

    def flock(self, *_: Any) -> None:  # noqa: ANN401
        raise FuseOSError(errno.ENOLCK)


if __name__ == "__main__":
    folder, mount, lacks = sys.argv[1:]
    files = Lockless(folder) if lacks == "locks" else Handed(folder)
    FUSE(files, mount, foreground=True, nothreads=True, direct_io=lacks == "sharing")
