"""How much memory is left for a model."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")
_MEMORY = Path("/proc/meminfo")
_FREE = "MemAvailable:"


def available_memory() -> int | None:
    """Bytes that this process may still take; None where that cannot be told."""
    found = [each for each in (_of_machine(), _of_group(), _of_process()) if each is not None]
    return min(found, default=None)


def _of_machine() -> int | None:
    with suppress(OSError, ValueError, IndexError):
        for line in _MEMORY.read_text("ascii").splitlines():
            if line.startswith(_FREE):
                return int(line.split()[1]) << 10
    return None


def _of_group() -> int | None:
    # A limit that is none reads “max”.
    with suppress(OSError, ValueError):
        most = int((_CGROUP / "memory.max").read_text("ascii"))
        used = int((_CGROUP / "memory.current").read_text("ascii"))
        return max(most - used, 0)
    return None


def _of_process() -> int | None:
    if sys.platform == "win32":
        return None
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else limit
