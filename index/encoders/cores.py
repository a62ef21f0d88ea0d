"""How many processor cores there are for us."""

from __future__ import annotations

import os


def cores() -> int:
    """How many cores this process may use; all of the machine's where no limit is known."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
