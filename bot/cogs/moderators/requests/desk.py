"""Questions that members hand to the moderators, and how these answer them.

A request is posted to the moderators' channel with its buttons. Whoever waits is told in a
direct message how it ended.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import discord
from discord import ui

from bot.answering.answers import Found
from bot.answering.wording import refusal
from bot.client.client import CoalitionBot
from bot.client.permissions import moderators_channel
from bot.cogs.access import for_moderators, guild_of
from bot.cogs.moderators.documents.follow_ups import (
    FollowUp,
    Occasion,
    answered,
    place_in,
    unanswered,
)
from bot.cogs.moderators.documents.writing import Writer
from bot.cogs.moderators.requests.panel import (
    INPUT,
    REPLY,
    WORDS,
    AddForRequest,
    ChoosePassage,
    Ending,
    FindPassage,
    KeepReply,
    ReplyInOwnWords,
    ReplyWindow,
    SettleRequest,
    WordsWindow,
    offered_card,
    reply_in,
    reply_items,
    request_card,
)
from bot.cogs.moderators.requests.posting import RequestPoster
from bot.components.answer_buttons import AskModerators
from bot.components.answer_cards import passage_card
from bot.components.cards import COLOURS, LONGEST_ECHO, Card, notice_card
from bot.components.markup import escaped, in_short
from bot.components.modals import Submission
from bot.components.sending import in_time, reply_privately, sent
from bot.components.standing import Standing
from bot.errors import BusyError, QuestionError
from bot.locales import Phrasebook
from bot.storage import Request, Requests, Resolution
from bot.storage.same_question import folded_question
from index import Outcome

MOST_WAITING = 3
"""Questions of one member that may wait for the moderators at a time."""
_OFFERED = 5


class Told(StrEnum):
    """How who waited was told what came of a question."""

    PRIVATELY = "privately"
    PUBLICLY = "publicly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Ended:
    """A request that has ended.

    Attributes:
        request: The request as it was.
        told: How who waited was told.
    """

    request: Request
    told: Told


def told_card(head: str, found: Found | None, words: str, phrases: Phrasebook) -> Card:
    """What who waited is told: how it ended, and the passage or the moderators' own words."""
    if found is not None:
        return passage_card(found, phrases, head)
    if not words:
        return notice_card(head)
    return Card(Standing.PINNED.colour, ui.TextDisplay(head), ui.TextDisplay(escaped(words)))


