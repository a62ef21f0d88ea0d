"""What members think of answers, and what they were looking for."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Any

import discord
from discord import ui

from bot.client.client import CoalitionBot
from bot.cogs.members.replying import may_ask_moderators
from bot.components.answer_buttons import AskModerators, Helpful, NotHelpful, SayWhatWasSought
from bot.components.cards import COLOURS, Card
from bot.components.modals import FORGOTTEN, Submission
from bot.components.sending import in_time, reply_privately, sent
from bot.locales import Phrasebook
from bot.storage import Opinion
from index import Outcome

LONGEST_SOUGHT = 500
_VOICE = 32
"""Hexadecimal digits of what stands for a member and an answer together."""
_SOUGHT = re.compile(r"sought:(?P<passage>[0-9a-f]{16})(?::(?P<question>[\w-]{16}))?")
_INPUT = "sought"


class Opinions:
    """Takes opinions; what moderators do about a wrong answer is theirs."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot
        bot.presses.on(Helpful, self.thank)
        bot.presses.on(SayWhatWasSought, self.ask_what_was_sought)
        bot.modals.on(_SOUGHT, self._take_sought)

    async def thank(self, button: Helpful, interaction: discord.Interaction[Any]) -> None:
        """Keep that an answer helped."""
        opinion = Opinion(button.fields["question"], button.fields["passage"], helpful=True)
        await self._keep(interaction, opinion)
        phrases = await self.bot.localiser.phrases_for(interaction)
        await reply_privately(interaction, phrases("opinion.thanks"))

    async def ask_what_was_sought(
        self, button: NotHelpful | SayWhatWasSought, interaction: discord.Interaction[Any]
    ) -> None:
        """Ask, in a modal, what a member sought."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        modal = _Sought(button.fields["passage"], button.fields["question"], phrases)
        await interaction.response.send_modal(modal)

    async def _take_sought(
        self, sent_in: Submission, interaction: discord.Interaction[Any]
    ) -> None:
        passage, question = sent_in.match["passage"], sent_in.match["question"]
        sought = sent_in.typed(_INPUT).strip()
        await self._keep(interaction, Opinion(question, passage, helpful=False, sought=sought))
        phrases = await self.bot.localiser.phrases_for(interaction)
        if question is None or not await may_ask_moderators(self.bot, interaction.guild):
            await reply_privately(interaction, phrases("opinion.thanks"))
            return
        asking = AskModerators.of(question, interaction.user.id, phrases)
        said = phrases("opinion.thanks_and_ask")
        card = Card(COLOURS[Outcome.NONE], ui.TextDisplay(said), ui.ActionRow(asking))
        await sent(interaction, card, private=True)

    async def _keep(self, interaction: discord.Interaction[Any], opinion: Opinion) -> None:
        # What is said in direct messages is not kept.
        if interaction.guild_id is not None:
            member = interaction.user.id
            await in_time(interaction, self._add(interaction.guild_id, member, opinion))

    async def _add(self, guild: int, member: int, opinion: Opinion) -> None:
        """Keep an opinion, in place of the one that the member had of the same answer."""
        questions = await self.bot.recorder.questions(guild)
        await questions.add_opinion(opinion, voice=self._voice(guild, member, opinion))

    def _voice(self, guild: int, member: int, opinion: Opinion) -> str:
        """What stands for a member and an answer together.

        It takes the bot's token, which the storage does not have, to try which member it is.
        """
        about = f"{guild}:{opinion.question}:{opinion.passage}:{member}"
        key = (self.bot.http.token or "").encode()
        return hmac.digest(key, about.encode(), hashlib.sha256).hex()[:_VOICE]


class _Sought(ui.Modal):
    """Asks what a member sought."""

    def __init__(self, passage: str, question: str | None, phrases: Phrasebook) -> None:
        kept = "" if question is None else f":{question}"
        super().__init__(
            title=phrases("opinion.title"), custom_id=f"sought:{passage}{kept}", timeout=FORGOTTEN
        )
        sought: ui.TextInput[Any] = ui.TextInput(
            custom_id=_INPUT,
            style=discord.TextStyle.paragraph,
            required=False,
            max_length=LONGEST_SOUGHT,
        )
        self.add_item(ui.Label(text=phrases("opinion.label"), component=sought))
