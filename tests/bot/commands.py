"""The commands as `sync` registers them; `python -m tests.bot.commands` keeps what they are."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from bot.client.client import CoalitionBot
from bot.cogs.composition import add_features
from bot.config import Config
from bot.config.token import Token
from bot.locales import Phrasebooks
from bot.operations.registering import register_commands
from tests.discord_server import DiscordServer, pointed_at

KEPT = Path(__file__).parents[1] / "data" / "commands.json"
_MADE_BY_DISCORD = ("id", "application_id", "version")


async def registered() -> list[dict[str, Any]]:
    """What is registered, in the order of the names, without what Discord adds."""
    async with DiscordServer() as discord:
        with pointed_at(discord.address):
            bot = CoalitionBot(Config(), Phrasebooks.read(), add_features)
            await register_commands(bot, Token(discord.token), None)
    commands = [
        {key: value for key, value in each.items() if key not in _MADE_BY_DISCORD}
        for each in discord.commands[None]
    ]
    return sorted(commands, key=lambda each: (each["type"], each["name"]))


def written(commands: list[dict[str, Any]]) -> str:
    """The commands as they are kept."""
    return json.dumps(commands, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def main() -> None:
    """Keep the commands as they are now."""
    KEPT.write_text(written(asyncio.run(registered())), encoding="utf-8")


if __name__ == "__main__":
    main()
