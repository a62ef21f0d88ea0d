"""Selects that stand for several buttons: each option is a button's label and `custom_id`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Self, cast

import discord
from discord import ui

from bot.components.buttons import KeptButton, button_of
from bot.components.markup import shortened
from bot.components.presses import Host

MOST_OPTIONS = 25
LONGEST_OPTION = 100


class Menu(ui.DynamicItem[ui.Select[Any]], template=r"menu:(?P<name>[a-z]{1,20})"):
    """A select of which Discord alone keeps the state; to choose is to press a button."""

    @classmethod
    def of(cls, name: str, placeholder: str, buttons: Sequence[KeptButton]) -> Self:
        """The menu of some buttons, of which Discord takes 25.

        Args:
            name: What tells it from other menus of the same message.
            placeholder: What it shows.
            buttons: What can be chosen.
        """
        options = [
            discord.SelectOption(label=shortened(each.label, LONGEST_OPTION), value=each.custom_id)
            for each in buttons[:MOST_OPTIONS]
        ]
        custom_id = f"menu:{name}"
        return cls(ui.Select(custom_id=custom_id, placeholder=placeholder, options=options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The menu that a `custom_id` stands for."""
        del interaction, match
        return cls(cast("ui.Select[Any]", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the choice to whoever acts on it."""
        await cast("Host", interaction.client).pressed(self, interaction)


def chosen_button(interaction: discord.Interaction[Any]) -> KeptButton | None:
    """The button that was chosen in a menu; None where there is no such button any more."""
    data: Mapping[str, Any] = interaction.data or {}
    values = data.get("values") or ("",)
    return button_of(str(values[0]))
