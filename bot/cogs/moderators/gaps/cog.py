"""What is missing, as moderators see it, and what they do about it."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands, ui

from bot.answering.wording import refusal
from bot.client.client import CoalitionBot
from bot.client.translator import phrase
from bot.cogs.access import ModeratorCog, for_moderators, guild_of, in_servers
from bot.cogs.moderators.documents.follow_ups import (
    FollowUp,
    Occasion,
    answered,
    place_in,
    unanswered,
)
from bot.cogs.moderators.documents.writing import Writer
from bot.cogs.moderators.foresight.asking_first import PinPlan
from bot.cogs.moderators.gaps.cards import (
    LONGEST_SOUGHT,
    AddForGap,
    AnswerGap,
    KeepSought,
    OpenGap,
    OpenUnposted,
    SettleGap,
    SplitGap,
    TurnGaps,
    gap_card,
    gaps_card,
    split_card,
    unposted_card,
)
from bot.cogs.moderators.pins import Pins
from bot.cogs.moderators.requests.desk import RequestDesk, Told
from bot.cogs.moderators.requests.panel import Ending
from bot.components.answer_buttons import checksum
from bot.components.cards import COLOURS, Card, notice_card
from bot.components.markup import in_short
from bot.components.sending import reply_privately, sent
from bot.errors import BusyError, QuestionError
from bot.guilds.gaps import GapGroup
from bot.storage import Resolution
from bot.storage.same_question import folded_question
from index import Outcome


class Gaps(ModeratorCog):
    """Questions that were not answered well, and what is done about them."""

    def __init__(self, bot: CoalitionBot, pins: Pins, writer: Writer, desk: RequestDesk) -> None:
        super().__init__(bot)
        self._pins = pins
        self._writer = writer
        self._desk = desk
        bot.presses.on(OpenGap, for_moderators(self.open))
        bot.presses.on(OpenUnposted, for_moderators(self.open_unposted))
        bot.presses.on(KeepSought, for_moderators(self.keep_sought))
        bot.presses.on(AnswerGap, for_moderators(self.offer_passages))
        bot.presses.on(AddForGap, for_moderators(self.ask_for_document))
        bot.presses.on(SettleGap, for_moderators(self.settle))
        bot.presses.on(SplitGap, for_moderators(self.split))
        bot.presses.on(TurnGaps, for_moderators(self.turn_page))

    @app_commands.command(
        name=phrase("command.gaps.name"), description=phrase("command.gaps.description")
    )
    @app_commands.default_permissions(manage_messages=True)
    @in_servers
    async def gaps(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Show the first page."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._show(interaction, 0)

    async def turn_page(self, button: TurnGaps, interaction: discord.Interaction[Any]) -> None:
        """Show another page in place."""
        await interaction.response.defer()
        await self._show(interaction, button.at)

    async def _show(self, interaction: discord.Interaction[Any], at: int) -> None:
        """Show page `at`, counted from 0, where the panel is or will be."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        guild = guild_of(interaction)
        groups = await self.bot.gaps.groups(guild)
        waiting = await self.bot.storage.guild(guild).requests.waiting()
        unposted = [each for each in waiting if each.post is None]
        card = gaps_card(groups, at, phrases, unposted)
        await interaction.edit_original_response(view=card)

    async def open(self, button: OpenGap, interaction: discord.Interaction[Any]) -> None:
        """Show one group in place of the list; the list where it is done with."""
        await interaction.response.defer()
        group = await self._group(guild_of(interaction), button.fields["question"])
        if group is None:
            await self._show(interaction, button.at)
            return
        phrases = await self.bot.localiser.phrases_for(interaction)
        await interaction.edit_original_response(view=gap_card(group, button.at, phrases))

    async def _group(self, guild: int, question: str) -> GapGroup | None:
        groups = await self.bot.gaps.groups(guild)
        return next((g for g in groups if any(e.question == question for e in g.gaps)), None)

    async def open_unposted(
        self, button: OpenUnposted, interaction: discord.Interaction[Any]
    ) -> None:
        """Show one request in place of the list; the list where it is answered."""
        await interaction.response.defer()
        number = int(button.fields["number"])
        request = await self.bot.storage.guild(guild_of(interaction)).requests.get(number)
        if request is None or request.answered:
            await self._show(interaction, button.at)
            return
        phrases = await self.bot.localiser.phrases_for(interaction)
        await interaction.edit_original_response(view=unposted_card(request, button.at, phrases))

    async def keep_sought(self, button: KeepSought, interaction: discord.Interaction[Any]) -> None:
        """Pin what members were looking for to the passage that fits it best, if one fits."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        guild, check = guild_of(interaction), button.fields["check"]
        await interaction.response.defer(ephemeral=True, thinking=True)
        group = await self._group(guild, button.fields["question"])
        sought = () if group is None else group.sought
        words = next((each for each in sought if checksum(each) == check), None)
        if group is None or words is None:
            await reply_privately(interaction, phrases("pins.question_gone"))
            return
        try:
            answer = await self.bot.answerer.try_out(guild, words, group.first.language)
        except (QuestionError, BusyError) as error:
            await reply_privately(interaction, refusal(error, phrases))
            return
        if not answer.found:
            said = phrases("gaps.no_passage", words=in_short(words, LONGEST_SOUGHT))
            adding = ui.ActionRow[Any](AddForGap.of(group, phrases))
            card = Card(COLOURS[Outcome.NONE], ui.TextDisplay(said), adding)
            await sent(interaction, card, private=True)
            return
        passage = answer.found[0].quote.passage_id
        await self._pins.take(interaction, PinPlan(words, answer.detected.language, passage))

    async def offer_passages(
        self, button: AnswerGap, interaction: discord.Interaction[Any]
    ) -> None:
        """Offer passages in a message of their own."""
        await self._pins.offer_others(interaction, None, button.fields["question"])

    async def ask_for_document(
        self, button: AddForGap, interaction: discord.Interaction[Any]
    ) -> None:
        """Let a moderator write, in a modal, a document that answers."""
        question = button.fields["question"]
        asked = await self._pins.kept_question(interaction, question)
        if asked is not None:
            await self._writer.open_for(interaction, Occasion("gap", question), asked.text)

    async def settle(self, button: SettleGap, interaction: discord.Interaction[Any]) -> None:
        """Note that nothing more is to be done, and show the page without it."""
        guild = guild_of(interaction)
        await interaction.response.defer()
        question, beside = button.fields["question"], button.fields["beside"]
        alone = beside is not None
        settled = [question] if alone else await self.bot.gaps.alike(guild, question)
        how, by = Resolution(button.fields["how"]), interaction.user.id
        await (await self.bot.recorder.questions(guild)).settle(settled, how, by=by)
        if alone:
            await self._show_one_by_one(interaction, beside)
        else:
            await self._show(interaction, button.at)

    async def split(self, button: SplitGap, interaction: discord.Interaction[Any]) -> None:
        """Show the questions of a group one by one, in a message of their own."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._show_one_by_one(interaction, button.fields["question"])

    async def _show_one_by_one(self, interaction: discord.Interaction[Any], question: str) -> None:
        phrases = await self.bot.localiser.phrases_for(interaction)
        groups = await self.bot.gaps.groups(guild_of(interaction))
        found = [group for group in groups if question in (each.question for each in group.gaps)]
        card = split_card(found[0], phrases) if found else notice_card(phrases("gaps.none"))
        await interaction.edit_original_response(view=card)

    async def follow_up(
        self, interaction: discord.Interaction[Any], question: str, slug: str
    ) -> FollowUp:
        """Ask a gap's question again; where the document `slug` answers, settle it."""
        phrases = await self.bot.localiser.phrases_for(interaction)
        guild, by = guild_of(interaction), interaction.user.id
        questions = await self.bot.recorder.questions(guild)
        asked = await questions.get(question)
        if asked is None:
            return FollowUp(phrases("pins.question_gone"))
        place = await place_in(self.bot.answerer, guild, asked, slug)
        if place is None:
            return unanswered(asked.text, AnswerGap.of(question, phrases), phrases)
        alike = await self.bot.gaps.alike(guild, question)
        await questions.settle(alike, Resolution.DONE, by=by)
        ending = Ending("added", Resolution.DONE, by, place)
        told = [
            ended.told is not Told.NOT
            for each in await self.bot.storage.guild(guild).requests.waiting()
            if each.question in alike or folded_question(each.text) == folded_question(asked.text)
            if (ended := await self._desk.end(guild, each.id, ending)) is not None
        ]
        return answered(asked.text, told, phrases)
