"""A bot to which everything happens that the dashboard and the alerts tell of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import yaml

from bot.config import read_config
from bot.storage import open_storage
from tests.bot.operations.preview.own import BAKERY, MODERATOR, OPENS
from tests.discord_server import BotProcess, DiscordServer, Person
from tests.scenarios.conftest import QUESTION, QUESTION_FR

BROKEN = "tests.scenarios.broken"
"""Starts a bot that fails at some questions and is slow at others."""


@asynccontextmanager
async def bot_telling(
    discord: DiscordServer, config: Path, port: int, guild: int
) -> AsyncIterator[BotProcess]:
    """The bot, with its metrics at a port and a document of a server's own."""
    settings = yaml.safe_load(config.read_text("utf-8"))
    settings |= {"health": {"port": port}, "discord": {"waiting": 1}}
    config.write_text(yaml.safe_dump(settings), encoding="utf-8")
    async with open_storage(read_config(config).database_place) as storage:
        await storage.guild(guild).documents.put("bakery", BAKERY, by=MODERATOR, expected=0)
    async with BotProcess(discord, config, launcher=BROKEN) as bot:
        await discord.gateway.connected()
        yield bot


async def everything(discord: DiscordServer, members: list[Person]) -> None:
    """Let members ask in every way; a question fails, others are too many, the gateway is lost.

    Args:
        discord: The stand-in.
        members: Who asks; a dozen, since each may ask a few questions a minute.
    """
    at_once, (ann, zoe, moe, *_) = members[:8], members[8:]
    for question in (QUESTION, QUESTION_FR, OPENS, OPENS, "How do I unclog a sink?"):
        await (await ann.ask(question)).done()
    await (await zoe.ask("thanks")).done()
    await discord.reply_to(await zoe.mention(QUESTION))
    await discord.reply_to(await zoe.write_privately(QUESTION_FR))
    await (await zoe.ask("An unreadable question about Amazon")).done()
    slow = [await each.ask(f"A slow question of {each.member.user.id}") for each in at_once]
    await asyncio.gather(*(each.done(within=30) for each in slow))
    discord.clock.ahead = -1.0
    await (await moe.ask(QUESTION)).done()
    discord.clock.ahead = 0.0
    discord.limits.close_everywhere(1.0)
    await discord.reply_to(await moe.mention(OPENS))
    resumed = len(discord.gateway.resumed)
    discord.gateway.drop()
    await discord.gateway.until(lambda: len(discord.gateway.resumed) > resumed)
