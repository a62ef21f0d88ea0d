"""Lists that are shown page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from discord import ui

from bot.components.cards import turning_buttons
from bot.locales import Phrasebook


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list that is not empty.

    Attributes:
        at: Its number, counted from 0.
        of: How many there are.
        entries: Which entries of the list are on it.
    """

    at: int
    of: int
    entries: slice

    @classmethod
    def within(cls, entries: int, each: int, at: int) -> Page:
        """Page `at` of `entries`, of which so many stand on `each`; the last if past it."""
        pages = -(-entries // each)
        at = min(at, pages - 1)
        return cls(at, pages, slice(at * each, min((at + 1) * each, entries)))

    @property
    def numbers(self) -> range:
        """The numbers of the entries on it, counted from 1."""
        return range(self.entries.start + 1, self.entries.stop + 1)

    def note(self, phrases: Phrasebook) -> str:
        """Which page it is, as a line of small print; nothing where it is the only one."""
        if self.of == 1:
            return ""
        return f"\n-# {phrases('card.page_of', number=self.at + 1, of=self.of)}"

    def turning(
        self, phrases: Phrasebook, button: Callable[[str, int], ui.Item[Any]]
    ) -> list[ui.ActionRow[Any]]:
        """The row of buttons to its neighbours; none where it has none.

        Args:
            phrases: For the labels.
            button: Makes the button with a label that goes to a page.
        """
        row = turning_buttons(self.at, self.of, phrases, button)
        return [ui.ActionRow(*row)] if row else []


def separated(sections: Iterable[ui.Item[Any]]) -> list[ui.Item[Any]]:
    """Entries of a list with a line above each."""
    return [part for each in sections for part in (ui.Separator[Any](), each)]
