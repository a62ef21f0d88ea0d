"""The way in: `coalition-bot`, or `python -m bot`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - pip checks it, but this runs without an installation
    sys.exit(
        f"coalition-bot needs Python 3.11 or newer; this is Python {sys.version.split()[0]}. Make "
        "its virtual environment anew with a newer one: python3.11 -m venv .venv"
    )

from bot.cli.terminal import Terminal
from bot.errors import MemoryLimitError
from bot.locales import Words
from bot.process.memory import check_address_space


def main() -> None:
    """Run the command line, if this process may use as much memory as it takes to import it."""
    try:
        check_address_space()
    except MemoryLimitError as error:
        Terminal().say(error)
        sys.exit(2)
    try:
        Path.cwd()
    except OSError as error:
        # Libraries ask for it while they are imported.
        Terminal().say(Words("error.folder_gone", reason=error.strerror))
        sys.exit(2)
    # Questions are answered side by side, each on one thread; a linear algebra library that
    # starts threads of its own for small matrices only makes them wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from bot.cli.app import main as command_line

    command_line()


if __name__ == "__main__":
    main()
