"""Registering the bot's commands with Discord, where it does not have them already."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bot.client.client import CoalitionBot
from bot.cogs.composition import add_features
from bot.config import Config
from bot.config.token import TOKEN_VARIABLE, Token, read_token
from bot.errors import GatewayError, TokenError
from bot.locales import Phrasebooks, Words

_OURS_EVERYWHERE = frozenset(
    {
        "autocomplete", "channel_types", "choices", "default_member_permissions", "description",
        "description_localizations", "max_length", "max_value", "min_length", "min_value", "name",
        "name_localizations", "nsfw", "options", "required", "type", "value",
    }
)  # fmt: skip
"""What the bot says of a command; Discord adds ids, versions and its own defaults."""
_OURS_GLOBALLY = _OURS_EVERYWHERE | {"contexts", "integration_types"}
_NOT_THERE = (discord.Forbidden, discord.NotFound)
_IN_ANY_ORDER = {"contexts", "integration_types", "channel_types"}


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of the commands.

    Attributes:
        count: How many there are.
        changed: Whether Discord had others, so that they were registered anew.
    """

    count: int
    changed: bool


def sync_commands(config: Config, guild: int | None) -> Registered:
    """Register the commands with Discord, unless it has the same.

    Args:
        config: The configuration.
        guild: The server to register them for; None for all.

    Raises:
        TokenError, GatewayError: As for `run_bot`, or the server is not the bot's.
    """
    token = read_token()
    return asyncio.run(
        register_commands(CoalitionBot(config, Phrasebooks.read(), add_features), token, guild)
    )


def remove_commands(config: Config, guild: int | None) -> int:
    """Take the commands back that are registered for a server, or those for all.

    Returns:
        How many there were.

    Raises:
        TokenError, GatewayError: As for `sync_commands`.
    """
    token = read_token()
    bot = CoalitionBot(config, Phrasebooks.read(), add_features)
    return asyncio.run(unregister_commands(bot, token, guild))


async def unregister_commands(bot: CoalitionBot, token: Token, guild: int | None) -> int:
    """As `remove_commands`, with the bot given."""
    async with bot:
        with reaching_discord():
            await bot.login(token.reveal())
        server = None if guild is None else discord.Object(guild)
        bot.tree.clear_commands(guild=server)
        try:
            with reaching_discord(*_NOT_THERE):
                there = await bot.tree.fetch_commands(guild=server)
                if there:
                    await bot.tree.sync(guild=server)
                return len(there)
        except _NOT_THERE as error:
            raise _not_let(guild) from error


async def register_commands(bot: CoalitionBot, token: Token, guild: int | None) -> Registered:
    """As `sync_commands`, with the bot given."""
    async with bot:
        with reaching_discord():
            await bot.login(token.reveal())
        server = None if guild is None else discord.Object(guild)
        if server is not None:
            bot.tree.copy_global_to(guild=server)
        try:
            with reaching_discord(*_NOT_THERE):
                if await _are_current(bot, server):
                    return Registered(len(bot.tree.get_commands(guild=server)), changed=False)
                return Registered(len(await bot.tree.sync(guild=server)), changed=True)
        except _NOT_THERE as error:
            raise _not_let(guild) from error


def _not_let(guild: int | None) -> TokenError | GatewayError:
    if guild is None:
        return refused()
    return GatewayError(Words("error.not_let", guild=guild))


async def commands_are_current(bot: CoalitionBot) -> bool:
    """Whether Discord has, for all servers, the very commands that the bot would register.

    Raises:
        GatewayError: Discord cannot be reached.
    """
    with reaching_discord():
        return await _are_current(bot, None)


async def _are_current(bot: CoalitionBot, guild: discord.Object | None) -> bool:
    translator = bot.tree.translator
    if translator is None or bot.application_id is None:
        raise RuntimeError("the bot must be logged in")
    ours = [
        await each.get_translated_payload(bot.tree, translator)
        for each in bot.tree.get_commands(guild=guild)
    ]
    place = "" if guild is None else f"/guilds/{guild.id}"
    route = Route("GET", f"/applications/{bot.application_id}{place}/commands")
    # discord.py's own fetching leaves out the translations.
    theirs = await bot.http.request(route, params={"with_localizations": 1})
    kept = _OURS_GLOBALLY if guild is None else _OURS_EVERYWHERE
    return _by_name(ours, kept) == _by_name(theirs, kept)


def _by_name(
    commands: Sequence[Mapping[str, Any]], kept: frozenset[str]
) -> dict[tuple[int, str], object]:
    return {(each.get("type", 1), each["name"]): _essence(each, kept) for each in commands}


def _essence(value: object, kept: frozenset[str] | None) -> object:
    """A command, or a part of it, without what Discord adds or leaves out as its default."""
    if isinstance(value, Mapping):
        essence: dict[str, object] = {}
        for key, inner in value.items():
            if kept is None or key in kept:
                # The keys of translations are locales.
                part = _essence(inner, None if key.endswith("_localizations") else kept)
                if key in _IN_ANY_ORDER and isinstance(part, list):
                    part.sort()
                if part:
                    essence[key] = part
        return essence
    if isinstance(value, list):
        return [_essence(each, kept) for each in value]
    # Discord takes permissions as numbers and gives them as texts.
    return value if value is None or isinstance(value, bool) else str(value)


@contextmanager
def reaching_discord(*passed: type[discord.HTTPException]) -> Iterator[None]:
    """Turns what goes wrong on the way to Discord into errors fit for an operator.

    Args:
        passed: What Discord may answer that means something to the caller; raised as it came.

    Raises:
        TokenError: Discord refused the token.
        GatewayError: Discord cannot be reached.
    """
    try:
        yield
    except discord.LoginFailure as error:
        raise refused() from error
    except passed:
        raise
    except (OSError, aiohttp.ClientError, TimeoutError, discord.HTTPException) as error:
        raise GatewayError(
            Words("error.discord_unreachable", reason=type(error).__name__)
        ) from error


def refused() -> TokenError:
    """What to say where Discord refused the token."""
    return TokenError(Words("error.token_refused", variable=TOKEN_VARIABLE))
