"""What the bot is allowed in a server."""

from __future__ import annotations

import discord

from bot.client.client import CoalitionBot
from bot.client.permissions import Need, invite_link, missing_from
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
            f"{guild.name}: the bot was invited without the scope applications.commands.",
            f"Invite it again, without removing it: {link}",
        )
    if twice:
        return doubtful(
            subject,
            f"{guild.name}: each command shows twice, since it is registered for all servers too.",
            f"Run `coalition-bot sync --guild {guild.id} --remove`.",
        )
    try:
        with reaching_discord(discord.Forbidden, discord.NotFound):
            # These have the roles and overwrites that permissions come from.
            whole = await bot.fetch_guild(guild.id, with_counts=False)
            me = await whole.fetch_member(user.id)
            channels = await whole.fetch_channels()
    except (discord.Forbidden, discord.NotFound):
        return bad(subject, f"{guild.name}: the bot is not in it any more.", f"Invite it: {link}")
    missing = missing_from(me.guild_permissions) + missing_from(me.guild_permissions, thread=True)
    if missing:
        return bad(
            subject,
            f"{guild.name}: not allowed to {_titles(missing)}.",
            f"Allow it in the bot's role, or invite it again: {link}",
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
    open_to_it = f"{len(channels) - hidden} channels, {hidden} hidden from the bot"
    if not mute:
        return good("server", f"{guild.name}: {open_to_it}; it may do there what it needs.")
    named = ", ".join(mute[:_MOST_NAMED])
    if len(mute) > _MOST_NAMED:
        named += f" and {len(mute) - _MOST_NAMED} more"
    return doubtful(
        "server",
        f"{guild.name}: {open_to_it}; not allowed to {_titles(lacking)} in {named}.",
        "Commands work there all the same. For mentions, allow it in the channel's settings.",
    )


def _is_for_asking(channel: discord.abc.GuildChannel) -> bool:
    return isinstance(
        channel,
        (discord.TextChannel, discord.ForumChannel, discord.VoiceChannel, discord.StageChannel),
    )


def _titles(needs: tuple[Need, ...]) -> str:
    return ", ".join(dict.fromkeys(need.title for need in needs))
