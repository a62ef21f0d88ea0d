"""What moderators take out as tables: questions, gaps, statistics."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from collections.abc import Iterable, Sequence

import discord
from discord import app_commands

from bot.client.client import CoalitionBot
from bot.client.translator import named_options, phrase
from bot.cogs.access import ModeratorCog, guild_of, in_servers
from bot.cogs.moderators.documents.cards import files_card
from bot.components.cards import notice_card
from bot.components.sending import LARGEST_SENT, sent
from bot.guilds.gaps import GapGroup
from bot.storage import AskedQuestion, Statistics
from bot.tables import written
from index import Index

_QUESTIONS = (
    "at",
    "question",
    "language",
    "outcome",
    "document",
    "passage",
    "evidence",
    "progress",
)
_GAPS = ("group", "question", "language", "outcome", "asked", "last_asked", "sought")
_STATISTICS = ("day", "outcome", "questions")
_WHAT = ("questions", "gaps", "statistics")


class Exporting(ModeratorCog):
    """Takes out what members asked, without names."""

    @app_commands.command(
        name=phrase("command.export.name"), description=phrase("command.export.description")
    )
    @app_commands.describe(what=phrase("command.export.what"), days=phrase("command.export.days"))
    @named_options("what", "days")
    @app_commands.choices(
        what=[
            app_commands.Choice(name=phrase(f"command.export.{each}"), value=each) for each in _WHAT
        ]
    )
    @app_commands.default_permissions(manage_messages=True)
    @in_servers
    async def export(
        self,
        interaction: discord.Interaction[CoalitionBot],
        what: str,
        days: app_commands.Range[int, 1, 730] = 90,
    ) -> None:
        """Give a table of what was asked."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        phrases = await self.bot.localiser.phrases_for(interaction)
        guild = guild_of(interaction)
        start = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
        questions = await self.bot.recorder.questions(guild)
        index = await self.bot.answerer.whole_index(guild)
        titles: Sequence[str]
        rows: Iterable[Sequence[object]]
        if what == "gaps":
            titles, rows = _GAPS, _gap_rows(await self.bot.gaps.groups(guild))
        elif what == "statistics":
            titles, rows = _STATISTICS, _statistic_rows(await questions.statistics(start))
        else:
            titles, rows = _QUESTIONS, _question_rows(await questions.since(start), index)
        listed = list(rows)
        content = await asyncio.to_thread(written, titles, listed)
        if not listed:
            await sent(interaction, notice_card(phrases("table.nothing")), private=True)
        elif len(content) > LARGEST_SENT:
            await sent(interaction, notice_card(phrases("table.too_large")), private=True)
        else:
            file = discord.File(io.BytesIO(content), filename=f"{what}.csv")
            card = files_card(phrases("table.exported", count=len(listed)), [file.filename])
            await interaction.edit_original_response(view=card, attachments=[file])


def _question_rows(
    questions: Iterable[AskedQuestion], index: Index
) -> Iterable[tuple[object, ...]]:
    for each in questions:
        found = None if each.passage is None else index.passage(each.passage)
        yield (
            each.at.isoformat(timespec="seconds"),
            each.text,
            each.language.value,
            each.outcome.value,
            "" if found is None else found.document.slug,
            "" if found is None else found.passage.number,
            round(each.evidence, 2),
            each.progress.value,
        )


def _gap_rows(groups: Iterable[GapGroup]) -> Iterable[tuple[object, ...]]:
    for number, group in enumerate(groups, 1):
        for each in group.gaps:
            yield (
                number,
                each.text,
                each.language.value,
                each.outcome.value,
                each.count,
                each.at.isoformat(timespec="seconds"),
                " / ".join(each.sought),
            )


def _statistic_rows(statistics: Statistics) -> Iterable[tuple[object, ...]]:
    for (day, outcome), count in sorted(statistics.days.items()):
        yield day.isoformat(), outcome.value, count
