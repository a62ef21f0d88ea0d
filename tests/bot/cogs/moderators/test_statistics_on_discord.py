"""A server's numbers, drawn and told, and the digest of a week."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import pytest
from simcord import MemberActor

from bot.client.client import CoalitionBot
from bot.storage import Opinion, Storage
from index import Outcome
from knowledge import Language
from tests.bot.storage.test_questions import question
from tests.bot.world import World, last_message, raw, text
from tests.contracts import walk


def bot_of(world: World) -> CoalitionBot:
    assert isinstance(world.env.bot, CoalitionBot)
    return world.env.bot


class Today:
    """What `question` wants of a clock."""

    def __init__(self, days_ago: float = 0) -> None:
        self.now = dt.datetime.now(dt.UTC) - dt.timedelta(days=days_ago)


async def fill(world: World, storage: Storage) -> None:
    """Five questions of this week, one of last month, one of another server."""
    guild = world.guild.id
    (document,) = bot_of(world).knowledge.index.documents
    first, second = document.passages[0].id, document.passages[1].id
    clock: Any = Today(days_ago=1)
    old: Any = Today(days_ago=40)
    asked = [
        question(clock, "a ?", guild=guild, passage=first, milliseconds=10.0),
        question(clock, "b ?", guild=guild, passage=first, milliseconds=20.0),
        question(clock, "c ?", guild=guild, passage=second, milliseconds=30.0),
        question(
            clock, "d ?", guild=guild, passage=None, outcome=Outcome.NONE,
            language=Language.ENGLISH, milliseconds=40.0,
        ),
        question(
            clock, "e ?", guild=guild, passage=None, outcome=Outcome.NONE, milliseconds=50.0
        ),
        question(old, "f ?", guild=guild, outcome=Outcome.CLOSEST),
    ]  # fmt: skip
    questions = storage.guild(guild).questions
    await storage.record(asked)
    await questions.add_opinion(Opinion(asked[0].id, first, helpful=True))
    await questions.add_opinion(Opinion(asked[1].id, first, helpful=True))
    await questions.add_opinion(Opinion(asked[2].id, second, helpful=False))
    await storage.record([question(clock, "g ?", guild=5)])


async def test_the_numbers_are_told_and_drawn(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    await fill(world, storage)
    shown = await mo.slash(world.channel, "stats", days=7)
    assert shown.ephemeral
    said = text(shown).replace("\u00a0", " ")
    assert "### Les 7 derniers jours" in said
    assert "**Questions : 5**" in said
    assert "- réponse trouvée : 3 (60 %)" in said
    assert "- passage le plus proche : 0 (0 %)" in said
    assert "- rien trouvé : 2 (40 %)" in said
    assert "Langues : français 80 %, anglais 20 %" in said
    assert "Jugées utiles : 67 % (avis : 3)" in said
    assert "Temps de réponse médian : 30 ms" in said
    (document,) = bot_of(world).knowledge.index.documents
    for at, count in ((0, 2), (1, 1)):
        span = document.passages[at].texts[Language.FRENCH].span
        words = " ".join(span.of(document.editions[Language.FRENCH].text)[:30].split())
        assert f"- « {words}" in said and f" » · {count} ×" in said
    (media,) = [each for each in walk(raw(shown)["components"]) if each.get("type") == 12]
    (item,) = media["items"]
    day = Today(days_ago=1).now
    assert f"{day.day}.{day.month}.\u00a0: 3/0/2" in item["description"]
    assert "réponse trouvée, passage le plus proche, rien trouvé" in item["description"]


async def test_the_picture_is_a_picture(world: World, storage: Storage) -> None:
    from bot.cogs.moderators.statistics.card import PICTURE, drawn

    await fill(world, storage)
    day = Today().now.date()
    days = [day - dt.timedelta(days=back) for back in reversed(range(30))]
    statistics = await storage.guild(world.guild.id).questions.statistics(Today(29).now)
    file = await drawn(statistics, days, bot_of(world).localiser.books[Language.FRENCH])
    assert file is not None and file.filename == PICTURE
    picture = file.fp.read()
    assert picture.startswith(b"\x89PNG") and len(picture) > 5_000


@pytest.mark.parametrize(("days", "count"), [(30, 5), (90, 6)])
async def test_the_numbers_of_more_days(
    world: World, storage: Storage, mo: MemberActor, days: int, count: int
) -> None:
    await fill(world, storage)
    shown = await mo.slash(world.channel, "stats", days=days)
    assert f"**Questions\u00a0: {count}**" in text(shown)


async def test_no_question_needs_no_picture(world: World, mo: MemberActor) -> None:
    shown = await mo.slash(world.channel, "stats")
    assert "Aucune question n’a été posée." in text(shown)
    assert "stats" not in world.ann.available_commands(world.channel)


async def test_the_digest_of_a_week_is_posted_once(world: World, storage: Storage) -> None:
    await fill(world, storage)
    await storage.guild(world.guild.id).pins.pin("Où ?", Language.FRENCH, "0" * 16, by=1)
    channel = world.guild.create_text_channel("moderators")
    guild = world.env.bot.get_guild(world.guild.id)
    assert guild is not None
    cog = cast("Any", bot_of(world).get_cog("Statistics"))
    await bot_of(world).settings.change(
        world.guild.id, by=1, moderators_channel=channel.id, language=Language.FRENCH
    )
    await cog.post_digest(guild)
    assert channel.history() == []
    await bot_of(world).settings.change(world.guild.id, by=1, digest=True)
    await cog.post_digest(guild)
    await cog.post_digest(guild)
    assert len(channel.history()) == 1
    said = text(last_message(channel)).replace("\u00a0", " ")
    assert "### Le bilan de la semaine" in said and "**Questions : 5**" in said
    assert "**Ce qui manque le plus** (`/manques` pour y répondre) :" in said
    # Letters mean about the same, but are other words: each is a gap of its own.
    gaps = {line for line in said.splitlines() if "? · " in line}
    assert gaps == {f"- {letter} ? · 1 ×" for letter in "cdef"}
    assert "**Épinglées à un passage qui a disparu**" in said and "- Où ?" in said


async def test_a_digest_is_due_once_a_week(storage: Storage) -> None:
    week = dt.timedelta(days=7)
    assert await storage.guild(1).take_digest(week)
    assert not await storage.guild(1).take_digest(week)
    assert await storage.guild(2).take_digest(week)
    assert await storage.guild(1).take_digest(dt.timedelta())
