"""A bot that is connected to a stand-in for Discord and answers questions.

`python -m benchmarks.speed.serving ADDRESS TOKEN QUESTION…` prints its memory in MB.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from benchmarks.speed.machine import resident
from bot.client.client import CoalitionBot
from bot.cogs.composition import add_features
from bot.config import read_config
from bot.locales import Phrasebooks
from bot.operations.running import open_answerer
from tests.discord_server import pointed_at


async def _answer(address: str, token: str, questions: Sequence[str]) -> float:
    """Connect, answer every question in the bot's worker, and give the resident memory."""
    config = read_config(None)
    answerer = open_answerer(config, _say)
    with pointed_at(address):
        async with CoalitionBot(config, Phrasebooks.read(), add_features, answerer) as bot:
            await bot.login(token)
            connection = asyncio.create_task(bot.connect())
            await bot.wait_until_ready()
            for question in questions:
                await bot.worker.run(answerer.answer, question, config.discord.language)
            memory = resident()
            await bot.close()
            await connection
            return memory


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def main() -> None:
    """Print the memory."""
    address, token, *questions = sys.argv[1:]
    print(asyncio.run(_answer(address, token, questions)))


if __name__ == "__main__":
    main()
