"""Sending a card in answer to an interaction, in time and whatever was said to it before."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

import discord

from bot.components.cards import Card, notice_card
from bot.locales import Phrasebook
from bot.telemetry.tracing import Stage, stage

T = TypeVar("T")

LARGEST_SENT = 10 << 20
"""Bytes of a file that Discord takes in any server, from a bot as from a member."""
_PATIENCE = 1.5
"""Seconds before an answer is announced: Discord gives up after 3."""
_ANNOUNCED = "announced"
"""Under which an interaction keeps that everybody was told of an answer to come."""


async def in_time(
    interaction: discord.Interaction[Any], working: Awaitable[T], *, private: bool = True
) -> T:
    """Wait for what an answer needs; where that takes long, say that it is coming.

    Args:
        interaction: What is answered; it has no response yet.
        working: What the answer needs.
        private: Whether the answer is for the member alone.
    """
    task = asyncio.ensure_future(working)
    task.add_done_callback(_seen)
    await asyncio.wait({task}, timeout=_PATIENCE)
    if not task.done():
        await interaction.response.defer(ephemeral=private, thinking=True)
        interaction.extras[_ANNOUNCED] = not private
    return await task


async def put_in_place(interaction: discord.Interaction[Any], card: Card) -> None:
    """Put a card in the place of the message that was acted on.

    Where an answer was announced in the meantime, the card becomes that answer.
    """
    if interaction.response.is_done():
        await sent(interaction, card, private=True)
    else:
        await interaction.response.edit_message(view=card)


async def send_in_place(
    interaction: discord.Interaction[Any],
    card: Card | None,
    phrases: Phrasebook,
    *,
    in_place: bool,
) -> None:
    """Send a card to the member alone or put it in place; None says that it is gone."""
    if card is None:
        await reply_privately(interaction, phrases("problem.gone"))
    elif in_place:
        await interaction.response.edit_message(view=card)
    else:
        await interaction.response.send_message(view=card, ephemeral=True)


async def reply_privately(interaction: discord.Interaction[Any], text: str) -> None:
    """Say one thing to the member alone, also where everybody was told of an answer to come."""
    if interaction.extras.pop(_ANNOUNCED, False):
        await interaction.delete_original_response()
        await interaction.followup.send(view=notice_card(text), ephemeral=True)
    else:
        await sent(interaction, notice_card(text), private=True)


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


def _seen(task: asyncio.Future[Any]) -> None:
    """Let the error of a task nobody waits for any more, since Discord failed first, be."""
    if not task.cancelled():
        task.exception()
