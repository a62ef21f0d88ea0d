"""`python -m tests.fuzzing TARGET SECONDS [FOLDER]`: fuzz one target, led by what it runs through.

What it found that ran through something new is kept in FOLDER, if one is given. It needs the
extra `fuzzing`, and stops at the first input that a target does not take, which it writes down.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris


def main() -> None:
    name, seconds, *kept = sys.argv[1:]
    with atheris.instrument_imports(include=["bot", "index", "knowledge", "yaml", "zipfile"]):
        from tests.fuzzing.seeds import seeds
        from tests.fuzzing.targets import TARGETS
    folder = Path(kept[0]) if kept else Path(tempfile.mkdtemp(prefix=f"fuzzing-{name}-"))
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()[name]):
        (folder / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", "-max_len=20000", "-timeout=20", "-rss_limit_mb=3000"]
    atheris.Setup(
        [sys.argv[0], *options, f"-artifact_prefix={folder}/", str(folder)], TARGETS[name]
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
