"""What is missing, as moderators see it, and what they do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import app_commands, ui

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
from bot.cogs.moderators.pins import Pins
from bot.cogs.moderators.requests.desk import RequestDesk
from bot.cogs.moderators.requests.panel import Ending, request_row
from bot.components.buttons import KeptButton
from bot.components.cards import COLOURS, Card, notice_card
from bot.components.markup import in_short
from bot.components.paging import Page
from bot.guilds.gaps import GapGroup
from bot.locales import Phrasebook
from bot.storage import Gap, Request, Resolution
from bot.storage.same_question import folded_question
from index import Outcome

GROUPS = 5
"""Groups on a page: each takes 7 of the 40 components that Discord allows."""
_LONGEST_QUESTION = 250
_LONGEST_VARIANT = 80
_LONGEST_SOUGHT = 120
_VARIANTS = 3
_MOST_SPLIT = 7
"""Questions of a group that are shown one by one: each takes 5 of the 40 components."""
_WHY = {Outcome.NONE: "none_found", Outcome.CLOSEST: "closest", Outcome.ANSWER: "disliked"}


class AnswerGap(KeptButton, template=r"gap:answer:(?P<question>[\w-]{16})"):
    """Offers passages for the questions of a group."""

    @classmethod
    def of(cls, question: str, phrases: Phrasebook) -> Self:
        """The button of the group of a question, by its id."""
        return cls(phrases("gaps.answer"), f"gap:answer:{question}")


class AddForGap(KeptButton, template=r"gap:add:(?P<question>[\w-]{16})"):
    """Lets a moderator write a document that answers the questions of a group."""

    @classmethod
    def of(cls, group: GapGroup, phrases: Phrasebook) -> Self:
        """The button of a group."""
        return cls(phrases("filling.add"), f"gap:add:{group.first.question}")


class SettleGap(
    KeptButton,
    template=r"gap:(?P<how>off_subject|done):(?P<question>[\w-]{16}):(?P<at>\d{1,4})"
    r"(?::(?P<beside>[\w-]{16}))?",
):
    """Says that nothing more is to be done about the questions of a group, or about one of them."""

    @classmethod
    def of(cls, how: Resolution, group: GapGroup, at: int, phrases: Phrasebook) -> Self:
        """The button of a group on the page `at`."""
        return cls(phrases(f"gaps.{how}"), f"gap:{how}:{group.first.question}:{at}")

    @classmethod
    def alone(cls, how: Resolution, gap: Gap, beside: str, phrases: Phrasebook) -> Self:
        """The button of one question of a group; `beside` is another of it."""
        return cls(phrases(f"gaps.{how}"), f"gap:{how}:{gap.question}:0:{beside}")


class SplitGap(KeptButton, template=r"gap:split:(?P<question>[\w-]{16})"):
    """Shows the questions of a group one by one, to be settled one by one."""

    @classmethod
    def of(cls, group: GapGroup, phrases: Phrasebook) -> Self:
        """The button of a group."""
        label = phrases("gaps.split", count=len(group.gaps))
        return cls(label, f"gap:split:{group.first.question}")


class TurnGaps(KeptButton, template=r"gaps:(?P<at>\d{1,4})"):
    """Goes to another page."""


class Gaps(ModeratorCog):
    """Questions that were not answered well, and what is done about them."""

    def __init__(self, bot: CoalitionBot, pins: Pins, writer: Writer, desk: RequestDesk) -> None:
        super().__init__(bot)
        self._pins = pins
        self._writer = writer
        self._desk = desk
        bot.presses.on(AnswerGap, for_moderators(self.offer_passages))
        bot.presses.on(AddForGap, for_moderators(self.ask_for_document))
        bot.presses.on(SettleGap, for_moderators(self.settle))
        bot.presses.on(SplitGap, for_moderators(self.split))
        bot.presses.on(TurnGaps, for_moderators(self.turn_page))

    @app_commands.command(name="gaps", description=phrase("command.gaps.description"))
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
            ended.told
            for each in await self.bot.storage.guild(guild).requests.waiting()
            if each.question in alike or folded_question(each.text) == folded_question(asked.text)
            if (ended := await self._desk.end(guild, each.id, ending)) is not None
        ]
        return answered(asked.text, told, phrases)


def gaps_card(
    groups: Sequence[GapGroup], at: int, phrases: Phrasebook, unposted: Sequence[Request] = ()
) -> Card:
    """Page `at`, counted from 0, of what is missing; the last if past it.

    Args:
        groups: Questions without a good answer.
        at: The page.
        phrases: For the rest.
        unposted: Questions that wait and could not be posted to the moderators; they come first.
    """
    entries: list[Request | GapGroup] = [*unposted, *groups]
    if not entries:
        return notice_card(phrases("gaps.none"))
    page = Page.within(len(entries), GROUPS, at)
    head = f"### {phrases('gaps.title')}\n-# {phrases('gaps.hint')}{page.note(phrases)}"
    items: list[ui.Item[Any]] = [ui.TextDisplay(head)]
    for each in entries[page.entries]:
        if isinstance(each, Request):
            lost = phrases("gaps.unposted", channel=f"<#{each.channel}>")
            said = f"**{in_short(each.text, _LONGEST_QUESTION)}**\n-# {lost}"
            items += [ui.TextDisplay(said), request_row(each, phrases)]
        else:
            row = _row(each, page.at, phrases)
            items += [ui.TextDisplay(_described(each, phrases)), row]

    def button(label: str, to: int) -> ui.Item[Any]:
        return TurnGaps(label, f"gaps:{to}")

    return Card(COLOURS[Outcome.CLOSEST], *items, *page.turning(phrases, button))


def split_card(group: GapGroup, phrases: Phrasebook) -> Card:
    """The questions of a group, each with what can be done about it alone."""
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"-# {phrases('gaps.split_hint')}")]
    every = group.gaps[:_MOST_SPLIT]
    for at, gap in enumerate(every):
        beside = every[at - 1].question
        row: list[ui.Item[Any]] = [
            SettleGap.alone(how, gap, beside, phrases)
            for how in (Resolution.OFF_SUBJECT, Resolution.DONE)
        ]
        if gap.url is not None:
            row.append(ui.Button(label=phrases("gaps.jump"), url=gap.url))
        items += [ui.TextDisplay(_described(GapGroup((gap,)), phrases)), ui.ActionRow(*row)]
    return Card(COLOURS[Outcome.CLOSEST], *items)


def _row(group: GapGroup, at: int, phrases: Phrasebook) -> ui.ActionRow[Any]:
    row: list[ui.Item[Any]] = [
        AnswerGap.of(group.first.question, phrases),
        AddForGap.of(group, phrases),
        SettleGap.of(Resolution.OFF_SUBJECT, group, at, phrases),
        SettleGap.of(Resolution.DONE, group, at, phrases),
    ]
    if len(group.gaps) > 1:
        row.append(SplitGap.of(group, phrases))
    elif group.url is not None:
        row.append(ui.Button(label=phrases("gaps.jump"), url=group.url))
    return ui.ActionRow(*row)


def _described(group: GapGroup, phrases: Phrasebook) -> str:
    first = group.first
    how = _WHY[first.outcome]
    facts = [
        phrases("gaps.asked", count=group.count),
        phrases(f"gaps.{how}"),
        phrases("gaps.last", day=phrases.date(max(each.at for each in group.gaps).date())),
    ]
    lines = [f"**{in_short(first.text, _LONGEST_QUESTION)}**", f"-# {' · '.join(facts)}"]
    variants = [in_short(each.text, _LONGEST_VARIANT) for each in group.gaps[1 : 1 + _VARIANTS]]
    if variants:
        lines.append(f"-# {phrases('gaps.also', variants=' / '.join(variants))}")
    sought = [in_short(each, _LONGEST_SOUGHT) for each in group.sought[:_VARIANTS]]
    if sought:
        lines.append(f"-# {phrases('gaps.sought', words=' / '.join(sought))}")
    return "\n".join(lines)
