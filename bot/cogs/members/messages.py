"""What members do with messages: mention the bot, reply to it, write to it."""

from __future__ import annotations

import contextlib
import logging
from collections import OrderedDict
from dataclasses import dataclass, replace

import discord
from discord.ext import commands

from bot.answering.rate_limit import Asker
from bot.answering.wording import not_open, refusal, without_mentions
from bot.client.client import CoalitionBot
from bot.cogs.members.replying import Reply, Replying
from bot.components.cards import Card, notice_card
from bot.errors import BusyError, QuestionError, QuestionProblem, RateLimitError
from bot.guilds.recording import Origin
from bot.guilds.settings import is_open
from bot.locales import Phrasebook
from bot.storage import Surface
from bot.telemetry.tracing import Stage, request_id, stage

log = logging.getLogger(__name__)


_MOST_SENT = 500
"""Answers that still follow when their question is edited."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was answered to a message.

    Attributes:
        asked: What the message said.
        answer: The answer's message.
    """

    asked: str
    answer: int


class Messages(commands.Cog):
    """Asking with a message."""

    def __init__(self, bot: CoalitionBot, replying: Replying) -> None:
        self.bot = bot
        self._replying = replying
        # By the message that asked, the latest last.
        self._sent: OrderedDict[int, _Sent] = OrderedDict()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a direct message, or one that mentions the bot or replies to it."""
        if not is_from_a_member(message):
            return
        if message.guild is not None and not mentions(message, self.bot.user):
            return
        # From here on the bot waits for it before it stops, also where it only says so.
        self.bot.admission.enter()
        settings = await self.bot.settings.of(None if message.guild is None else message.guild.id)
        if not is_open(settings, message.channel):
            phrases = await self._phrases(message)
            await _tell(message.author, not_open(settings, phrases))
            return
        with self.bot.watch.asking(Surface.MENTION, message.id):
            try:
                reply = await self._answer(message)
            except (BusyError, RateLimitError) as error:
                reply = Reply(notice_card(refusal(error, await self._phrases(message))))
            with stage(Stage.SEND):
                sent = await self._send(message, reply.card)
        if sent is not None:
            self._keep(message, sent.id)
        if reply.question is not None:
            url = None if sent is None else sent.jump_url
            self.bot.recorder.record(replace(reply.question, url=url))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer a question anew, in place, that was edited soon after it was asked."""
        message = payload.message
        known = self._sent.get(message.id)
        # Discord tells in the same way of what it adds itself, such as a link's picture.
        if known is None or known.asked == message.content:
            return
        if message.guild is not None and not mentions(message, self.bot.user):
            return
        if not self.bot.admission.enter():
            return
        self._keep(message, known.answer)
        try:
            with self.bot.watch.asking(Surface.MENTION, message.id):
                reply = await self._answer(message)
        except (BusyError, RateLimitError):
            # The answer that stands there says which question it answers.
            return
        answer = self.bot.get_partial_messageable(message.channel.id).get_partial_message(
            known.answer
        )
        with contextlib.suppress(discord.NotFound):
            await answer.edit(view=reply.card, allowed_mentions=discord.AllowedMentions.none())
        if reply.question is not None:
            self.bot.recorder.record(replace(reply.question, url=answer.jump_url))

    def _keep(self, message: discord.Message, answer: int) -> None:
        self._sent[message.id] = _Sent(message.content, answer)
        if len(self._sent) > _MOST_SENT:
            self._sent.popitem(last=False)

    async def _answer(self, message: discord.Message) -> Reply:
        """What is said to a message.

        Raises:
            BusyError: Too many questions wait.
            RateLimitError: It is not the member's turn.
        """
        chosen = await self.bot.languages.of(message.author.id)
        frame = chosen or await self.bot.localiser.guild_language(message.guild)
        default = frame or self.bot.config.discord.language
        phrases = self.bot.localiser.books[default]
        if not self.bot.admission.enter():
            return Reply(notice_card(phrases("problem.stopping")))
        text = without_mentions(message.content)
        replied = _replied_to(message)
        if not text and replied is not None and replied.author != self.bot.user:
            text = without_mentions(replied.content)
            if not text:
                # Discord hides what did not mention the bot, except from a command.
                return Reply(
                    notice_card(phrases("problem.hidden", command=phrases("command.find.name")))
                )
        asker = asker_of(message)
        origin = Origin(asker.guild, message.channel.id, Surface.MENTION)
        try:
            answer = await self.bot.answerer.answer(asker, text, frame, chosen, message.channel.id)
        except QuestionError as error:
            return Reply(notice_card(self._problem(error, message, phrases)))
        except (BusyError, RateLimitError):
            raise
        except Exception as error:  # noqa: BLE001 - the member must be told, whatever it was
            reference = self.bot.failures.report(error, request_id(message.id))
            return Reply(notice_card(phrases("problem.failed", reference=reference)))
        phrases = self.bot.localiser.books[frame or answer.detected.language]
        return await self._replying.reply(asker, origin, answer, phrases, private=False)

    def _problem(
        self,
        error: QuestionError,
        message: discord.Message,
        phrases: Phrasebook,
    ) -> str:
        if error.problem is not QuestionProblem.EMPTY or self.bot.user is None:
            return refusal(error, phrases)
        if message.attachments:
            return phrases("problem.attachment_only")
        return phrases(
            "problem.no_question",
            mention=self.bot.user.mention,
            example=phrases("card.example"),
        )

    async def _send(self, message: discord.Message, card: Card) -> discord.Message | None:
        """Send a card in reply; where that is not allowed, tell the member why."""
        # What was asked may be deleted by now; the answer comes all the same.
        reference = message.to_reference(fail_if_not_exists=False)
        try:
            return await message.channel.send(view=card, reference=reference, mention_author=False)
        except discord.NotFound:
            log.debug("The channel is gone.")
        except discord.HTTPException as error:
            # 403: not allowed there; 50083: the thread is archived.
            if error.status != 403 and error.code != 50083:  # noqa: PLR2004
                raise
            await self._say_what_is_missing(message)
        return None

    async def _say_what_is_missing(self, message: discord.Message) -> None:
        guild, channel = message.guild, message.channel
        if guild is None or isinstance(channel, (discord.DMChannel, discord.GroupChannel)):
            return
        phrases = await self._phrases(message)
        allowed = channel.permissions_for(guild.me)
        thread = isinstance(channel, discord.Thread)
        sending = "send_messages_in_threads" if thread else "send_messages"
        needed = ("view_channel", sending, "read_message_history")
        missing = [phrases(f"permission.{name}") for name in needed if not getattr(allowed, name)]
        text = (
            phrases("problem.not_allowed", channel=channel.mention, missing=", ".join(missing))
            if missing
            else phrases("problem.closed", channel=channel.mention)
        )
        await _tell(message.author, text)

    async def _phrases(self, message: discord.Message) -> Phrasebook:
        """The phrases of what is said about a message to who wrote it."""
        chosen = await self.bot.languages.of(message.author.id)
        language = chosen or await self.bot.localiser.guild_language(message.guild)
        return self.bot.localiser.books[language or self.bot.config.discord.language]


def is_from_a_member(message: discord.Message) -> bool:
    """Whether a person wrote a message: no bot, no webhook, and not Discord itself."""
    written = message.type in {discord.MessageType.default, discord.MessageType.reply}
    return written and not message.author.bot and message.webhook_id is None


def mentions(message: discord.Message, who: discord.ClientUser | None) -> bool:
    """Whether a message mentions somebody, or pings them with a reply."""
    return who is not None and any(each.id == who.id for each in message.mentions)


def asker_of(message: discord.Message) -> Asker:
    """Who wrote a message, and where."""
    return Asker(message.author.id, None if message.guild is None else message.guild.id)


async def _tell(member: discord.User | discord.Member, text: str) -> None:
    """Say one thing to a member in a direct message, where the member takes those."""
    try:
        await member.send(view=notice_card(text))
    except discord.HTTPException:
        log.debug("The member takes no direct messages.")


def _replied_to(message: discord.Message) -> discord.Message | None:
    resolved = None if message.reference is None else message.reference.resolved
    return resolved if isinstance(resolved, discord.Message) else None
