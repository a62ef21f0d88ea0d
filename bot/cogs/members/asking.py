"""What members do with commands: ask, and find the passage for somebody's message."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.answering.wording import without_mentions
from bot.client.client import CoalitionBot
from bot.client.translator import named_options, phrase
from bot.cogs.members.help import help_text
from bot.cogs.members.replying import Replying
from bot.components.choices import MOST_CHOICES
from bot.components.sending import in_time, reply_privately
from bot.storage import Surface
from knowledge import Language

_AS_IN_DISCORD = "discord"


class Asking(commands.Cog):
    """Asking with commands."""

    def __init__(self, bot: CoalitionBot, replying: Replying) -> None:
        self.bot = bot
        self._replying = replying
        self._find = app_commands.ContextMenu(
            name=phrase("command.find.name"), callback=self.find_passage
        )

    async def cog_load(self) -> None:
        """Add the command of messages; a cog adds only the others by itself."""
        self.bot.tree.add_command(self._find)

    async def cog_unload(self) -> None:
        """Take it away."""
        self.bot.tree.remove_command(self._find.name, type=self._find.type)

    @app_commands.command(
        name=phrase("command.ask.name"), description=phrase("command.ask.description")
    )
    @app_commands.describe(
        question=phrase("command.ask.question"),
        language=phrase("command.ask.language"),
        private=phrase("command.ask.private"),
    )
    @named_options("question", "language", "private")
    @app_commands.choices(
        language=[
            app_commands.Choice(name=phrase("command.ask.french"), value=Language.FRENCH.value),
            app_commands.Choice(name=phrase("command.ask.english"), value=Language.ENGLISH.value),
        ]
    )
    async def ask(
        self,
        interaction: discord.Interaction[CoalitionBot],
        question: str,
        language: str | None = None,
        private: bool = False,
    ) -> None:
        """Answer `/ask`."""
        chosen = None if language is None else Language(language)
        await self._replying.answer_interaction(
            interaction, question, chosen, Surface.COMMAND, private=private
        )

    @ask.autocomplete("question")
    async def suggest(
        self, interaction: discord.Interaction[CoalitionBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer curated questions while a member types."""
        chosen = interaction.namespace.language
        language = (await self.bot.localiser.phrases_for(interaction)).language
        if chosen in {each.value for each in Language}:
            language = Language(chosen)
        offered = await self.bot.answerer.suggest(
            interaction.guild_id, typed, language, MOST_CHOICES
        )
        return [app_commands.Choice(name=each.question, value=each.question) for each in offered]

    @app_commands.command(
        name=phrase("command.language.name"), description=phrase("command.language.description")
    )
    @app_commands.describe(language=phrase("command.language.language"))
    @named_options("language")
    @app_commands.choices(
        language=[
            app_commands.Choice(name=phrase("command.ask.french"), value=Language.FRENCH.value),
            app_commands.Choice(name=phrase("command.ask.english"), value=Language.ENGLISH.value),
            app_commands.Choice(name=phrase("command.language.discord"), value=_AS_IN_DISCORD),
        ]
    )
    async def language(self, interaction: discord.Interaction[CoalitionBot], language: str) -> None:
        """Keep the language in which a member wishes to be answered."""
        chosen = None if language == _AS_IN_DISCORD else Language(language)
        await in_time(interaction, self.bot.languages.choose(interaction.user.id, chosen))
        phrases = (
            self.bot.localiser.phrases(interaction.locale)
            if chosen is None
            else self.bot.localiser.books[chosen]
        )
        said = phrases("language.as_in_discord" if chosen is None else "language.chosen")
        await reply_privately(interaction, said)

    @app_commands.command(
        name=phrase("command.help.name"), description=phrase("command.help.description")
    )
    async def help(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Say how to ask."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        text = await help_text(interaction, phrases)
        await reply_privately(interaction, text)

    async def find_passage(
        self, interaction: discord.Interaction[CoalitionBot], message: discord.Message
    ) -> None:
        """Answer somebody's message, for whoever asked it to be."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        text = without_mentions(message.content)
        if not text and message.attachments:
            await reply_privately(interaction, phrases("problem.attachment_only"))
        else:
            await self._replying.answer_interaction(
                interaction, text, None, Surface.MESSAGE_COMMAND, private=True
            )
