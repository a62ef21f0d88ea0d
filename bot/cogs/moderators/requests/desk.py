"""Questions that members hand to the moderators, and how these answer them.

A request is posted to the moderators' channel with its buttons. Whoever waits is told in a
direct message how it ended.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.answering.answers import Found
from bot.answering.questions import folded_question
from bot.answering.wording import refusal
from bot.cogs.access import ModeratorButton, admit_moderator, guild_of
from bot.cogs.moderators.documents.writing import ForRequest
from bot.components.answer_buttons import PLACE, KeptButton, Place
from bot.components.cards import (
    COLOURS,
    LONGEST_ECHO,
    Card,
    notice_card,
    passage_card,
    quote_markdown,
    source_markdown,
)
from bot.components.markup import in_short
from bot.components.modals import FORGOTTEN, submission
from bot.components.sending import in_time
from bot.errors import BusyError, QuestionError
from bot.locales import Phrasebook
from bot.storage import Progress, Request, Requests
from index import Outcome

if TYPE_CHECKING:
    from bot.client.client import CoalitionBot

MOST_WAITING = 3
"""Questions of one member that may wait for the moderators at a time."""
_OFFERED = 5
_ROOM = 600
"""Characters of each passage that is offered."""
_LONGEST_WORDS = 300
_INPUT = "words"
_NUMBER = r"(?P<number>\d{1,15})"
_WORDS = re.compile(rf"request:{_NUMBER}:(?P<message>\d{{1,20}})")


class FindPassage(ModeratorButton, template=rf"request:find:{_NUMBER}"):
    """Asks a moderator for the words by which to look for a passage."""

    @classmethod
    def of(cls, request: Request, phrases: Phrasebook) -> Self:
        """The button under a request."""
        return cls(phrases("request.find"), f"request:find:{request.id}")

    async def act(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Ask for the words."""
        await bot.desk.ask_for_words(interaction, int(self.fields["number"]))


