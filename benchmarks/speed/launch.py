"""Start a command and print its time and peak memory: `python -m benchmarks.speed.launch …`.

A process of its own, because Linux counts the memory of the parent to the peak of a child.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def main() -> None:
    """Run the command and print one JSON object."""
    start = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)  # noqa: S603
    assert process.stdout is not None  # noqa: S101
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    json.dump(
        {
            "seconds": time.perf_counter() - start,
            "peak_mb": usage.ru_maxrss * 1024 / 1e6,
            "status": os.waitstatus_to_exitcode(status),
            "printed": printed.decode(),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
