"""Commands as Discord makes them clickable, named in each reader's language."""

from __future__ import annotations

import logging

import discord
from discord import app_commands

from bot.client.translator import phrase
from bot.locales import Phrasebook

log = logging.getLogger(__name__)


class CommandMentions:
    """Names the bot's commands; clickable once it is known under which ids Discord has them."""

    def __init__(self, tree: app_commands.CommandTree[discord.Client]) -> None:
        self._tree = tree
        self._ids: dict[str, int] | None = None

    async def learn(self, guild: int | None) -> None:
        """Ask Discord for the ids, once: those for all servers, else those for one.

        Where it does not answer, commands are named and not clickable, and it is asked again.
        """
        if self._ids is not None:
            return
        try:
            found = await self._tree.fetch_commands()
            if not found and guild is not None:
                found = await self._tree.fetch_commands(guild=discord.Object(guild))
        except discord.HTTPException as error:
            log.debug("The ids of the commands are not known: %s", error.code)
            return
        chat = discord.AppCommandType.chat_input
        self._ids = {each.name: each.id for each in found if each.type is chat}

    def of(self, key: str, phrases: Phrasebook) -> str:
        """A command by its key below `command.` in `bot/locales`: `ask`, or `knowledge.add`.

        Args:
            key: The key.
            phrases: For its name where it cannot be clicked.
        """
        group, _, inner = key.partition(".")
        keys = [f"command.{group}.name"]
        if inner:
            keys.append(f"command.{group}.{inner}_name")
        english = " ".join(phrase(each).message for each in keys)
        identifier = (self._ids or {}).get(phrase(keys[0]).message)
        if identifier is None:
            return f"`/{' '.join(map(phrases, keys))}`"
        return f"</{english}:{identifier}>"
