"""From a token to an invitation: what an operator does once, step by step."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import discord
from rich.console import Console
from rich.text import Text

from bot.client.client import intents
from bot.client.permissions import NEEDS, invite_link
from bot.config.token import (
    TOKEN_FILE,
    TOKEN_VARIABLE,
    Token,
    find_token,
    parse_token,
    store_token,
)
from bot.errors import GatewayError, TokenError
from bot.locales import Phrasebook, Words, said
from bot.operations.registering import reaching_discord

PORTAL = "https://discord.com/developers/applications"
_ATTEMPTS = 3
Say = Callable[[object], None]
MESSAGE_CONTENT = "Message Content"
_PRIVILEGED = {
    "Presence": ("gateway_presence", "gateway_presence_limited"),
    "Server Members": ("gateway_guild_members", "gateway_guild_members_limited"),
    MESSAGE_CONTENT: ("gateway_message_content", "gateway_message_content_limited"),
}


@dataclass(frozen=True, slots=True)
class Application:
    """What Discord says of an application.

    Attributes:
        id: Its id.
        name: Its name.
        privileged: The privileged intents that are on, as the portal calls them.
        needs_code_grant: Whether invitations fail, because each wants a code grant.
    """

    id: int
    name: str
    privileged: tuple[str, ...]
    needs_code_grant: bool


async def fetch_application(client: discord.Client) -> Application:
    """Ask Discord about the application of a client that is logged in.

    Raises:
        TokenError, GatewayError: Discord refused the token, or cannot be reached.
    """
    with reaching_discord():
        about = await client.application_info()
    on = [
        name
        for name, flags in _PRIVILEGED.items()
        if any(getattr(about.flags, flag) for flag in flags)
    ]
    return Application(about.id, about.name, tuple(on), about.bot_require_code_grant)


async def _check(token: Token) -> Application:
    async with discord.Client(intents=intents()) as client:
        with reaching_discord():
            await client.login(token.reveal())
        return await fetch_application(client)


def set_up(console: Console, phrases: Phrasebook, *, new_token: bool) -> int:
    """Ask for the token where there is none, check it, and say what comes next.

    Args:
        console: Where to say it.
        phrases: The language to say it in.
        new_token: Whether to ask although there is a token.

    Returns:
        The exit status: 1 where the token is kept but could not be checked.

    Raises:
        TokenError: There is none, or Discord refused it.
        FolderError: It cannot be saved.
    """

    def say(what: object) -> None:
        console.print(Text(said(what, phrases)), soft_wrap=True)

    try:
        application = (None if new_token else _known(say)) or _ask(say, phrases)
    except GatewayError as error:
        say(Words("setup.kept", error=error))
        return 1
    say(Words("setup.known", name=application.name, id=application.id))
    _say_what_comes_next(say, application)
    return 0


def _known(say: Say) -> Application | None:
    """The application of the token that there is, or None where there is none that serves."""
    try:
        token = find_token()
        return None if token is None else asyncio.run(_check(token))
    except TokenError as error:
        if TOKEN_VARIABLE in os.environ:
            raise
        say(error)
        return None


def _ask(say: Say, phrases: Phrasebook) -> Application:
    """Ask for a token until Discord takes one; it is saved then."""
    if TOKEN_VARIABLE in os.environ:
        raise TokenError(Words("error.variable_set", variable=TOKEN_VARIABLE))
    attempts = _ATTEMPTS if sys.stdin.isatty() else 1
    for left in reversed(range(attempts)):
        try:
            token = parse_token(_typed(phrases))
            try:
                application = asyncio.run(_check(token))
            except GatewayError as error:
                if not token.looks_right:
                    raise TokenError(
                        "What was pasted does not look like a token, which has two dots in it, "
                        f"and it is not saved, since it could not be checked. {error}"
                    ) from error
                # What was pasted is not lost because the network is away.
                _save(say, token)
                raise
            _save(say, token)
        except TokenError as error:
            if left == 0:
                raise
            say(error)
        else:
            return application
    raise AssertionError("the last attempt returns or raises")


def _typed(phrases: Phrasebook) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(phrases("setup.prompt"))
    return sys.stdin.readline()


def _save(say: Say, token: Token) -> None:
    store_token(token)
    say(Words("setup.saved", path=TOKEN_FILE.resolve()))


def _say_what_comes_next(say: Say, application: Application) -> None:
    def say_under(key: str, **values: object) -> None:
        say(Words("setup.under", what=Words(key, **values)))

    say("")
    say(Words("setup.portal", address=f"{PORTAL}/{application.id}/bot"))
    if application.privileged:
        say_under("setup.intents_on", intents=joined(application.privileged))
    else:
        say_under("setup.intents_off")
    if application.needs_code_grant:
        say_under("setup.code_grant")
    say_under("setup.public")
    say("")
    say(Words("setup.invite"))
    say(f"   {invite_link(application.id)}")
    say_under("setup.no_more")
    for need in NEEDS:
        title, reason = Words(f"need.{need.name}"), Words(f"need_why.{need.name}")
        say_under("setup.need", title=title, reason=reason)
    say_under("setup.scope")
    say("")
    say(Words("setup.then"))
    for command in ("sync", "run", "doctor"):
        say(Words("setup.command", command=f"{command:<6}", what=Words(f"setup.{command}")))


def joined(names: Sequence[str]) -> str:
    """Names one after the other, “and” between them."""
    all_of_them, *others = names
    for each in others:
        all_of_them = Words("setup.and", first=all_of_them, second=each)
    return all_of_them
