"""What members do to see what the bot knows: go through its topics, read a document."""

from __future__ import annotations

from itertools import islice

import discord
from discord import app_commands
from discord.ext import commands

from bot.answering.suggestions import folded
from bot.client.client import CoalitionBot
from bot.client.translator import phrase
from bot.cogs.members.topics import reading_card, topics_card
from bot.components.choices import LONGEST_CHOICE, MOST_CHOICES, choice
from index import Located
from knowledge import Document, Language


class Reading(commands.Cog):
    """Going through what the bot knows."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot

    @app_commands.command(name="topics", description=phrase("command.topics.description"))
    async def topics(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Show what can be asked about, from the first page."""
        phrases = await self.bot.phrases_for(interaction)
        known = await self.bot.known(interaction.guild_id)
        card = topics_card(known.answerer.index.documents, 0, phrases)
        await interaction.response.send_message(view=card, ephemeral=True)

    @app_commands.command(name="read", description=phrase("command.read.description"))
    @app_commands.describe(document=phrase("command.read.document"))
    async def read(self, interaction: discord.Interaction[CoalitionBot], document: str) -> None:
        """Open a document at its first passage."""
        phrases = await self.bot.phrases_for(interaction)
        found = await self._matching(interaction, document, 1)
        if not found:
            await self.bot.reply_privately(interaction, phrases("problem.no_document"))
            return
        chosen = found[0]
        card = reading_card(Located(chosen, chosen.passages[0]), phrases.language, phrases)
        await interaction.response.send_message(view=card, ephemeral=True)

    @read.autocomplete("document")
    async def suggest(
        self, interaction: discord.Interaction[CoalitionBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer documents while a member types."""
        language = (await self.bot.phrases_for(interaction)).language
        return [
            choice(_title(each, language), each.slug[:LONGEST_CHOICE])
            for each in await self._matching(interaction, typed, MOST_CHOICES)
        ]

    async def _matching(
        self, interaction: discord.Interaction[CoalitionBot], typed: str, most: int
    ) -> list[Document]:
        """Documents that are named so, else those whose title contains it in any language."""
        known = await self.bot.known(interaction.guild_id)
        documents = known.answerer.index.documents
        named = [each for each in documents if each.slug[:LONGEST_CHOICE] == typed]
        sought = folded(typed)
        # One after the other: most titles need not be folded where many match.
        titled = (
            each
            for each in documents
            if any(sought in folded(edition.about.title) for edition in each.editions.values())
        )
        return list(islice(named or titled, most))


def _title(document: Document, language: Language) -> str:
    return document.editions.get(language, document.original).about.title


async def setup(bot: CoalitionBot) -> None:
    """Add the cog; discord.py calls this."""
    await bot.add_cog(Reading(bot))
