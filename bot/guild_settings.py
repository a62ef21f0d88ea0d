"""What moderators of each server chose, kept at hand: every question asks for it."""

from __future__ import annotations

import logging
from typing import Any, Unpack

from bot.storage import GuildSettings, SettingChanges, Storage, StorageError

log = logging.getLogger(__name__)


class SettingsBook:
    """The settings of all servers. In this process only this changes them; it is told of others."""

    def __init__(self, storage: Storage | None) -> None:
        """Start; without a storage, every server has the defaults."""
        self._storage = storage
        self._known: dict[int, GuildSettings] = {}
        self._forgotten = 0

    async def of(self, guild: int | None) -> GuildSettings:
        """The settings of a server; the defaults elsewhere, or where they cannot be read."""
        if guild is None or self._storage is None:
            return GuildSettings()
        if guild in self._known:
            return self._known[guild]
        forgotten = self._forgotten
        try:
            read = await self._storage.guild(guild).settings.read()
        except StorageError as error:
            log.warning("The settings of the server %d are taken as unset. %s", guild, error)
            return GuildSettings()
        # What was changed while it was read may have been read as it was before.
        if forgotten == self._forgotten:
            self._known[guild] = read
        return read

    async def change(
        self, guild: int, *, by: int, **changes: Unpack[SettingChanges]
    ) -> GuildSettings:
        """Change settings of a server, and use them from now on.

        Raises:
            StorageError: They could not be kept; nothing was changed.
        """
        assert self._storage is not None  # noqa: S101 - nothing changes settings without one
        self._known[guild] = await self._storage.guild(guild).settings.change(by=by, **changes)
        return self._known[guild]

    def forget(self, guild: int) -> None:
        """Read the settings of a server anew when they are next asked for."""
        self._known.pop(guild, None)
        self._forgotten += 1


def is_open(settings: GuildSettings, channel: Any) -> bool:  # noqa: ANN401 - many kinds
    """Whether the bot may answer in a channel where everybody sees it.

    A thread is as open as the channel that it belongs to.
    """
    opened = settings.open_channels
    own = {getattr(channel, "id", None), getattr(channel, "parent_id", None)}
    return not opened or not own.isdisjoint(opened)
