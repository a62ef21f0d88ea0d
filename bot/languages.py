"""The languages that members chose, kept at hand: every answer asks for one."""

from __future__ import annotations

import logging
from collections import OrderedDict

from bot.storage import Storage, StorageError
from knowledge import Language

log = logging.getLogger(__name__)

_MOST_KEPT = 10_000


class LanguageBook:
    """The languages of all members. Only this may change them, so that what it keeps is true."""

    def __init__(self, storage: Storage | None) -> None:
        """Start; without a storage, nobody chose any."""
        self._storage = storage
        # Who was not heard of for longest stands first.
        self._known: OrderedDict[int, Language | None] = OrderedDict()

    async def of(self, member: int) -> Language | None:
        """The language that a member chose; None too where that cannot be read now."""
        if self._storage is None:
            return None
        if member not in self._known:
            try:
                self._keep(member, await self._storage.preferences.language(member))
            except StorageError as error:
                log.warning("The language that a member chose is taken as unset. %s", error)
                return None
        self._known.move_to_end(member)
        return self._known[member]

    async def choose(self, member: int, language: Language | None) -> None:
        """Keep the language that a member chooses; None takes the choice back.

        Raises:
            StorageError: It could not be kept; nothing was changed.
        """
        assert self._storage is not None  # noqa: S101 - nobody chooses without one
        await self._storage.preferences.choose_language(member, language)
        self._keep(member, language)

    def forget(self, member: int) -> None:
        """Read the language of a member anew when it is next asked for."""
        self._known.pop(member, None)

    def _keep(self, member: int, language: Language | None) -> None:
        self._known[member] = language
        if len(self._known) > _MOST_KEPT:
            self._known.popitem(last=False)