class RequestDesk:
    """Takes requests, and sees to it that whoever waits is told."""

    def __init__(self, bot: CoalitionBot, writer: Writer, poster: RequestPoster) -> None:
        self.bot = bot
        self._writer = writer
        self._poster = poster
        bot.presses.on(AskModerators, self.hand_over)
        bot.presses.on(FindPassage, for_moderators(self.ask_for_words))
        bot.presses.on(AddForRequest, for_moderators(self.ask_for_document))
        bot.presses.on(SettleRequest, for_moderators(self.settle))
        bot.presses.on(ChoosePassage, for_moderators(self.choose))
        bot.presses.on(ReplyInOwnWords, for_moderators(self.ask_for_reply))
        bot.presses.on(KeepReply, for_moderators(self.keep_reply))
        bot.modals.on(WORDS, for_moderators(self.offer))
        bot.modals.on(REPLY, for_moderators(self.reply))

    async def hand_over(self, button: AskModerators, interaction: discord.Interaction[Any]) -> None:
        """Post a question to the moderators, for who asked it."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        if interaction.user.id != int(button.fields["asker"]):
            await reply_privately(interaction, phrases("request.not_yours"))
            return
        guild, member = interaction.guild, interaction.user.id
        if guild is None or await moderators_channel(self.bot.settings, guild) is None:
            await reply_privately(interaction, phrases("request.no_channel"))
            return
        handing_over = self._handed_over(guild, member, button.fields["question"])
        said = await in_time(interaction, handing_over)
        await reply_privately(interaction, phrases(said, count=MOST_WAITING))

    async def _handed_over(self, guild: discord.Guild, member: int, question: str) -> str:
        """Post a question; returns which phrase tells the member what became of it."""
        asked = await (await self.bot.recorder.questions(guild.id)).get(question)
        if asked is None:
            return "request.forgotten"
        storage = self.bot.storage.guild(guild.id)
        own = [each for each in await storage.requests.waiting() if each.member == member]
        words = folded_question(asked.text)
        known = next((each for each in own if folded_question(each.text) == words), None)
        if known is not None:
            return "request.known" if await self._poster.post(guild, known) else "request.later"
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
        posted = await self._poster.post(guild, request)
        return "request.handed_over" if posted else "request.later"

    async def ask_for_words(
        self, button: FindPassage, interaction: discord.Interaction[Any]
    ) -> None:
        """Ask a moderator, in a modal, by which words to look for a passage."""
        request = await self._waiting(interaction, int(button.fields["number"]))
        if request is not None and interaction.message is not None:
            phrases = await self.bot.localiser.phrases_for(interaction)
            modal = WordsWindow(request, interaction.message.id, phrases)
            await interaction.response.send_modal(modal)

    async def ask_for_document(
        self, button: AddForRequest, interaction: discord.Interaction[Any]
    ) -> None:
        """Let a moderator write, in a modal, a document that answers a request."""
        request = await self._waiting(interaction, int(button.fields["number"]))
        if request is not None and interaction.message is not None:
            occasion = Occasion("request", f"{request.id}:{interaction.message.id}")
            await self._writer.open_for(interaction, occasion, request.text)

    async def ask_for_reply(
        self, button: ReplyInOwnWords, interaction: discord.Interaction[Any]
    ) -> None:
        """Let a moderator write, in a modal, what is replied."""
        request = await self._waiting(interaction, int(button.fields["number"]))
        if request is not None and interaction.message is not None:
            phrases = await self.bot.localiser.phrases_for(interaction)
            modal = ReplyWindow(request, interaction.message.id, phrases)
            await interaction.response.send_modal(modal)

    async def reply(self, sent_in: Submission, interaction: discord.Interaction[Any]) -> None:
        """Answer a request with what a moderator wrote."""
        words = sent_in.typed(INPUT).strip()
        number, message = int(sent_in.match["number"]), int(sent_in.match["message"])
        if not words:
            phrases = await self.bot.localiser.phrases_for(interaction)
            await reply_privately(interaction, phrases("request.reply_empty"))
            return
        ending = Ending("replied", Resolution.DONE, interaction.user.id, words=words)
        await self._settle(interaction, number, message, ending)

    async def keep_reply(self, button: KeepReply, interaction: discord.Interaction[Any]) -> None:
        """Make a document of the server of a question and of what was replied to it."""
        request = await self._requests(interaction).get(int(button.fields["number"]))
        words = reply_in(interaction.message)
        if request is None or words is None:
            phrases = await self.bot.localiser.phrases_for(interaction)
            await reply_privately(interaction, phrases("request.forgotten"))
            return
        await self._writer.add_entry(interaction, request.text, request.language, words)

    async def _waiting(self, interaction: discord.Interaction[Any], number: int) -> Request | None:
        """A request that is not answered; None where it is, which the moderator is told."""
        request = await self._requests(interaction).get(number)
        if request is None or request.answered:
            phrases = await self.bot.localiser.phrases_for(interaction)
            await reply_privately(interaction, phrases("request.settled"))
            return None
        return request

    async def offer(self, sent_in: Submission, interaction: discord.Interaction[Any]) -> None:
        """Offer the passages for the words that a moderator typed into that modal."""
        number, message = int(sent_in.match["number"]), int(sent_in.match["message"])
        words = sent_in.typed(INPUT)
        phrases = await self.bot.localiser.phrases_for(interaction)
        try:
            known = await self.bot.answerer.of(interaction.guild_id)
            answer = await self.bot.worker.run_for(
                interaction.guild_id, known.answerer.answer, words, phrases.language
            )
        except (QuestionError, BusyError) as error:
            await reply_privately(interaction, refusal(error, phrases))
            return
        # They are offered however little they fit: a moderator judges.
        offered = [
            Found.of(each.located, phrases.language, each.telling)
            for each in answer.result.matches[:_OFFERED]
        ]
        card = offered_card(number, message, offered, phrases)
        await interaction.response.send_message(view=card, ephemeral=True)

    async def settle(self, button: SettleRequest, interaction: discord.Interaction[Any]) -> None:
        """End a request without a passage, and tell who waits."""
        message = 0 if interaction.message is None else interaction.message.id
        how = Resolution(button.fields["how"])
        ending = Ending(how.value, how, interaction.user.id)
        await self._settle(interaction, int(button.fields["number"]), message, ending)

    async def choose(self, button: ChoosePassage, interaction: discord.Interaction[Any]) -> None:
        """Answer a request with a passage, which its question has from then on."""
        index = await self.bot.answerer.index(interaction.guild_id)
        if index.passage(button.place.passage) is None:
            phrases = await self.bot.localiser.phrases_for(interaction)
            await reply_privately(interaction, phrases("problem.gone"))
            return
        number, message = int(button.fields["number"]), int(button.fields["message"])
        how = Resolution.PINNED
        ending = Ending(how.value, how, interaction.user.id, button.place)
        await self._settle(interaction, number, message, ending)

    async def _settle(
        self, interaction: discord.Interaction[Any], number: int, message: int, ending: Ending
    ) -> None:
        """End a request, tell who waits, and say in the moderators' channel how it ended."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        ended = await in_time(interaction, self.end(guild_of(interaction), number, ending))
        if ended is None:
            # What was written must not be lost.
            await reply_privately(
                interaction, "\n".join([phrases("request.settled"), escaped(ending.words)]).strip()
            )
            return
        said = phrases(f"request.told_{ended.told}")
        words = [] if not ending.words else reply_items(ended.request, ending.words, phrases)
        await sent(
            interaction, Card(COLOURS[Outcome.NONE], ui.TextDisplay(said), *words), private=True
        )
        await self.close_post(interaction, message, ended.request, ending)

    async def end(self, guild: int, number: int, ending: Ending) -> Ended | None:
        """End a request and tell who waits; None where it is not waiting."""
        storage, by, place = self.bot.storage.guild(guild), ending.by, ending.place
        request = await storage.requests.answer(number, by=by)
        if request is None:
            return None
        if ending.how is Resolution.PINNED and place is not None:
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
        phrases = await self.bot.localiser.guild_phrases(interaction.guild)
        background = await self._poster.background(guild_of(interaction), request)
        card = request_card(request, phrases, ending, background)
        # Somebody may have deleted the post; a panel that only one moderator sees is none.
        with contextlib.suppress(discord.NotFound, discord.Forbidden):
            await post.get_partial_message(message).edit(
                view=card, allowed_mentions=discord.AllowedMentions.none()
            )

    async def follow_up(
        self, interaction: discord.Interaction[Any], reference: str, slug: str
    ) -> FollowUp:
        """Ask a request's question again; where the document `slug` answers, end it."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        guild = guild_of(interaction)
        number, message = map(int, reference.split(":"))
        request = await self._requests(interaction).get(number)
        if request is None or request.answered:
            return FollowUp(phrases("request.settled"))
        place = await place_in(self.bot.answerer, guild, request, slug)
        if place is None:
            return unanswered(request.text, FindPassage.of(request, phrases), phrases)
        ending = Ending("added", Resolution.DONE, interaction.user.id, place)
        ended = await self.end(guild, number, ending)
        if ended is None:
            return FollowUp(phrases("request.settled"))
        await self.close_post(interaction, message, ended.request, ending)
        return answered(request.text, [ended.told is not Told.NOT], phrases)

    async def _tell(self, guild: int, request: Request, ending: Ending) -> Told:
        """Tell who waits: in a direct message, else where everybody saw the question.

        A question that its member alone saw stays so.
        """
        if request.member is None:
            return Told.NOT
        language = await self.bot.languages.of(request.member) or request.language
        phrases = await self.bot.localiser.calling(self.bot.localiser.books[language], guild)
        question = in_short(request.text, LONGEST_ECHO)
        head = f"**{question}**\n-# {phrases(f'request.ended_{ending.said}')}"
        found, place = None, ending.place
        if place is not None:
            answerer = (await self.bot.answerer.of(guild)).answerer
            found = answerer.passage(place.passage, language, place.sentence)
        member = discord.Object(request.member)
        try:
            private = await self.bot.create_dm(member)
            await private.send(view=told_card(head, found, ending.words, phrases))
        except discord.HTTPException:
            if request.url is None:
                return Told.NOT
        else:
            return Told.PRIVATELY
        channel = self.bot.get_partial_messageable(request.channel, guild_id=guild)
        card = told_card(f"<@{member.id}>\n{head}", found, ending.words, phrases)
        only_them = discord.AllowedMentions(everyone=False, roles=False, users=[member])
        try:
            await channel.send(view=card, allowed_mentions=only_them)
        except discord.HTTPException:
            return Told.NOT
        return Told.PUBLICLY

    def _requests(self, interaction: discord.Interaction[Any]) -> Requests:
        return self.bot.storage.guild(guild_of(interaction)).requests
