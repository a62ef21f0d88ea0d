"""What is wrong with a server's settings: what has gone, and permissions that are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import discord

from bot.config import Config
from bot.locales import Phrasebook
from bot.storage import GuildSettings

_NEEDED = ("view_channel", "send_messages", "read_message_history")


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """Something that is wrong with a setting.

    Attributes:
        setting: The setting's name.
        channel: The channel's id, if it is about a channel.
        role: The role's id, if it is about a role that has gone.
        missing: Permissions that the bot lacks in the channel; none where it has gone.
        cause: Why it cannot work, where that is another: `no_intent` or `no_channel`.
    """

    setting: str
    channel: int | None = None
    role: int | None = None
    missing: tuple[str, ...] = ()
    cause: str | None = None

    def said(self, phrases: Phrasebook) -> str:
        """The problem in words, and the way to mend it."""
        name = phrases(f"settings.{self.setting}.name")
        if self.cause is not None:
            return phrases(f"settings.{self.cause}", setting=name)
        if self.role is not None:
            return phrases("settings.role_gone", setting=name, id=self.role)
        if not self.missing:
            return phrases("settings.channel_gone", setting=name, id=self.channel)
        missing = ", ".join(phrases(f"permission.{each}") for each in self.missing)
        return phrases("settings.lacking", setting=name, id=self.channel, missing=missing)


def settings_problems(
    settings: GuildSettings, guild: discord.Guild, config: Config
) -> tuple[SettingProblem, ...]:
    """Everything that is wrong with the settings of a server, and what cannot work there."""
    moderators = settings.moderators_channel
    deaf = settings.auto_channels and not config.discord.message_content
    return (
        *([SettingProblem("auto_channels", cause="no_intent")] if deaf else ()),
        *(
            [SettingProblem("digest", cause="no_channel")]
            if settings.digest and moderators is None
            else ()
        ),
        *_of_channels("open_channels", settings.open_channels, guild),
        *_of_channels("auto_channels", settings.auto_channels, guild),
        *_of_channels("moderators_channel", () if moderators is None else (moderators,), guild),
        *(
            SettingProblem("moderator_roles", role=each)
            for each in settings.moderator_roles
            if guild.get_role(each) is None
        ),
    )


def _of_channels(
    setting: str, channels: Iterable[int], guild: discord.Guild
) -> Iterator[SettingProblem]:
    for each in channels:
        channel = guild.get_channel(each)
        if channel is None:
            yield SettingProblem(setting, channel=each)
            continue
        allowed = channel.permissions_for(guild.me)
        missing = tuple(name for name in _NEEDED if not getattr(allowed, name))
        if missing:
            yield SettingProblem(setting, channel=each, missing=missing)
