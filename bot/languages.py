"""The languages that members chose, kept at hand: every answer asks for one."""

from __future__ import annotations

from bot.at_hand import AtHand
from bot.storage import Storage
from knowledge import Language

_MOST_KEPT = 10_000


class LanguageBook:
    """The languages of all members. In this process only this changes them."""

    def __init__(self, storage: Storage | None) -> None:
        """Start; without a storage, nobody chose any."""
        self._storage = storage
        self._known = AtHand("The language that a member chose", self._read, _MOST_KEPT)

    async def of(self, member: int) -> Language | None:
        """The language that a member chose; None too where that cannot be read soon."""
        return None if self._storage is None else await self._known.get(member)

    async def choose(self, member: int, language: Language | None) -> None:
        """Keep the language that a member chooses; None takes the choice back.

        Raises:
            StorageError: It could not be kept; nothing was changed.
        """
        assert self._storage is not None  # noqa: S101 - nobody chooses without one
        await self._storage.preferences.choose_language(member, language)
        self._known.keep(member, language)

    def forget(self, member: int) -> None:
        """Read the language of a member anew when it is next asked for."""
        self._known.forget(member)

    def forget_all(self) -> None:
        """Read every language anew when it is next asked for."""
        self._known.forget_all()

    async def _read(self, member: int) -> Language | None:
        assert self._storage is not None  # noqa: S101 - `of` has looked
        return await self._storage.preferences.language(member)
