"""What Discord says: of the token, the application, the commands and the servers."""

from __future__ import annotations

import asyncio
import datetime as dt
import math
from email.utils import parsedate_to_datetime

import aiohttp
import discord
from discord.http import Route

from bot.client.client import CoalitionBot
from bot.client.permissions import invite_link
from bot.cogs.composition import add_features
from bot.config import Config
from bot.config.token import Token, read_token
from bot.errors import GatewayError, TokenError
from bot.locales import Phrasebooks, Words
from bot.operations.doctor.findings import Finding, bad, doubtful, good
from bot.operations.doctor.servers import examine_server
from bot.operations.registering import commands_are_current, reaching_discord
from bot.operations.setup import MESSAGE_CONTENT, PORTAL, Application, fetch_application, joined

_AT_A_TIME = 8
_SERVERS_A_SECOND = 10
"""Each takes four requests, and Discord takes 50 a second."""
_CLOCK_TOLERANCE = 30


async def examine_connection(config: Config, seconds: float) -> list[Finding]:
    """Everything that Discord can be asked about, as far as it answers within `seconds`."""
    findings: list[Finding] = []
    guilds: list[discord.Guild] = []
    try:
        async with asyncio.timeout(seconds):
            await _examine(config, findings, guilds)
    except TimeoutError:
        findings.append(_out_of_time(findings, len(guilds), seconds))
    return findings


def _out_of_time(findings: list[Finding], servers: int, seconds: float) -> Finding:
    examined = sum(each.subject == "server" for each in findings)
    if examined == servers:
        seen = Words("doctor.out_of_time", seconds=float(seconds))
        return doubtful("discord", seen, Words("doctor.not_named"))
    longer = math.ceil(seconds + servers / _SERVERS_A_SECOND)
    return doubtful(
        "servers",
        Words("doctor.some_servers", examined=examined, servers=servers, seconds=float(seconds)),
        Words("doctor.all_servers", longer=longer),
    )


async def _examine(config: Config, findings: list[Finding], guilds: list[discord.Guild]) -> None:
    try:
        token = read_token()
        findings.append(await _examine_clock())
        async with CoalitionBot(config, Phrasebooks.read(), add_features) as bot:
            await _examine_bot(bot, token, findings, guilds)
    except TokenError as error:
        findings.append(bad("token", Words("doctor.error", error=error), Words("doctor.again")))
    except GatewayError as error:
        findings.append(bad("discord", Words("doctor.error", error=error), Words("doctor.again")))


async def _examine_bot(
    bot: CoalitionBot, token: Token, findings: list[Finding], guilds: list[discord.Guild]
) -> None:
    with reaching_discord():
        await bot.login(token.reveal())
    application = await fetch_application(bot)
    findings.append(good("token", Words("doctor.token", name=application.name, id=application.id)))
    message_content = bot.config.discord.message_content
    findings.append(_examine_application(application, message_content=message_content))
    with reaching_discord():
        guilds += [each async for each in bot.fetch_guilds(limit=None, with_counts=False)]
    findings.append(await _examine_commands(bot))
    if not guilds:
        advice = Words("doctor.invite", link=invite_link(application.id))
        findings.append(bad("servers", Words("doctor.no_server"), advice))
    places = asyncio.Semaphore(_AT_A_TIME)

    async def examine(guild: discord.Guild) -> None:
        async with places:
            findings.append(await examine_server(bot, guild))

    async with asyncio.TaskGroup() as group:
        for guild in guilds:
            group.create_task(examine(guild))


def _examine_application(application: Application, *, message_content: bool) -> Finding:
    page = f"{PORTAL}/{application.id}/bot"
    if application.needs_code_grant:
        return bad(
            "application",
            Words("doctor.code_grant"),
            Words("doctor.turn_off", page=page),
        )
    needed = {MESSAGE_CONTENT} if message_content else set()
    if missing := needed.difference(application.privileged):
        return bad(
            "application",
            Words("doctor.intent_off", intent=joined(sorted(missing))),
            Words("doctor.turn_on", page=page),
        )
    if unneeded := [each for each in application.privileged if each not in needed]:
        return doubtful(
            "application",
            Words("doctor.intents_on", intents=joined(unneeded)),
            Words("doctor.turn_them_off", page=page),
        )
    return good("application", Words("doctor.intents"))


async def _examine_commands(bot: CoalitionBot) -> Finding:
    if await commands_are_current(bot):
        return good("commands", Words("doctor.commands"))
    return bad(
        "commands",
        Words("doctor.no_commands"),
        Words("doctor.sync"),
    )


async def _examine_clock() -> Finding:
    """The clock, beside Discord's."""
    subject = "clock"
    try:
        async with aiohttp.ClientSession() as session, session.get(f"{Route.BASE}/gateway") as got:
            theirs = parsedate_to_datetime(got.headers["Date"])
    except (OSError, aiohttp.ClientError, KeyError, ValueError):
        return doubtful(subject, Words("doctor.clock_unread"), Words("doctor.follows"))
    apart = abs((dt.datetime.now(dt.UTC) - theirs).total_seconds())
    if apart > _CLOCK_TOLERANCE:
        return bad(
            subject,
            Words("doctor.clock_apart", seconds=round(apart)),
            Words("doctor.set_clock"),
        )
    return good(subject, Words("doctor.clock"))
