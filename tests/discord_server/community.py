"""Who and what is on the stand-in: users, guilds with roles and members, channels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from discord import Permissions

Payload = dict[str, Any]

TEXT_CHANNEL, DIRECT = 0, 1
EVERYDAY = Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    use_application_commands=True,
    embed_links=True,
    attach_files=True,
    add_reactions=True,
)


@dataclass(frozen=True, eq=False)
class User:
    """Somebody on Discord."""

    id: str
    name: str
    locale: str = "en-US"
    bot: bool = False

    @property
    def mention(self) -> str:
        """What a text has in it that mentions the user."""
        return f"<@{self.id}>"

    def payload(self) -> Payload:
        """The user as everybody sees them."""
        return {
            "id": self.id,
            "username": self.name,
            "global_name": None,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "flags": 0,
            "public_flags": 0,
            "primary_guild": None,
        }

    def own_payload(self) -> Payload:
        """The user as they see themselves."""
        return {**self.payload(), "mfa_enabled": False, "locale": self.locale, "verified": True}


@dataclass(frozen=True, eq=False)
class Role:
    """A role of a guild."""

    id: str
    name: str
    permissions: Permissions

    def payload(self) -> Payload:
        """The role in events and answers."""
        return {
            "id": self.id,
            "name": self.name,
            "permissions": str(self.permissions.value),
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "position": 0,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }


@dataclass(eq=False)
class Member:
    """A user in a guild."""

    user: User
    guild: Guild
    roles: list[Role] = field(default_factory=list)

    def payload(self) -> Payload:
        """The member without the user."""
        return {
            "roles": [each.id for each in self.roles],
            "joined_at": "2021-04-06T00:00:00.000000+00:00",
            "nick": None,
            "avatar": None,
            "banner": None,
            "premium_since": None,
            "communication_disabled_until": None,
            "pending": False,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }

    def permissions_in(self, channel: Channel) -> Permissions:
        """What the member may do there: by their roles, less what the channel denies."""
        allowed = Permissions(self.guild.everyone.permissions.value)
        for role in self.roles:
            allowed |= role.permissions
        if allowed.administrator or self.guild.owner is self.user:
            return Permissions.all()
        denied = channel.denied.get(self.user.id, Permissions.none())
        return Permissions(allowed.value & ~denied.value)


@dataclass(eq=False)
class Channel:
    """A text channel of a guild, or a user's direct messages with the bot.

    Attributes:
        guild: None for direct messages.
        recipient: Whose direct messages they are; None in a guild.
        denied: By the id of a user, what they may not do here.
        deleted: Whether it is gone.
    """

    id: str
    name: str
    guild: Guild | None = None
    recipient: User | None = None
    denied: dict[str, Permissions] = field(default_factory=dict)
    deleted: bool = False

    def payload(self) -> Payload:
        """The channel in events and answers."""
        if self.guild is None:
            assert self.recipient is not None
            return {
                "id": self.id,
                "type": DIRECT,
                "flags": 0,
                "last_message_id": None,
                "recipients": [self.recipient.payload()],
            }
        return {
            "id": self.id,
            "type": TEXT_CHANNEL,
            "guild_id": self.guild.id,
            "name": self.name,
            "position": 0,
            "flags": 0,
            "nsfw": False,
            "topic": None,
            "parent_id": None,
            "last_message_id": None,
            "rate_limit_per_user": 0,
            "permission_overwrites": [
                {"id": user, "type": 1, "allow": "0", "deny": str(denied.value)}
                for user, denied in self.denied.items()
            ],
        }


@dataclass(eq=False)
class Guild:
    """A server."""

    id: str
    name: str
    owner: User
    locale: str = "en-US"
    features: tuple[str, ...] = ()
    available: bool = True
    members: dict[str, Member] = field(default_factory=dict)
    channels: list[Channel] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)

    @property
    def everyone(self) -> Role:
        """The role that every member has."""
        return self.roles[0]

    def whole_payload(self) -> Payload:
        """The guild as the bot asks for it."""
        nothing: Payload = dict.fromkeys(_NOTHING_WHEN_ASKED)
        return {
            **nothing,
            **self._common(),
            "max_members": 500_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "nsfw": False,
            "premium_subscription_count": 0,
            "region": "deprecated",
            "widget_enabled": False,
        }

    def _common(self) -> Payload:
        nothing: Payload = dict.fromkeys(_NOTHING)
        return {
            **nothing,
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner.id,
            "preferred_locale": self.locale,
            "features": list(self.features),
            "afk_timeout": 300,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "premium_progress_bar_enabled": False,
            "system_channel_flags": 0,
            "verification_level": 0,
            "roles": [each.payload() for each in self.roles],
            "emojis": [],
            "stickers": [],
        }

    def short_payload(self, seen_by: User) -> Payload:
        """The guild in a list of those that a user is in."""
        everyone = self.everyone.permissions.value
        return {
            "id": self.id,
            "name": self.name,
            "icon": None,
            "banner": None,
            "owner": self.owner is seen_by,
            "permissions": str(everyone),
            "features": list(self.features),
        }

    def payload(self, seen_by: User) -> Payload:
        """GUILD_CREATE; of the members the bot is told only of itself."""
        own = self.members[seen_by.id]
        empty: Payload = {key: [] for key in _EMPTY}
        return {
            **self._common(),
            **empty,
            "joined_at": own.payload()["joined_at"],
            "large": len(self.members) > 250,
            "member_count": len(self.members),
            "unavailable": False,
            "channels": [each.payload() for each in self.channels if not each.deleted],
            "members": [{**own.payload(), "user": seen_by.payload()}],
        }


_NOTHING = (
    "afk_channel_id",
    "application_id",
    "banner",
    "description",
    "discovery_splash",
    "hub_type",
    "icon",
    "incidents_data",
    "public_updates_channel_id",
    "rules_channel_id",
    "safety_alerts_channel_id",
    "splash",
    "system_channel_id",
    "vanity_url_code",
)
_NOTHING_WHEN_ASKED = ("home_header", "max_presences", "widget_channel_id")
_EMPTY = (
    "guild_scheduled_events",
    "presences",
    "soundboard_sounds",
    "stage_instances",
    "threads",
    "voice_states",
)
