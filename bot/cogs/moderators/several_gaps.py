"""Dealing with several gaps at a time: chosen in a list, dismissed, done or answered together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self, cast

import discord
from discord import app_commands, ui

from bot.client.client import CoalitionBot
from bot.client.translator import phrase
from bot.cogs.access import ModeratorCog, for_moderators, guild_of, in_servers
from bot.components.cards import COLOURS, Card, notice_card
from bot.components.choices import LONGEST_CHOICE
from bot.components.markup import on_one_line, shortened
from bot.components.presses import Host
from bot.guilds.gaps import GapGroup
from bot.locales import Phrasebook
from bot.storage import Resolution
from index import Outcome

MOST = 25
"""Options that a select of Discord's takes."""
_WAYS = (Resolution.OFF_SUBJECT, Resolution.DONE)


class SettleSeveral(
    ui.DynamicItem[ui.Item[Any]], template=r"gaps:several:(?P<how>off_subject|done)"
):
    """Settles the gaps that were chosen in it."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The select that a `custom_id` stands for."""
        del interaction, match
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the choice to whoever acts on it."""
        await cast("Host", interaction.client).pressed(self, interaction)


class SeveralGaps(ModeratorCog):
    """Several gaps at a time."""

    def __init__(self, bot: CoalitionBot) -> None:
        super().__init__(bot)
        bot.presses.on(SettleSeveral, for_moderators(self.settle))

    @app_commands.command(
        name=phrase("command.gaps_several.name"),
        description=phrase("command.gaps_several.description"),
    )
    @app_commands.default_permissions(manage_messages=True)
    @in_servers
    async def several(self, interaction: discord.Interaction[CoalitionBot]) -> None:
        """Show the gaps asked most, to be chosen from."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._show(interaction, "")

    async def settle(self, item: SettleSeveral, interaction: discord.Interaction[Any]) -> None:
        """Settle all gaps that were chosen, each with what means the same."""
        del item
        data: dict[str, Any] = dict(interaction.data or {})
        how = Resolution(str(data["custom_id"]).rpartition(":")[2])
        guild, by = guild_of(interaction), interaction.user.id
        await interaction.response.defer()
        wanted = set(map(str, data["values"]))
        groups = await self.bot.gaps.groups(guild)
        alike = [
            gap.question
            for group in groups
            if wanted & {each.question for each in group.gaps}
            for gap in group.gaps
        ]
        questions = await self.bot.recorder.questions(guild)
        count = await questions.settle(alike, how, by=by) if alike else 0
        phrases = await self.bot.localiser.phrases_for(interaction)
        await self._show(interaction, phrases(f"gaps.settled_{how}", count=count))

    async def _show(self, interaction: discord.Interaction[Any], said: str) -> None:
        phrases = await self.bot.localiser.phrases_for(interaction)
        groups = await self.bot.gaps.groups(guild_of(interaction))
        card = several_card(groups, said, phrases)
        await interaction.edit_original_response(view=card)


def several_card(groups: Sequence[GapGroup], said: str, phrases: Phrasebook) -> Card:
    """The card in which gaps are chosen.

    Args:
        groups: What is missing, most asked first.
        said: What was just done; blank for nothing.
        phrases: For the rest.
    """
    if not groups:
        return notice_card("\n".join(filter(None, (said, phrases("gaps.none")))))
    lines = [f"### {phrases('gaps.several')}"]
    lines += [said] if said else []
    lines.append(f"-# {phrases('gaps.several_how', count=min(len(groups), MOST), of=len(groups))}")
    items: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    for how in _WAYS:
        select: ui.Select[Any] = ui.Select(
            custom_id=f"gaps:several:{how}",
            placeholder=phrases(f"gaps.several_{how}"),
            max_values=min(len(groups), MOST),
            options=[_option(each, phrases) for each in groups[:MOST]],
        )
        items.append(ui.ActionRow(SettleSeveral(select)))
    return Card(COLOURS[Outcome.CLOSEST], *items)


def _option(group: GapGroup, phrases: Phrasebook) -> discord.SelectOption:
    label = shortened(on_one_line(group.first.text), LONGEST_CHOICE)
    asked = phrases("gaps.asked", count=group.count)
    return discord.SelectOption(label=label, value=group.first.question, description=asked)
