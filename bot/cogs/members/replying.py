"""From a member's question to the card that answers it, and what is kept of it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.answering.answers import Answer
from bot.answering.rate_limit import Asker
from bot.answering.suggestions import Suggestion
from bot.answering.wording import refusal
from bot.client.client import CoalitionBot
from bot.client.permissions import moderators_channel
from bot.client.translator import language_of
from bot.cogs.members.sent import SentAnswers
from bot.components.answer_cards import Audience, answer_card
from bot.components.cards import Card
from bot.components.channels import with_channels
from bot.components.sending import in_time, reply_privately, sent
from bot.errors import BusyError, QuestionError, RateLimitError
from bot.guilds.recording import Origin, question_to_keep
from bot.guilds.settings import is_open
from bot.locales import Phrasebook
from bot.storage import AskedQuestion, Surface
from bot.telemetry.tracing import Stage, stage
from index import Outcome
from knowledge import Language

_OFFERED = 3
"""Questions that are offered where nothing fits."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent, and what is kept of the question once it is.

    Attributes:
        card: The message.
        question: What is kept; None where nothing is.
    """

    card: Card
    question: AskedQuestion | None = None


class Replying:
    """Answers members' questions with cards.

    Attributes:
        sent: The answers to messages, which follow these.
    """

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot
        self.sent = SentAnswers()

    async def reply(
        self, asker: Asker, origin: Origin, answer: Answer, phrases: Phrasebook, *, private: bool
    ) -> Reply:
        """The card for an answer, with questions to ask instead where nothing fits."""
        phrases = await self.bot.localiser.calling(phrases, origin.guild)
        suggestions: tuple[Suggestion, ...] = ()
        if answer.outcome is Outcome.NONE and answer.result.small_talk is None:
            known = (await self.bot.answerer.of(asker.guild)).suggestions
            with contextlib.suppress(BusyError):
                suggestions = await self.bot.worker.run_for(
                    asker.queue,
                    known.nearest,
                    answer.question,
                    answer.result.embedding,
                    phrases.language,
                    _OFFERED,
                )
        encoder = self.bot.knowledge.index.encoder.name
        question = question_to_keep(answer, origin, encoder)
        audience = Audience(asker.member, private, None if question is None else question.id)
        guild = None if origin.guild is None else self.bot.get_guild(origin.guild)
        ask = await may_ask_moderators(self.bot, guild)
        with stage(Stage.RENDER):
            card = answer_card(answer, phrases, audience, suggestions, ask_moderators=ask)
        return Reply(with_channels(card, guild), question)

    async def answer_interaction(
        self,
        interaction: discord.Interaction[Any],
        text: str,
        language: Language | None,
        surface: Surface,
        *,
        private: bool,
    ) -> None:
        """Answer a question that came as an interaction, with a card, and keep the question.

        Where the bot is not open to everybody, only who asked sees the answer.
        """
        with self.bot.watch.asking(surface, interaction.id):
            await self._answer_interaction(interaction, text, language, surface, private=private)

    async def _answer_interaction(
        self,
        interaction: discord.Interaction[Any],
        text: str,
        language: Language | None,
        surface: Surface,
        *,
        private: bool,
    ) -> None:
        settings = await self.bot.settings.of(interaction.guild_id)
        private = private or not is_open(settings, interaction.channel)
        chosen = await self.bot.languages.of(interaction.user.id)
        phrases = self.bot.localiser.phrases(interaction.locale, chosen)
        frame = phrases if private else await self.bot.localiser.public_phrases(interaction)
        asker = Asker(interaction.user.id, interaction.guild_id)
        home = self.bot.home(interaction.guild_id)
        origin = Origin(home, interaction.channel_id or 0, surface)

        async def answered() -> Reply:
            spoken = chosen or language_of(interaction.locale)
            spoken = spoken or await self.bot.localiser.guild_language(interaction.guild)
            answer = await self.bot.answerer.answer(
                asker, text, spoken, language or chosen, interaction.channel_id
            )
            return await self.reply(asker, origin, answer, frame, private=private)

        try:
            reply = await in_time(interaction, answered(), private=private)
        except (QuestionError, BusyError, RateLimitError) as error:
            await reply_privately(interaction, refusal(error, phrases))
        else:
            url = await sent(interaction, reply.card, private=private)
            if reply.question is not None:
                self.bot.recorder.record(replace(reply.question, url=None if private else url))


async def may_ask_moderators(bot: CoalitionBot, guild: discord.Guild | None) -> bool:
    """Whether questions can be handed to the moderators of a server that the bot is in."""
    return await moderators_channel(bot.settings, guild) is not None
