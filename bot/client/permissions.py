"""What the bot needs to be allowed in a server, and why."""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.guilds.settings import SettingsBook

SCOPES = ("bot", "applications.commands")


@dataclass(frozen=True, slots=True)
class Need:
    """One permission; `bot/locales` says what Discord calls it, and what it is for.

    Attributes:
        name: As discord.py calls it.
    """

    name: str


NEEDS = (
    Need("view_channel"),
    Need("send_messages"),
    Need("send_messages_in_threads"),
    Need("read_message_history"),
)
"""Commands and their answers need none of these; being mentioned and replying does."""


def needed_permissions() -> discord.Permissions:
    """All of them together."""
    return discord.Permissions(**{need.name: True for need in NEEDS})


def missing_from(allowed: discord.Permissions, *, thread: bool = False) -> tuple[Need, ...]:
    """What the bot needs and is not allowed, to answer in a channel or in a thread."""
    other = "send_messages" if thread else "send_messages_in_threads"
    return tuple(each for each in NEEDS if each.name != other and not getattr(allowed, each.name))


def invite_link(application: int) -> str:
    """The address at which an application is invited to a server with what it needs."""
    return discord.utils.oauth_url(application, permissions=needed_permissions(), scopes=SCOPES)


async def moderators_channel(
    settings: SettingsBook, guild: discord.Guild | None
) -> discord.TextChannel | None:
    """The moderators' channel, if the server has one in which the bot may write."""
    if guild is None:
        return None
    chosen = (await settings.of(guild.id)).moderators_channel
    channel = None if chosen is None else guild.get_channel(chosen)
    if not isinstance(channel, discord.TextChannel):
        return None
    allowed = channel.permissions_for(guild.me)
    return channel if allowed.view_channel and allowed.send_messages else None
