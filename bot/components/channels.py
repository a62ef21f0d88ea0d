"""Mentions of a server's own channels in what is quoted to it."""

from __future__ import annotations

import re

import discord
from discord import ui

from bot.components.cards import Card

_ESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)\\<\\#(\d{15,20})\\>")


def with_channels(card: Card, guild: discord.Guild | None) -> Card:
    """The card, in whose quotations `<#channel>` leads to that channel of the same server.

    A mention of a channel notifies nobody; that of another server's stays text.
    """
    if guild is None:
        return card

    def mention(match: re.Match[str]) -> str:
        known = guild.get_channel_or_thread(int(match[2])) is not None
        return f"{match[1]}<#{match[2]}>" if known else match[0]

    for item in card.walk_children():
        if isinstance(item, ui.TextDisplay):
            lines = item.content.split("\n")
            item.content = "\n".join(
                _ESCAPED.sub(mention, line) if line.startswith("> ") else line for line in lines
            )
    return card
