"""`python -m tests.discord_server.launch ADDRESS ARGUMENT…`: `coalition-bot` on a stand-in.

The bot is as it is, but for Discord's two addresses.
"""

from __future__ import annotations

import sys

from bot.cli.app import main
from tests.discord_server.target import point_at

if __name__ == "__main__":
    point_at(sys.argv.pop(1))
    main()