class AddForRequest(ModeratorButton, template=rf"request:add:{_NUMBER}"):
    """Lets a moderator write a document that answers a request."""

    @classmethod
    def of(cls, request: Request, phrases: Phrasebook) -> Self:
        """The button under a request."""
        return cls(phrases("filling.add"), f"request:add:{request.id}")

    async def act(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Open the window."""
        await bot.desk.ask_for_document(interaction, int(self.fields["number"]))


class SettleRequest(ModeratorButton, template=rf"request:(?P<how>off_subject|done):{_NUMBER}"):
    """Ends a request without a passage."""

    @classmethod
    def of(cls, how: Progress, request: Request, phrases: Phrasebook) -> Self:
        """The button under a request."""
        return cls(phrases(f"request.{how}"), f"request:{how}:{request.id}")

    async def act(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """End it, and tell who waits."""
        message = 0 if interaction.message is None else interaction.message.id
        how = Progress(self.fields["how"])
        await bot.desk.settle(interaction, int(self.fields["number"]), message, how)


class ChoosePassage(
    ModeratorButton,
    template=rf"request:choose:{_NUMBER}:(?P<message>\d{{1,20}}):(?P<place>{PLACE})",
):
    """Answers a request with a passage, which its question has from then on."""

    @classmethod
    def of(cls, request: int, message: int, found: Found, phrases: Phrasebook) -> Self:
        """The button beside a passage that is offered."""
        place = Place.of(found)
        return cls(phrases("request.choose"), f"request:choose:{request}:{message}:{place}")

    async def act(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Pin the passage, and send it to who waits."""
        number, message = int(self.fields["number"]), int(self.fields["message"])
        await bot.desk.settle(interaction, number, message, Progress.PINNED, self.place)


REQUEST_BUTTONS: tuple[type[KeptButton], ...] = (
    FindPassage,
    AddForRequest,
    SettleRequest,
    ChoosePassage,
)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a request ends.

    Attributes:
        said: Which words say so: `pinned`, `added`, `off_subject` or `done`.
        how: What is noted about its question.
        by: The moderator who ends it.
        place: The passage that answers it, where one does.
    """

    said: str
    how: Progress
    by: int
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A request that has ended.

    Attributes:
        request: The request as it was.
        told: Whether who waited could be told.
    """

    request: Request
    told: bool


class Desk:
    """Takes requests, and sees to it that whoever waits is told."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot

    async def channel(self, guild: discord.Guild | None) -> discord.TextChannel | None:
        """The moderators' channel, if the server has one in which the bot may write."""
        if guild is None:
            return None
        chosen = (await self.bot.settings.of(guild.id)).moderators_channel
        channel = None if chosen is None else guild.get_channel(chosen)
        if not isinstance(channel, discord.TextChannel):
            return None
        allowed = channel.permissions_for(guild.me)
        return channel if allowed.view_channel and allowed.send_messages else None

    async def hand_over(self, interaction: discord.Interaction[Any], question: str) -> None:
        """Post the question that is kept under an id to the moderators."""
        phrases = await self.bot.phrases_for(interaction)
        guild, member = interaction.guild, interaction.user.id
        channel = await self.channel(guild)
        if guild is None or channel is None:
            await self.bot.reply_privately(interaction, phrases("request.no_channel"))
            return
        handing_over = self._handed_over(guild, channel, member, question)
        said = await in_time(interaction, handing_over)
        await self.bot.reply_privately(interaction, phrases(said, count=MOST_WAITING))

    async def _handed_over(
        self, guild: discord.Guild, channel: discord.TextChannel, member: int, question: str
    ) -> str:
        """Post a question; returns which phrase tells the member what became of it."""
        asked = await (await self.bot.questions(guild.id)).get(question)
        if asked is None:
            return "request.forgotten"
        storage = self.bot.storage.guild(guild.id)
        own = [each for each in await storage.requests.waiting() if each.member == member]
        if folded_question(asked.text) in {folded_question(each.text) for each in own}:
            return "request.known"
        if len(own) >= MOST_WAITING:
            return "request.too_many"
        request = await storage.requests.add(
            member=member,
            text=asked.text,
            language=asked.language,
            channel=asked.channel,
            question=asked.id,
            url=asked.url,
        )
        await channel.send(view=request_card(request, await self.bot.guild_phrases(guild)))
        return "request.handed_over"

    async def ask_for_words(self, interaction: discord.Interaction[Any], number: int) -> None:
        """Ask a moderator, in a modal, by which words to look for a passage."""
        request = await self._waiting(interaction, number)
        if request is not None and interaction.message is not None:
            phrases = await self.bot.phrases_for(interaction)
            modal = _Words(request, interaction.message.id, phrases)
            await interaction.response.send_modal(modal)

    async def ask_for_document(self, interaction: discord.Interaction[Any], number: int) -> None:
        """Let a moderator write, in a modal, a document that answers a request."""
        request = await self._waiting(interaction, number)
        if request is not None and interaction.message is not None:
            occasion = ForRequest(number, interaction.message.id)
            await self.bot.library.writer.open_for(interaction, occasion, request.text)

    async def _waiting(self, interaction: discord.Interaction[Any], number: int) -> Request | None:
        """A request that is not answered; None where it is, which the moderator is told."""
        request = await self._requests(interaction).get(number)
        if request is None or request.answered:
            phrases = await self.bot.phrases_for(interaction)
            await self.bot.reply_privately(interaction, phrases("request.settled"))
            return None
        return request

    async def take_words(self, interaction: discord.Interaction[Any]) -> None:
        """Offer the passages for the words that a moderator typed into that modal."""
        sent_in = submission(interaction, _WORDS)
        if sent_in is not None and await admit_moderator(self.bot, interaction):
            number, message = int(sent_in.match["number"]), int(sent_in.match["message"])
            await self._offer(interaction, number, message, sent_in.typed(_INPUT))

    async def _offer(
        self, interaction: discord.Interaction[Any], number: int, message: int, words: str
    ) -> None:
        phrases = await self.bot.phrases_for(interaction)
        try:
            known = await self.bot.known(interaction.guild_id)
            answer = await self.bot.worker.run_for(
                interaction.guild_id, known.answerer.answer, words, phrases.language
            )
        except (QuestionError, BusyError) as error:
            await self.bot.reply_privately(interaction, refusal(error, phrases))
            return
        # They are offered however little they fit: a moderator judges.
        offered = [
            Found.of(each.located, phrases.language, each.telling)
            for each in answer.result.matches[:_OFFERED]
        ]
        card = offered_card(number, message, offered, phrases)
        await interaction.response.send_message(view=card, ephemeral=True)

    async def settle(
        self,
        interaction: discord.Interaction[Any],
        number: int,
        message: int,
        how: Progress,
        place: Place | None = None,
    ) -> None:
        """End a request, tell who waits, and say in the moderators' channel how it ended.

        Args:
            interaction: What a moderator pressed.
            number: The request.
            message: Its post in the moderators' channel.
            how: What was done about it.
            place: The passage that answers it, where one does.
        """
        phrases = await self.bot.phrases_for(interaction)
        index = (await self.bot.known(interaction.guild_id)).answerer.index
        if place is not None and index.passage(place.passage) is None:
            await self.bot.reply_privately(interaction, phrases("problem.gone"))
            return
        ending = Ending(how.value, how, interaction.user.id, place)
        ended = await in_time(interaction, self.end(guild_of(interaction), number, ending))
        if ended is None:
            await self.bot.reply_privately(interaction, phrases("request.settled"))
            return
        await self.bot.reply_privately(
            interaction, phrases("request.told" if ended.told else "request.not_told")
        )
        await self.close_post(interaction, message, ended.request, ending)

    async def end(self, guild: int, number: int, ending: Ending) -> Ended | None:
        """End a request and tell who waits; None where it is not waiting."""
        storage, by, place = self.bot.storage.guild(guild), ending.by, ending.place
        request = await storage.requests.answer(number, by=by)
        if request is None:
            return None
        if ending.how is Progress.PINNED and place is not None:
            await self.bot.pins.pin(guild, request.text, request.language, place.passage, by=by)
        if request.question is not None:
            await storage.questions.settle([request.question], ending.how, by=by)
        return Ended(request, await self._tell(guild, request, ending))

    async def close_post(
        self,
        interaction: discord.Interaction[Any],
        message: int,
        request: Request,
        ending: Ending,
    ) -> None:
        """Say in the moderators' channel, under the request, how it ended."""
        post = self.bot.get_partial_messageable(interaction.channel_id or 0)
        card = request_card(request, await self.bot.guild_phrases(interaction.guild), ending)
        # Somebody may have deleted the post.
        with contextlib.suppress(discord.NotFound):
            await post.get_partial_message(message).edit(
                view=card, allowed_mentions=discord.AllowedMentions.none()
            )

    async def _tell(self, guild: int, request: Request, ending: Ending) -> bool:
        """Tell who waits; returns whether that was possible."""
        if request.member is None:
            return False
        language = await self.bot.languages.of(request.member) or request.language
        phrases = self.bot.books[language]
        question = in_short(request.text, LONGEST_ECHO)
        head = f"**{question}**\n-# {phrases(f'request.ended_{ending.said}')}"
        found, place = None, ending.place
        if place is not None:
            answerer = (await self.bot.known(guild)).answerer
            found = answerer.passage(place.passage, language, place.sentence)
        card = notice_card(head) if found is None else passage_card(found, phrases, head)
        try:
            private = await self.bot.create_dm(discord.Object(request.member))
            await private.send(view=card)
        except discord.HTTPException:
            return False
        return True

    def _requests(self, interaction: discord.Interaction[Any]) -> Requests:
        return self.bot.storage.guild(guild_of(interaction)).requests


def request_card(request: Request, phrases: Phrasebook, ending: Ending | None = None) -> Card:
    """The post in the moderators' channel.

    Args:
        request: The request.
        phrases: In the language of the server.
        ending: How it ended, if it has.
    """
    question = in_short(request.text, LONGEST_ECHO)
    lines = [f"**{question}**", f"-# {phrases('request.posted', channel=f'<#{request.channel}>')}"]
    if ending is not None:
        marked = phrases(f"request.marked_{ending.said}", moderator=f"<@{ending.by}>")
        lines.append(f"-# {marked}")
        return Card(COLOURS[Outcome.NONE], ui.TextDisplay("\n".join(lines)))
    row: list[ui.Item[Any]] = [
        FindPassage.of(request, phrases),
        AddForRequest.of(request, phrases),
        SettleRequest.of(Progress.OFF_SUBJECT, request, phrases),
        SettleRequest.of(Progress.DONE, request, phrases),
    ]
    if request.url is not None:
        row.append(ui.Button(label=phrases("request.jump"), url=request.url))
    return Card(COLOURS[Outcome.CLOSEST], ui.TextDisplay("\n".join(lines)), ui.ActionRow(*row))


def offered_card(request: int, message: int, offered: Sequence[Found], phrases: Phrasebook) -> Card:
    """The passages that a moderator may choose from; `message` is the request's post."""
    title = phrases("request.offered" if offered else "topics.none")
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"**{title}**")]
    for found in offered:
        quoted = quote_markdown(found.quote, _ROOM)
        about = source_markdown(found.quote, phrases)
        button = ChoosePassage.of(request, message, found, phrases)
        section: ui.Section[Any] = ui.Section(
            ui.TextDisplay(quoted), ui.TextDisplay(about), accessory=button
        )
        items.append(section)
    return Card(COLOURS[Outcome.CLOSEST], *items)


class _Words(ui.Modal):
    """Asks for words; `Desk.take_words` reads it."""

    def __init__(self, request: Request, message: int, phrases: Phrasebook) -> None:
        super().__init__(
            title=phrases("request.words_title"),
            custom_id=f"request:{request.id}:{message}",
            timeout=FORGOTTEN,
        )
        words: ui.TextInput[Any] = ui.TextInput(
            custom_id=_INPUT, default=request.text[:_LONGEST_WORDS], max_length=_LONGEST_WORDS
        )
        self.add_item(ui.Label(text=phrases("request.words_label"), component=words))
