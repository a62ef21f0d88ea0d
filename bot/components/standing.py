"""What a card vouches for, told by its colour, a sign and words: by any of them alone."""

from __future__ import annotations

from enum import StrEnum

import discord

from bot.answering.answers import Answer
from bot.locales import Phrasebook


class Standing(StrEnum):
    """What can be said of the passage that a card shows."""

    ANSWER = "answer"
    CLOSEST = "closest"
    NONE = "none"
    PINNED = "pinned"

    @classmethod
    def of(cls, answer: Answer) -> Standing:
        """That of an answer."""
        return cls.PINNED if answer.pin else cls(answer.outcome)

    @classmethod
    def shown_by(cls, colour: discord.Colour | None) -> Standing:
        """That of a card of some colour; the least sure where no card has it."""
        return next((each for each in cls if each.colour == colour), cls.CLOSEST)

    @property
    def colour(self) -> discord.Colour:
        """The colour of its cards; no two are alike in lightness and hue to the colour-blind."""
        return discord.Colour(_COLOURS[self])

    def said(self, phrases: Phrasebook) -> str:
        """Sign and words."""
        return f"{_SIGNS[self]} {phrases(f'outcome.{self}')}"


_COLOURS = {
    Standing.ANSWER: 0x2E7D5B,
    Standing.CLOSEST: 0xC98A1B,
    Standing.NONE: 0x80848E,
    Standing.PINNED: 0x7B5CD6,
}
_SIGNS = {
    Standing.ANSWER: "✓",
    Standing.CLOSEST: "≈",
    Standing.NONE: "○",
    Standing.PINNED: "★",
}
