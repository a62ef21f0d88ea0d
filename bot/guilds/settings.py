"""What moderators of each server chose, kept at hand: every question asks for it."""

from __future__ import annotations

from typing import Any, Unpack

from bot.guilds.caching import ReadThroughCache
from bot.storage import GuildSettings, SettingChanges, Storage

_MOST_KEPT = 10_000


class SettingsBook:
    """The settings of all servers. In this process only this changes them; it is told of others."""

    def __init__(self, storage: Storage | None) -> None:
        """Start; without a storage, every server has the defaults."""
        self._storage = storage
        self._known = ReadThroughCache("The settings of a server", self._read, _MOST_KEPT)

    async def of(self, guild: int | None) -> GuildSettings:
        """The settings of a server; the defaults elsewhere, or where they cannot be read soon."""
        if guild is None or self._storage is None:
            return GuildSettings()
        return await self._known.get(guild) or GuildSettings()

    async def change(
        self, guild: int, *, by: int, **changes: Unpack[SettingChanges]
    ) -> GuildSettings:
        """Change settings of a server, and use them from now on.

        Raises:
            StorageError: They could not be kept; nothing was changed.
        """
        assert self._storage is not None  # noqa: S101 - nothing changes settings without one
        changed = await self._storage.guild(guild).settings.change(by=by, **changes)
        self._known.keep(guild, changed)
        return changed

    def forget(self, guild: int) -> None:
        """Read the settings of a server anew when they are next asked for."""
        self._known.forget(guild)

    async def _read(self, guild: int) -> GuildSettings:
        assert self._storage is not None  # noqa: S101 - `of` has looked
        return await self._storage.guild(guild).settings.read()


def is_open(settings: GuildSettings, channel: Any) -> bool:  # noqa: ANN401 - many kinds
    """Whether the bot may answer in a channel where everybody sees it.

    A thread is as open as the channel that it belongs to.
    """
    opened = settings.open_channels
    own = {getattr(channel, "id", None), getattr(channel, "parent_id", None)}
    return not opened or not own.isdisjoint(opened)
