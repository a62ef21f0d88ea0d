"""As `tests.discord_server.launch`, with a start that goes on whatever is raised in it."""

from __future__ import annotations

import sys
import time

import bot.answering.startup
from bot.answering.startup import Say
from bot.cli.app import main
from bot.config import Config
from index import Encoder
from tests.discord_server.target import point_at


def load(config: Config, say: Say) -> Encoder:
    del config
    say("Nothing stops this")
    while True:
        try:
            time.sleep(60)
        except SystemExit:
            continue


if __name__ == "__main__":
    point_at(sys.argv.pop(1))
    bot.answering.startup.load_encoder = load
    main()
