"""Documents that are added for a question that was not answered well.

The question is dealt with only once the document answers it, which is tried by asking it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.cogs.access import guild_of
from bot.cogs.moderators.documents.writing import ForGap, ForRequest, Occasion
from bot.cogs.moderators.gaps_panel import AnswerGap
from bot.cogs.moderators.requests.desk import Ending, FindPassage
from bot.components.answer_buttons import Place
from bot.components.cards import LONGEST_ECHO
from bot.components.markup import in_short
from bot.errors import BusyError
from bot.locales import Phrasebook
from bot.storage import GuildStorage, Progress, StorageError
from bot.storage.same_question import folded_question
from index import Outcome
from knowledge import Language

if TYPE_CHECKING:
    from bot.client.client import CoalitionBot

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a moderator is told of the question that a document was added for.

    Attributes:
        text: Whether it is answered now.
        items: What else can be done about it.
    """

    text: str
    items: tuple[ui.Item[Any], ...] = ()


class Filler:
    """Asks again what a document was added for."""

    def __init__(self, bot: CoalitionBot) -> None:
        self.bot = bot

    async def tried(
        self, interaction: discord.Interaction[Any], occasion: Occasion, slug: str
    ) -> Tried:
        """Ask again, and where the document `slug` answers, note it and tell who waits."""
        phrases = await self.bot.phrases_for(interaction)
        storage = self.bot.storage.guild(guild_of(interaction))
        try:
            if isinstance(occasion, ForGap):
                return await self._gap(interaction, occasion.question, slug, storage, phrases)
            return await self._request(interaction, occasion, slug, storage, phrases)
        except (BusyError, StorageError) as error:
            # The document is there, and that is what must be said.
            log.warning("A question could not be tried again: %s", error)
            return Tried(phrases("filling.not_tried"))

    async def _gap(
        self,
        interaction: discord.Interaction[Any],
        question: str,
        slug: str,
        storage: GuildStorage,
        phrases: Phrasebook,
    ) -> Tried:
        guild, by = guild_of(interaction), interaction.user.id
        questions = await self.bot.questions(guild)
        asked = await questions.get(question)
        if asked is None:
            return Tried(phrases("pins.question_gone"))
        place = await self._place(guild, asked.text, asked.language, slug)
        if place is None:
            return _unanswered(asked.text, AnswerGap.of(question, phrases), phrases)
        alike = await self.bot.gaps.alike(guild, question)
        await questions.settle(alike, Progress.DONE, by=by)
        ending = Ending("added", Progress.DONE, by, place)
        told = [
            ended.told
            for each in await storage.requests.waiting()
            if each.question in alike or folded_question(each.text) == folded_question(asked.text)
            if (ended := await self.bot.desk.end(guild, each.id, ending)) is not None
        ]
        return _answered(asked.text, told, phrases)

    async def _request(
        self,
        interaction: discord.Interaction[Any],
        occasion: ForRequest,
        slug: str,
        storage: GuildStorage,
        phrases: Phrasebook,
    ) -> Tried:
        guild = guild_of(interaction)
        request = await storage.requests.get(occasion.number)
        if request is None or request.answered:
            return Tried(phrases("request.settled"))
        place = await self._place(guild, request.text, request.language, slug)
        if place is None:
            return _unanswered(request.text, FindPassage.of(request, phrases), phrases)
        ending = Ending("added", Progress.DONE, interaction.user.id, place)
        ended = await self.bot.desk.end(guild, occasion.number, ending)
        if ended is None:
            return Tried(phrases("request.settled"))
        await self.bot.desk.close_post(interaction, occasion.message, ended.request, ending)
        return _answered(request.text, [ended.told], phrases)

    async def _place(self, guild: int, text: str, language: Language, slug: str) -> Place | None:
        """Where the document answers a question, asked as a member would; None if it does not."""
        answer = await self.bot.try_out(guild, text, language)
        if answer.outcome is not Outcome.ANSWER or answer.found[0].quote.document != slug:
            return None
        return Place.of(answer.found[0])


def _answered(question: str, told: list[bool], phrases: Phrasebook) -> Tried:
    lines = [phrases("filling.answered", question=in_short(question, LONGEST_ECHO))]
    if told:
        lines.append(phrases("filling.told" if all(told) else "filling.not_told"))
    return Tried(" ".join(lines))


def _unanswered(question: str, otherwise: ui.Item[Any], phrases: Phrasebook) -> Tried:
    said = phrases("filling.unanswered", question=in_short(question, LONGEST_ECHO))
    return Tried(said, (otherwise,))
