"""From a token to an invitation: what an operator does once, step by step."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
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
from bot.operations.registering import reaching_discord

PORTAL = "https://discord.com/developers/applications"
_ATTEMPTS = 3
_PROMPT = "Paste the bot's token (what you paste stays hidden), then press Enter: "
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


def set_up(console: Console, *, new_token: bool) -> int:
    """Ask for the token where there is none, check it, and say what comes next.

    Args:
        console: Where to say it.
        new_token: Whether to ask although there is a token.

    Returns:
        The exit status: 1 where the token is kept but could not be checked.

    Raises:
        TokenError: There is none, or Discord refused it.
        FolderError: It cannot be saved.
    """
    try:
        application = (None if new_token else _known(console)) or _ask(console)
    except GatewayError as error:
        console.print(Text(f"{error} The token is kept; run `coalition-bot setup` again then."))
        return 1
    console.print(Text(f"Discord knows the bot: {application.name} ({application.id})."))
    _say_what_comes_next(console, application)
    return 0


def _known(console: Console) -> Application | None:
    """The application of the token that there is, or None where there is none that serves."""
    try:
        token = find_token()
        return None if token is None else asyncio.run(_check(token))
    except TokenError as error:
        if TOKEN_VARIABLE in os.environ:
            raise
        console.print(Text(str(error)), soft_wrap=True)
        return None


def _ask(console: Console) -> Application:
    """Ask for a token until Discord takes one; it is saved then."""
    if TOKEN_VARIABLE in os.environ:
        raise TokenError(
            f"The environment variable {TOKEN_VARIABLE} is set, and would stand above what is "
            "saved here. Change it where it is set, or unset it and run this again."
        )
    attempts = _ATTEMPTS if sys.stdin.isatty() else 1
    for left in reversed(range(attempts)):
        try:
            token = parse_token(_typed())
            try:
                application = asyncio.run(_check(token))
            except GatewayError as error:
                if not token.looks_right:
                    raise TokenError(
                        "What was pasted does not look like a token, which has two dots in it, "
                        f"and it is not saved, since it could not be checked. {error}"
                    ) from error
                # What was pasted is not lost because the network is away.
                _save(console, token)
                raise
            _save(console, token)
        except TokenError as error:
            if left == 0:
                raise
            console.print(Text(str(error)), soft_wrap=True)
        else:
            return application
    raise AssertionError("the last attempt returns or raises")


def _typed() -> str:
    return getpass.getpass(_PROMPT) if sys.stdin.isatty() else sys.stdin.readline()


def _save(console: Console, token: Token) -> None:
    store_token(token)
    line = f"The token is saved in {TOKEN_FILE.resolve()}, which you alone can read."
    console.print(Text(line), soft_wrap=True)


def _say_what_comes_next(console: Console, application: Application) -> None:
    def say(line: str) -> None:
        console.print(Text(line), soft_wrap=True)

    say(f"\n1. In the portal, {PORTAL}/{application.id}/bot")
    if application.privileged:
        on = " and ".join(application.privileged)
        say(f"   Privileged Gateway Intents: {on} may be turned off; the bot needs none")
        say("   unless `discord.message_content` is on in config.yaml.")
    else:
        say("   Privileged Gateway Intents: all off, as they should be; the bot needs none.")
    if application.needs_code_grant:
        say("   Requires OAuth2 Code Grant: turn it off, or every invitation fails.")
    say("   Public Bot: off, unless other people may invite your bot to their servers.")
    say("\n2. Invite the bot; you must be allowed to manage the server:")
    say(f"   {invite_link(application.id)}")
    say("   It asks for no more than this:")
    for need in NEEDS:
        say(f"   - {need.title}: to {need.reason}")
    say("   - the scope applications.commands: to offer its commands, such as /ask")
    say("\n3. Then run")
    say("   coalition-bot sync      registers the commands")
    say("   coalition-bot run       connects, and answers until you stop it")
    say("   coalition-bot doctor    checks everything, and says what to do")
