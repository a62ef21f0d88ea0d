"""What the bot is allowed in a server."""

from __future__ import annotations

import discord

from bot.client.client import CoalitionBot
from bot.client.permissions import Need, invite_link, missing_from
from bot.locales import Words
from bot.operations.doctor.findings import Finding, bad, doubtful, good
from bot.operations.registering import reaching_discord

_MOST_NAMED = 5


async def examine_server(bot: CoalitionBot, guild: discord.Guild) -> Finding:
    """Whether the bot may do in a server, and in each of its channels, what it needs.

    Raises:
        GatewayError: Discord cannot be reached.
    """
    subject = "server"
    user, application = bot.user, bot.application_id
    if user is None or application is None:
        raise RuntimeError("the bot must be logged in")
    link = invite_link(application)
    try:
        with reaching_discord(discord.Forbidden):
            own = await bot.tree.fetch_commands(guild=guild)
            twice = bool(own) and bool(await bot.tree.fetch_commands())
    except discord.Forbidden:
        return bad(
            subject,
            Words("doctor.no_scope", server=guild.name),
            Words("doctor.invite_again", link=link),
        )
    if twice:
        return doubtful(
            subject,
            Words("doctor.twice", server=guild.name),
            Words("doctor.remove", guild=guild.id),
        )
    try:
        with reaching_discord(discord.Forbidden, discord.NotFound):
            # These have the roles and overwrites that permissions come from.
            whole = await bot.fetch_guild(guild.id, with_counts=False)
            me = await whole.fetch_member(user.id)
            channels = await whole.fetch_channels()
    except (discord.Forbidden, discord.NotFound):
        return bad(
            subject, Words("doctor.gone", server=guild.name), Words("doctor.invite", link=link)
        )
    missing = missing_from(me.guild_permissions) + missing_from(me.guild_permissions, thread=True)
    if missing:
        return bad(
            subject,
            Words("doctor.not_allowed", server=guild.name, needs=_titles(missing)),
            Words("doctor.allow", link=link),
        )
    return _examine_channels(guild, me, [each for each in channels if _is_for_asking(each)])


def _examine_channels(
    guild: discord.Guild, me: discord.Member, channels: list[discord.abc.GuildChannel]
) -> Finding:
    mute: list[str] = []
    lacking: tuple[Need, ...] = ()
    hidden = 0
    for channel in channels:
        allowed = channel.permissions_for(me)
        forum = isinstance(channel, discord.ForumChannel)
        missing = missing_from(allowed, thread=forum)
        if not allowed.view_channel:
            hidden += 1
        elif missing:
            mute.append(f"#{channel.name}")
            lacking += missing
    open_to_it = Words("doctor.channels", seen=len(channels) - hidden, hidden=hidden)
    if not mute:
        return good("server", Words("doctor.server", server=guild.name, channels=open_to_it))
    named = ", ".join(mute[:_MOST_NAMED])
    if len(mute) > _MOST_NAMED:
        named = Words("doctor.and_more", named=named, count=len(mute) - _MOST_NAMED)
    return doubtful(
        "server",
        Words(
            "doctor.mute",
            server=guild.name,
            channels=open_to_it,
            needs=_titles(lacking),
            named=named,
        ),
        Words("doctor.commands_work"),
    )


def _is_for_asking(channel: discord.abc.GuildChannel) -> bool:
    return isinstance(
        channel,
        (discord.TextChannel, discord.ForumChannel, discord.VoiceChannel, discord.StageChannel),
    )


def _titles(needs: tuple[Need, ...]) -> Words:
    first, *others = dict.fromkeys(need.name for need in needs)
    titles = Words("doctor.need", title=Words(f"need.{first}"))
    for each in others:
        titles = Words("doctor.needs", titles=titles, title=Words(f"need.{each}"))
    return titles
