"""Start a command and print its time, its processor time and its peak memory as JSON.

A process of its own, because Linux counts the memory of the parent to the peak of a child.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def main() -> None:
    """Run the command."""
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603
        sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit("The command failed; nothing is measured.")
    json.dump(
        {
            "seconds": time.perf_counter() - start,
            "processor": usage.ru_utime + usage.ru_stime,
            "peak_mb": usage.ru_maxrss * 1024 / 1e6,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
