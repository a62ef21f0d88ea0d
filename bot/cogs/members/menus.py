"""Choosing in a menu is pressing the button that the option stands for."""

from __future__ import annotations

from typing import Any

import discord

from bot.client.client import CoalitionBot
from bot.components.menus import Menu, chosen_button
from bot.components.sending import reply_privately


class Menus:
    """Hands what is chosen to whoever acts on the button; who may is asked there."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot
        bot.presses.on(Menu, self.choose)

    async def choose(self, menu: Menu, interaction: discord.Interaction[Any]) -> None:
        """Do what a press of the chosen button does."""
        del menu
        button = chosen_button(interaction)
        if button is None:
            phrases = await self.bot.localiser.phrases_for(interaction)
            await reply_privately(interaction, phrases("problem.gone"))
        else:
            await self.bot.presses.take(button, interaction)
