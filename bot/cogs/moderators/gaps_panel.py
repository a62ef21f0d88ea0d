"""The panel in which moderators see what is missing, and do something about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.cogs.access import ModeratorButton, guild_of
from bot.cogs.moderators.documents.writing import ForGap
from bot.cogs.moderators.pins import kept_question, offer_others
from bot.components.answer_buttons import KeptButton
from bot.components.cards import COLOURS, Card, notice_card
from bot.components.markup import in_short
from bot.components.paging import Page
from bot.guilds.gaps import GapGroup
from bot.locales import Phrasebook
from bot.storage import Progress
from index import Outcome

if TYPE_CHECKING:
    from bot.client.client import CoalitionBot

GROUPS = 5
"""Groups on a page: each takes 7 of the 40 components that Discord allows."""
_LONGEST_QUESTION = 250
_LONGEST_VARIANT = 80
_VARIANTS = 3
_WHY = {Outcome.NONE: "none_found", Outcome.CLOSEST: "closest", Outcome.ANSWER: "disliked"}


class AnswerGap(ModeratorButton, template=r"gap:answer:(?P<question>[\w-]{16})"):
    """Offers passages for the questions of a group."""

    @classmethod
    def of(cls, question: str, phrases: Phrasebook) -> Self:
        """The button of the group of a question, by its id."""
        return cls(phrases("gaps.answer"), f"gap:answer:{question}")

    async def act(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Offer them in a message of their own."""
        await offer_others(bot, interaction, None, self.fields["question"])


class AddForGap(ModeratorButton, template=r"gap:add:(?P<question>[\w-]{16})"):
    """Lets a moderator write a document that answers the questions of a group."""

    @classmethod
    def of(cls, group: GapGroup, phrases: Phrasebook) -> Self:
        """The button of a group."""
        return cls(phrases("filling.add"), f"gap:add:{group.first.question}")

    async def act(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Open the window."""
        question = self.fields["question"]
        asked = await kept_question(bot, interaction, question)
        if asked is not None:
            await bot.library.writer.open_for(interaction, ForGap(question), asked.text)


class SettleGap(
    ModeratorButton,
    template=r"gap:(?P<how>off_subject|done):(?P<question>[\w-]{16}):(?P<at>\d{1,4})",
):
    """Says that nothing more is to be done about the questions of a group."""

    @classmethod
    def of(cls, how: Progress, group: GapGroup, at: int, phrases: Phrasebook) -> Self:
        """The button of a group on the page `at`."""
        return cls(phrases(f"gaps.{how}"), f"gap:{how}:{group.first.question}:{at}")

    async def act(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Note it, and show the page without them."""
        guild = guild_of(interaction)
        await interaction.response.defer()
        alike = await bot.gaps.alike(guild, self.fields["question"])
        how, by = Progress(self.fields["how"]), interaction.user.id
        await (await bot.questions(guild)).settle(alike, how, by=by)
        await show_gaps(bot, interaction, int(self.fields["at"]))


class TurnGaps(ModeratorButton, template=r"gaps:(?P<at>\d{1,4})"):
    """Goes to another page."""

    async def act(self, bot: CoalitionBot, interaction: discord.Interaction[Any]) -> None:
        """Show it in place."""
        await interaction.response.defer()
        await show_gaps(bot, interaction, int(self.fields["at"]))


GAP_BUTTONS: tuple[type[KeptButton], ...] = (AnswerGap, AddForGap, SettleGap, TurnGaps)


async def show_gaps(bot: CoalitionBot, interaction: discord.Interaction[Any], at: int) -> None:
    """Show page `at`, counted from 0, of what is missing, where the panel is or will be."""
    phrases = await bot.phrases_for(interaction)
    groups = await bot.gaps.groups(guild_of(interaction))
    await interaction.edit_original_response(view=gaps_card(groups, at, phrases))


def gaps_card(groups: Sequence[GapGroup], at: int, phrases: Phrasebook) -> Card:
    """Page `at`, counted from 0, of what is missing; the last if past it."""
    if not groups:
        return notice_card(phrases("gaps.none"))
    page = Page.within(len(groups), GROUPS, at)
    head = f"### {phrases('gaps.title')}\n-# {phrases('gaps.hint')}{page.note(phrases)}"
    items: list[ui.Item[Any]] = [ui.TextDisplay(head)]
    for group in groups[page.entries]:
        row: list[ui.Item[Any]] = [
            AnswerGap.of(group.first.question, phrases),
            AddForGap.of(group, phrases),
            SettleGap.of(Progress.OFF_SUBJECT, group, page.at, phrases),
            SettleGap.of(Progress.DONE, group, page.at, phrases),
        ]
        if group.url is not None:
            row.append(ui.Button(label=phrases("gaps.jump"), url=group.url))
        items += [ui.TextDisplay(_described(group, phrases)), ui.ActionRow(*row)]

    def button(label: str, to: int) -> ui.Item[Any]:
        return TurnGaps(label, f"gaps:{to}")

    return Card(COLOURS[Outcome.CLOSEST], *items, *page.turning(phrases, button))


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
    return "\n".join(lines)
