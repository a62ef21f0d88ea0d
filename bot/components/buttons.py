"""Buttons that work after a restart: all that they need is in their `custom_id`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self, cast

import discord
from discord import ui

from bot.answering.answers import Found
from bot.components.markup import shortened
from bot.components.presses import Host
from knowledge import Language

LONGEST_LABEL = 80
PLACE = r"[0-9a-f]{16}(?:\d{1,3}|-)"


@dataclass(frozen=True, slots=True)
class PassageReference:
    """A passage, and which of its sentences is telling.

    Attributes:
        passage: The passage's id.
        sentence: The number of the sentence; None where the whole passage is needed.
    """

    passage: str
    sentence: int | None

    def __str__(self) -> str:
        return f"{self.passage}{'-' if self.sentence is None else self.sentence}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The place that `str` made `text` of."""
        return cls(text[:16], None if text[16:] == "-" else int(text[16:]))

    @classmethod
    def of(cls, found: Found) -> Self:
        """The place of a passage as it is shown."""
        quote = found.quote
        sentence = None if quote.sentence is None else quote.sentences.index(quote.sentence)
        # Three digits are kept for it; so long a passage is shown without its mark.
        return cls(quote.passage_id, sentence if sentence is None or sentence < 1000 else None)  # noqa: PLR2004


class KeptButton(ui.DynamicItem[ui.Button[Any]], template=r"(?!)"):
    """A button of which Discord alone keeps the state."""

    def __init__(
        self,
        label: str,
        custom_id: str,
        *,
        emoji: str | None = None,
    ) -> None:
        """Make the button.

        Args:
            label: What it says; also what a menu says in its place.
            custom_id: What the class's template reads.
            emoji: What it shows instead of the label, which Discord names to who cannot see it.
        """
        self.label = label
        super().__init__(
            ui.Button(
                label=shortened(label, LONGEST_LABEL) if emoji is None else None,
                emoji=emoji,
                style=discord.ButtonStyle.secondary,
                custom_id=custom_id,
            )
        )
        match = self.template.fullmatch(custom_id)
        self.fields: dict[str, Any] = {} if match is None else match.groupdict()

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """The button that a `custom_id` stands for."""
        del interaction
        return cls((item.label if isinstance(item, ui.Button) else None) or "·", match.string)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press to whoever acts on it."""
        await cast("Host", interaction.client).pressed(self, interaction)

    @property
    def place(self) -> PassageReference:
        """The passage that the button is about."""
        return PassageReference.read(self.fields["place"])

    @property
    def language(self) -> Language:
        """The language that it is about."""
        return Language(self.fields["language"])

    @property
    def at(self) -> int:
        """The page that it goes to, counted from 0."""
        return int(self.fields["at"])

    @property
    def in_place(self) -> bool:
        """Whether what it shows takes the place of the message with the button."""
        return self.fields.get("how") == "turn"


def button_of(custom_id: str) -> KeptButton | None:
    """The button of a `custom_id`, without its label; None where no button has it."""
    for kind in every_button():
        if kind.__discord_ui_compiled_template__.fullmatch(custom_id):
            return kind("·", custom_id)
    return None


def every_button() -> Iterator[type[KeptButton]]:
    """The classes of buttons that were imported."""
    waiting = [KeptButton]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        yield from kinds
        waiting += kinds
