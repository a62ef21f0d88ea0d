"""As `launch`; on SIGUSR1 the bot says how many asyncio tasks it has (`BotProcess.tasks`)."""

from __future__ import annotations

import asyncio
import signal
import sys
from types import FrameType

from bot.cli.app import main
from tests.discord_server.target import point_at


def _say_tasks(number: int, frame: FrameType | None) -> None:
    del number, frame
    sys.stderr.write(f"tasks: {len(asyncio.all_tasks())}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    point_at(sys.argv.pop(1))
    signal.signal(signal.SIGUSR1, _say_tasks)
    main()
