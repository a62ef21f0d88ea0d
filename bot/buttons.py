"""Buttons that work after a restart: all that they need is in their `custom_id`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.answers import OtherText
from bot.locale import Phrasebook
from knowledge import Language

if TYPE_CHECKING:
    from bot.client import CoalitionBot

_TEMPLATE = r"passage:(?P<passage>[0-9a-f]{16}):(?P<language>fr|en):(?P<sentence>\d{1,3}|-)"


class OtherLanguage(ui.DynamicItem[ui.Button[Any]], template=_TEMPLATE):
    """Shows a passage in its other language, to whoever clicks."""

    def __init__(self, passage: str, text: OtherText, label: str) -> None:
        sentence = "-" if text.sentence is None else text.sentence
        super().__init__(
            ui.Button(
                label=label,
                style=discord.ButtonStyle.secondary,
                custom_id=f"passage:{passage}:{text.language}:{sentence}",
            )
        )
        self.passage = passage
        self.text = text

    @classmethod
    def of(cls, passage: str, text: OtherText, phrases: Phrasebook) -> Self:
        """The button for a passage's other text."""
        written_in = phrases(f"written_in.{text.language}")
        return cls(passage, text, phrases("card.other_language", language=written_in))

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
        label = item.label if isinstance(item, ui.Button) else None
        sentence = None if match["sentence"] == "-" else int(match["sentence"])
        return cls(match["passage"], OtherText(Language(match["language"]), sentence), label or "·")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the passage."""
        bot: CoalitionBot = interaction.client
        await bot.show_passage(interaction, self.passage, self.text)
