"""Documents that nobody has looked at in time: on the card, in the digest, and set anew."""

from __future__ import annotations

import datetime as dt

import simcord

from bot.client.client import CoalitionBot
from bot.guilds.reviewing import due_documents
from tests.bot.world import World, text

_RULES = (
    "---\ntitle: Parking rules\nlanguage: en\nreview_by: {day}\n---\n\n"
    "The parking lot behind the brewery costs four euros a night, paid at the green machine."
)
_QUESTION = "How much does the parking lot behind the brewery cost?"


async def _added(world: World, mo: simcord.MemberActor, day: str) -> str:
    content = _RULES.format(day=day).encode()
    return text(await mo.slash(world.channel, "knowledge add", file=("parking.md", content)))


async def test_a_quote_says_that_its_review_is_due(world: World, mo: simcord.MemberActor) -> None:
    added = await _added(world, mo, "2026-01-31")
    assert "31 janvier 2026" in added, "a day in the past is said at once"
    shown = await world.ann.slash(world.channel, "ask", question=_QUESTION)
    assert "To be reviewed since January 31, 2026" in text(shown)
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    questions = await bot.recorder.questions(world.guild.id)
    index = await bot.answerer.index(world.guild.id)
    (due,) = await due_documents(index, questions, dt.datetime.now(dt.UTC))
    assert (due.document.slug, due.quoted) == ("parking-rules", 1)
    noted = await mo.slash(world.channel, "knowledge review", document="parking-rules", days=90)
    assert "est à revoir d’ici le" in text(noted)
    shown = await world.ann.slash(world.channel, "ask", question=_QUESTION)
    assert "To be reviewed" not in text(shown)
    index = await bot.answerer.index(world.guild.id)
    assert await due_documents(index, questions, dt.datetime.now(dt.UTC)) == ()


async def test_what_is_no_day_is_refused_with_its_line(
    world: World, mo: simcord.MemberActor
) -> None:
    said = await _added(world, mo, "soon")
    assert "review" in said and "une date" in said and "ligne 4" in said
