"""What moderators do about answers: try them out, and choose passages for questions."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.answering.answers import Found
from bot.answering.wording import refusal
from bot.client.client import CoalitionBot
from bot.client.translator import phrase
from bot.cogs.access import ModeratorCog, guild_of, in_servers, is_moderator
from bot.cogs.moderators.pins import pin_passage, unpinned
from bot.cogs.moderators.trials import (
    Failure,
    expectations,
    failures,
    failures_card,
    in_turns,
    testing_card,
)
from bot.components.cards import Card
from bot.components.choices import MOST_CHOICES, choice
from bot.components.sending import in_time, sent
from bot.errors import BusyError, QuestionError
from bot.locales import Phrasebook


class Correcting(ModeratorCog):
    """Pins and tests."""

    @app_commands.command(name="pin", description=phrase("command.pin.description"))
    @app_commands.describe(
        question=phrase("command.pin.question"), passage=phrase("command.pin.passage")
    )
    @app_commands.default_permissions(manage_messages=True)
    @in_servers
    async def pin(
        self,
        interaction: discord.Interaction[CoalitionBot],
        question: app_commands.Range[str, 1, 500],
        passage: str,
    ) -> None:
        """Give a question a passage."""
        phrases = await self.bot.phrases_for(interaction)
        guild = guild_of(interaction)
        try:
            answer = await self.bot.try_out(guild, question, phrases.language)
        except (QuestionError, BusyError) as error:
            await self.bot.reply_privately(interaction, refusal(error, phrases))
            return
        known = await self.bot.known(guild)
        if known.answerer.index.passage(passage) is None:
            await self.bot.reply_privately(interaction, phrases("pins.no_passage"))
            return
        pinning = pin_passage(
            self.bot,
            guild,
            answer.question,
            answer.detected.language,
            passage,
            by=interaction.user.id,
            phrases=phrases,
        )
        card = await in_time(interaction, pinning)
        await sent(interaction, card, private=True)

    @pin.autocomplete("passage")
    async def offer_passages(
        self, interaction: discord.Interaction[CoalitionBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the passages that fit what is typed, or else the question."""
        text = typed.strip() or interaction.namespace.question
        if not text or not await is_moderator(self.bot, interaction):
            return []
        phrases = await self.bot.phrases_for(interaction)
        try:
            answer = await self.bot.try_out(guild_of(interaction), text, phrases.language)
        except (QuestionError, BusyError):
            return []
        return [
            choice(_named(each), each.quote.passage_id) for each in answer.all_found[:MOST_CHOICES]
        ]

    @app_commands.command(name="unpin", description=phrase("command.unpin.description"))
    @app_commands.describe(question=phrase("command.unpin.question"))
    @app_commands.default_permissions(manage_messages=True)
    @in_servers
    async def unpin(self, interaction: discord.Interaction[CoalitionBot], question: str) -> None:
        """Take a pin away."""
        phrases = await self.bot.phrases_for(interaction)
        pin = None
        if question.isdecimal():
            guild, by = guild_of(interaction), interaction.user.id
            pin = await in_time(interaction, self.bot.pins.unpin(guild, int(question[:18]), by=by))
        await self.bot.reply_privately(interaction, unpinned(pin, phrases))

    @unpin.autocomplete("question")
    async def offer_pins(
        self, interaction: discord.Interaction[CoalitionBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the pins whose question contains what is typed; those without passage first."""
        if not await is_moderator(self.bot, interaction):
            return []
        pins = await self.bot.storage.guild(guild_of(interaction)).pins.every()
        phrases = await self.bot.phrases_for(interaction)
        found = [each for each in pins if typed.casefold() in each.question.casefold()]
        index = (await self.bot.known(interaction.guild_id)).answerer.index
        found.sort(key=lambda each: index.passage(each.passage) is not None)
        return [
            choice(
                (f"[{phrases('pins.gone')}] " if index.passage(each.passage) is None else "")
                + each.question,
                str(each.id),
            )
            for each in found[:MOST_CHOICES]
        ]

    @app_commands.command(name="test", description=phrase("command.test.description"))
    @app_commands.describe(question=phrase("command.test.question"))
    @app_commands.default_permissions(manage_messages=True)
    @in_servers
    async def test(self, interaction: discord.Interaction[CoalitionBot], question: str) -> None:
        """Show what would be answered, and why."""
        phrases = await self.bot.phrases_for(interaction)
        try:
            answer = await self.bot.try_out(guild_of(interaction), question, phrases.language)
        except (QuestionError, BusyError) as error:
            await self.bot.reply_privately(interaction, refusal(error, phrases))
            return
        known = await self.bot.known(interaction.guild_id)
        card = testing_card(known.answerer.index, answer, phrases)
        await sent(interaction, card, private=True)

    @app_commands.command(name="test-all", description=phrase("command.test_all.description"))
    @app_commands.default_permissions(manage_messages=True)
    @in_servers
    async def test_all(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Ask every question whose passage is known, and name those that fail."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        phrases = await self.bot.phrases_for(interaction)
        await sent(interaction, await self._tested(guild_of(interaction), phrases), private=True)

    async def _tested(self, guild: int, phrases: Phrasebook) -> Card:
        answerer = (await self.bot.known(guild)).answerer
        settings = await self.bot.settings.of(guild)
        pins = await self.bot.storage.guild(guild).pins.every()
        pinned = await self.bot.pins.of(guild)
        expected = expectations(answerer.index, pins)
        failed: list[Failure] = []
        for some in in_turns(expected):
            failed += await self.bot.worker.run_for(
                guild, failures, answerer, some, settings.strictness, pinned
            )
        return failures_card(answerer.index, failed, len(expected), phrases)


def _named(found: Found) -> str:
    quote = found.quote
    text = quote.text if quote.sentence is None else quote.sentence.of(quote.text)
    return f"{quote.number}/{quote.of} · {text}"


async def setup(bot: CoalitionBot) -> None:
    """Add the cog; discord.py calls this."""
    await bot.add_cog(Correcting(bot))
