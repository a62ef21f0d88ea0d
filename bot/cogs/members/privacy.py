"""What anybody may ask about their data, and have deleted."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client.client import CoalitionBot
from bot.client.translator import phrase
from bot.components.buttons import KeptButton
from bot.components.cards import COLOURS, Card
from bot.components.sending import in_time, reply_privately, sent
from index import Outcome


class ForgetMe(KeptButton, template=r"forget:me"):
    """Says that a moderator wishes to be forgotten, after all."""


class Privacy(commands.Cog):
    """The data statement, and being forgotten."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot
        bot.presses.on(ForgetMe, self.confirmed)

    @app_commands.command(
        name=phrase("command.privacy.name"), description=phrase("command.privacy.description")
    )
    async def privacy(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Say what is kept, for how long, and how to have it deleted."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        settings = await self.bot.settings.of(interaction.guild_id)
        days = settings.retention_days
        await reply_privately(interaction, phrases("privacy.text", days=days))

    @app_commands.command(
        name=phrase("command.forget_me.name"), description=phrase("command.forget_me.description")
    )
    async def forget_me(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Delete what the member's id is attached to; ask first who moderated."""
        named = self.bot.storage.privacy.named(interaction.user.id)
        count = await in_time(interaction, named)
        if not count:
            await self._forget(interaction)
            return
        phrases = await self.bot.localiser.phrases_for(interaction)
        card = Card(
            COLOURS[Outcome.CLOSEST],
            ui.TextDisplay(phrases("privacy.asked", count=count)),
            ui.ActionRow(ForgetMe(phrases("privacy.forget"), "forget:me")),
        )
        await sent(interaction, card, private=True)

    async def confirmed(self, button: ForgetMe, interaction: discord.Interaction[Any]) -> None:
        """Forget a member who was asked; whoever presses is who is forgotten."""
        del button
        await self._forget(interaction)

    async def _forget(self, interaction: discord.Interaction[Any]) -> None:
        # Before it is forgotten.
        phrases = await self.bot.localiser.phrases_for(interaction)
        member = interaction.user.id
        forgetting = self.bot.storage.privacy.forget(member)
        # Where it was asked about long ago, an answer may be announced already.
        done = interaction.response.is_done()
        forgotten = await (forgetting if done else in_time(interaction, forgetting))
        await self.bot.languages.forget(member)
        lines = [phrases("privacy.forgotten")]
        if forgotten.preference:
            lines.append(f"- {phrases('privacy.preference')}")
        if forgotten.requests:
            lines.append(f"- {phrases('privacy.requests', count=forgotten.requests)}")
        if forgotten.named:
            lines.append(f"- {phrases('privacy.named', count=forgotten.named)}")
        if len(lines) == 1:
            lines = [phrases("privacy.nothing")]
        await reply_privately(interaction, "\n".join(lines))
