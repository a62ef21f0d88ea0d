"""The languages that members chose and that channels speak, kept at hand for every answer."""

from __future__ import annotations

import logging
from collections import OrderedDict

from bot.guilds.caching import ReadThroughCache
from bot.storage import Storage, StorageError
from knowledge import Language

log = logging.getLogger(__name__)

_MOST_CHANNELS = 4096


class HeardLanguages:
    """The language of the last question in each channel that told one; kept in memory alone."""

    def __init__(self) -> None:
        self._heard: OrderedDict[int, Language] = OrderedDict()

    def of(self, channel: int | None) -> Language | None:
        """What was last spoken in a channel; None where nothing is known."""
        return None if channel is None else self._heard.get(channel)

    def note(self, channel: int | None, language: Language) -> None:
        """Note what is spoken in a channel; those that were silent longest are forgotten."""
        if channel is None:
            return
        self._heard[channel] = language
        self._heard.move_to_end(channel)
        if len(self._heard) > _MOST_CHANNELS:
            self._heard.popitem(last=False)


class LanguageBook:
    """The languages of all members. In this process only this changes them.

    They are read together: few members choose one, and asking the storage for each who did not
    would take a tenth of what an answer costs.
    """

    def __init__(self, storage: Storage | None) -> None:
        """Start; without a storage, nobody chose any."""
        self._storage = storage
        self._known: ReadThroughCache[None, dict[int, Language]] = ReadThroughCache(
            "The languages that members chose", self._read, 1
        )
        self._changes = 0

    async def of(self, member: int) -> Language | None:
        """The language that a member chose; None too where that cannot be read soon."""
        if self._storage is None:
            return None
        chosen = await self._known.get(None)
        return None if chosen is None else chosen.get(member)

    async def choose(self, member: int, language: Language | None) -> None:
        """Keep the language that a member chooses; None takes the choice back.

        Raises:
            StorageError: It could not be kept; nothing was changed.
        """
        assert self._storage is not None  # noqa: S101 - nobody chooses without one
        await self._storage.preferences.choose_language(member, language)
        await self._put(member, language)

    async def forget(self, member: int) -> None:
        """Let go of the language of a member, which the storage has no longer."""
        if self._storage is not None:
            await self._put(member, None)

    async def read_anew(self) -> None:
        """Learn what members chose in other processes; what is known stays where that fails."""
        try:
            self._known.keep(None, await self._read())
        except StorageError as error:
            log.warning("The languages that members chose are as they were. %s", error)

    async def _put(self, member: int, language: Language | None) -> None:
        self._changes += 1
        chosen = await self._known.get(None)
        if chosen is None:
            return
        if language is None:
            chosen.pop(member, None)
        else:
            chosen[member] = language

    async def _read(self, _: None = None) -> dict[int, Language]:
        assert self._storage is not None  # noqa: S101 - nothing is asked without one
        while True:
            changes = self._changes
            chosen = await self._storage.preferences.languages()
            # What a member chose while they were read may be missing.
            if changes == self._changes:
                return chosen
