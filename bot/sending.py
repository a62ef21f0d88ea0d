"""Sending a card in answer to an interaction, whatever was said to it before."""

from __future__ import annotations

from typing import Any

import discord

from bot.cards import Card
from bot.telemetry.asked import Stage, stage


async def sent(interaction: discord.Interaction[Any], card: Card, *, private: bool) -> str:
    """Send a card; returns the address of the message."""
    with stage(Stage.SEND):
        message = await _sent(interaction, card, private=private)
    place = "@me" if interaction.guild_id is None else interaction.guild_id
    return f"https://discord.com/channels/{place}/{interaction.channel_id}/{message}"


async def _sent(interaction: discord.Interaction[Any], card: Card, *, private: bool) -> int:
    """Send a card; returns the id of the message."""
    response = interaction.response
    if not response.is_done():
        callback = await response.send_message(view=card, ephemeral=private)
        # Discord's word of what was sent may be lost on the way.
        return callback.message_id or (await interaction.original_response()).id
    if response.type is discord.InteractionResponseType.deferred_message_update:
        # The original is here the message with the button, which must stay as it is.
        return (await interaction.followup.send(view=card, ephemeral=private, wait=True)).id
    return (await interaction.edit_original_response(view=card)).id
