"""What the bot answers by itself, in channels that moderators opened for that."""

from __future__ import annotations

import logging
from dataclasses import replace

import discord
from discord.ext import commands

from bot.answering.wording import without_mentions
from bot.client.client import CoalitionBot
from bot.cogs.members.messages import asker_of, is_from_a_member, mentions
from bot.cogs.members.replying import Replying
from bot.errors import BusyError, QuestionError, RateLimitError
from bot.guilds.recording import Origin
from bot.storage import Surface
from bot.telemetry.tracing import Stage, stage
from index import Outcome
from index.ranking.question_detection import is_question

log = logging.getLogger(__name__)


class Channels(commands.Cog):
    """Answering what nobody put to the bot; where it is not sure, it keeps silent."""

    def __init__(self, bot: CoalitionBot, replying: Replying) -> None:
        self.bot = bot
        self._replying = replying

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a question, or the first message of a forum post."""
        if message.guild is None or not is_from_a_member(message):
            return
        # Where the bot is mentioned it answers in any case.
        if mentions(message, self.bot.user):
            return
        text = self._asked(message)
        if text is None or not await self._is_open(message) or not self.bot.admission.enter():
            return
        with self.bot.watch.asking(Surface.CHANNEL, message.id):
            await self._answer(message, text)

    async def _answer(self, message: discord.Message, text: str) -> None:
        chosen = await self.bot.languages.of(message.author.id)
        frame = chosen or await self.bot.localiser.guild_language(message.guild)
        asker = asker_of(message)
        origin = Origin(asker.guild, message.channel.id, Surface.CHANNEL)
        try:
            answer = await self.bot.answerer.answer(asker, text, frame, chosen, message.channel.id)
        except (QuestionError, BusyError, RateLimitError):
            return
        if answer.outcome is not Outcome.ANSWER:
            return
        phrases = self.bot.localiser.books[frame or answer.detected.language]
        reply = await self._replying.reply(asker, origin, answer, phrases, private=False)
        reference = message.to_reference(fail_if_not_exists=False)
        try:
            with stage(Stage.SEND):
                sent = await message.channel.send(
                    view=reply.card, reference=reference, mention_author=False
                )
        except discord.HTTPException as error:
            log.debug("An answer that nobody asked for could not be sent: %s", error.code)
            return
        self._replying.sent.keep(message, sent.id)
        if reply.question is not None:
            self.bot.recorder.record(replace(reply.question, url=sent.jump_url))

    def _asked(self, message: discord.Message) -> str | None:
        """What a message asks, if it does.

        The title of a forum post is its question, or else the beginning of it.
        """
        text = without_mentions(message.content)
        if isinstance(message.channel, discord.Thread):
            # A thread has the id of its first message in forums alone.
            if message.id != message.channel.id:
                return None
            title = message.channel.name
            whole = f"{title}. {text}"
            fits = len(whole) <= self.bot.config.questions.longest
            return whole if fits and not is_question(title) else title
        return text if is_question(text) else None

    async def _is_open(self, message: discord.Message) -> bool:
        """Whether moderators opened the channel, or the forum, for answers by itself."""
        channel = message.channel
        opened = channel.parent_id if isinstance(channel, discord.Thread) else channel.id
        guild = None if message.guild is None else message.guild.id
        return opened in (await self.bot.settings.of(guild)).auto_channels
