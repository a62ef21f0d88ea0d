"""`python -m bot` is `coalition-bot`."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - pip checks it, but this runs without an installation
    sys.exit(
        f"coalition-bot needs Python 3.11 or newer; this is Python {sys.version.split()[0]}. Make "
        "its virtual environment anew with a newer one: python3.11 -m venv .venv"
    )

from bot.cli import main

main()
