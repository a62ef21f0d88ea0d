"""What members do: ask with a command, or by mentioning the bot."""

from __future__ import annotations

import re

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import Audience, Card, notice_card
from bot.client import CoalitionBot
from bot.errors import BusyError, QuestionError, QuestionProblem
from bot.translator import language_of, phrase
from bot.words import question_problem
from knowledge import Language


class Members(commands.Cog):
    """Asking."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot

    @app_commands.command(name="ask", description=phrase("command.ask.description"))
    @app_commands.describe(
        question=phrase("command.ask.question"),
        language=phrase("command.ask.language"),
        private=phrase("command.ask.private"),
    )
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
        await self.bot.answer_interaction(interaction, question, chosen, private=private)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that mentions the bot."""
        me = self.bot.user
        if me is None or message.author.bot or message.webhook_id is not None:
            return
        mention = re.compile(rf"<@!?{me.id}>")
        if mention.search(message.content) is None:
            return
        card = await self._card(message, mention.sub(" ", message.content))
        await message.reply(view=card, mention_author=False)

    async def _card(self, message: discord.Message, text: str) -> Card:
        guild_language = _guild_language(message.guild)
        default = guild_language or self.bot.config.discord.language
        phrases = self.bot.books[default]
        try:
            answer = await self.bot.answer(text, default)
        except QuestionError as error:
            if error.problem is QuestionProblem.EMPTY and self.bot.user is not None:
                return notice_card(
                    phrases(
                        "problem.no_question",
                        mention=self.bot.user.mention,
                        example=phrases("card.example"),
                    )
                )
            return notice_card(question_problem(error, phrases))
        except BusyError:
            return notice_card(phrases("problem.busy"))
        except Exception as error:  # noqa: BLE001 - the member must be told, whatever it was
            return notice_card(phrases("problem.failed", reference=self.bot.report(error)))
        return self.bot.card(
            answer,
            self.bot.books[guild_language or answer.detected.language],
            Audience(message.author.id, private=False),
        )


def _guild_language(guild: discord.Guild | None) -> Language | None:
    """The language that a server chose; only a community server chooses one."""
    if guild is None or "COMMUNITY" not in guild.features:
        return None
    return language_of(guild.preferred_locale)


async def setup(bot: CoalitionBot) -> None:
    """Add the cog; discord.py calls this."""
    await bot.add_cog(Members(bot))
