"""The contract of every storage: forgetting, handing out, letting go in time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable

import pytest

from bot.storage import Forgotten, Opinion, Storage, Swept
from knowledge import Language
from tests.bot.storage.conftest import Clock
from tests.bot.storage.test_questions import GUILD, MEMBER, MODERATOR, OTHER, PASSAGE, question

FILES = {"fr.md": "text"}


async def fill(storage: Storage, clock: Clock, guild: int) -> None:
    """Something of every kind."""
    ours = storage.guild(guild)
    await ours.documents.put("rules", FILES, by=MODERATOR, expected=0)
    await ours.settings.change(by=MODERATOR, digest=True)
    await ours.pins.pin("Qui ?", Language.FRENCH, PASSAGE, by=MODERATOR)
    asked = question(clock, guild=guild)
    await storage.record([asked])
    await ours.questions.add_opinion(Opinion(asked.id, PASSAGE, helpful=False))
    await ours.requests.add(member=MEMBER, text="Où ?", language=Language.FRENCH, channel=5)


async def test_a_member_is_forgotten_everywhere(storage: Storage, clock: Clock) -> None:
    await fill(storage, clock, GUILD)
    await fill(storage, clock, OTHER)
    await storage.preferences.choose_language(MEMBER, Language.FRENCH)
    assert await storage.privacy.forget(MEMBER) == Forgotten(preference=True, requests=2, named=0)
    assert await storage.preferences.languages() == {}
    assert await storage.guild(GUILD).requests.waiting() == ()
    assert str(MEMBER) not in json.dumps(await storage.privacy.export(GUILD))
    assert await storage.privacy.forget(MEMBER) == Forgotten(preference=False, requests=0, named=0)


async def test_what_a_forgotten_moderator_did_stays_without_a_name(
    storage: Storage, clock: Clock
) -> None:
    await fill(storage, clock, GUILD)
    forgotten = await storage.privacy.forget(MODERATOR)
    assert (forgotten.preference, forgotten.requests) == (False, 0)
    assert forgotten.named == 6  # a document, its version, a pin, three entries
    guild = storage.guild(GUILD)
    newest = await guild.documents.newest("rules")
    assert newest is not None and (newest.by, newest.files) == (None, FILES)
    entries = await guild.audit.latest(9)
    assert len(entries) == 3 and all(each.by is None for each in entries)
    (pseudonym,) = {each.pseudonym for each in entries}
    assert pseudonym is not None
    (pin,) = await guild.pins.every()
    assert pin.by is None


async def test_an_export_has_everything_of_one_guild(storage: Storage, clock: Clock) -> None:
    await fill(storage, clock, GUILD)
    await fill(storage, clock, OTHER)
    exported = json.loads(json.dumps(await storage.privacy.export(GUILD)))
    assert {name: len(rows) for name, rows in exported.items()} == {
        "audit": 3,
        "document_encodings": 0,
        "document_versions": 1,
        "documents": 1,
        "guilds": 1,
        "opinions": 1,
        "pins": 1,
        "questions": 1,
        "requests": 1,
        "settings": 1,
    }
    assert list(exported) == sorted(exported)
    assert all(row["guild_id"] == GUILD for rows in exported.values() for row in rows)
    assert exported["document_versions"][0]["files"] == FILES
    assert exported["questions"][0]["at"] == clock.now.isoformat()


async def test_an_erased_guild_leaves_nothing_and_others_alone(
    storage: Storage, clock: Clock
) -> None:
    await fill(storage, clock, GUILD)
    await fill(storage, clock, OTHER)
    untouched = await storage.privacy.export(OTHER)
    assert await storage.privacy.erase(GUILD)
    assert all(not rows for rows in (await storage.privacy.export(GUILD)).values())
    assert await storage.privacy.export(OTHER) == untouched
    assert not await storage.privacy.erase(GUILD)


@pytest.mark.parametrize(("days", "kept"), [(None, 90), (7, 7)])
async def test_questions_are_kept_as_long_as_the_guild_chose(
    storage: Storage, clock: Clock, days: int | None, kept: int
) -> None:
    guild = storage.guild(GUILD)
    if days is not None:
        await guild.settings.change(by=1, retention_days=days)
    await storage.guild(OTHER).settings.change(by=1, retention_days=700)
    start = clock.now
    for each in (GUILD, OTHER):
        asked = question(clock, guild=each)
        await storage.record([asked])
        for helpful in (True, False):
            opinion = Opinion(asked.id, PASSAGE, helpful=helpful)
            await storage.guild(each).questions.add_opinion(opinion)
    clock.advance(days=kept, seconds=-1)
    assert await storage.privacy.sweep() == Swept()
    assert len(await guild.questions.since(start)) == 1
    clock.advance(seconds=1)
    assert await storage.privacy.sweep() == Swept(questions=1)
    assert await guild.questions.since(start) == ()
    assert await guild.questions.opinions(start) == ()
    assert len(await storage.guild(OTHER).questions.since(start)) == 1


async def test_the_rest_goes_in_its_time(storage: Storage, clock: Clock) -> None:
    guild = storage.guild(GUILD)
    await fill(storage, clock, GUILD)
    await guild.documents.put("guide", FILES, by=1, expected=0)
    await guild.documents.remove("rules", by=1, expected=1)
    clock.advance(days=30)
    assert await storage.privacy.sweep() == Swept(documents=1, requests=1)
    assert await guild.documents.history("rules") == ()
    assert await guild.documents.count() == 1
    clock.advance(days=60)
    assert await storage.privacy.sweep() == Swept(questions=1)
    clock.advance(days=275)
    assert await storage.privacy.sweep() == Swept(audit=5)
    assert await guild.documents.count() == 1


async def test_thousands_of_guilds_are_left_and_joined_at_once(
    storage: Storage, clock: Clock
) -> None:
    guilds = range(1, 2001)
    await storage.record([question(clock, guild=guild) for guild in guilds])
    await storage.privacy.left(guilds)
    await storage.privacy.joined(guilds[1000:])
    clock.advance(days=31)
    assert (await storage.privacy.sweep()).guilds == tuple(guilds[:1000])
    assert set(await storage.sequences()) == set(guilds[1000:])


async def test_a_guild_that_the_bot_left_is_erased_after_thirty_days(
    storage: Storage, clock: Clock
) -> None:
    await fill(storage, clock, GUILD)
    await fill(storage, clock, OTHER)
    await storage.privacy.left([GUILD])
    await storage.privacy.left([OTHER])
    clock.advance(days=20)
    await storage.privacy.left([GUILD])  # said again at every start; the first counts
    await storage.privacy.joined([OTHER])
    clock.advance(days=10)
    swept = await storage.privacy.sweep()
    assert swept.guilds == (GUILD,)
    assert set(await storage.sequences()) == {OTHER}
    assert all(not rows for rows in (await storage.privacy.export(GUILD)).values())


async def test_of_two_guilds_only_the_one_that_was_left_is_erased(
    storage: Storage, clock: Clock
) -> None:
    await fill(storage, clock, GUILD)
    await fill(storage, clock, OTHER)
    await storage.privacy.left([GUILD])
    clock.advance(days=30)
    assert (await storage.privacy.sweep()).guilds == (GUILD,)
    assert await storage.guild(OTHER).documents.count() == 1


async def test_what_concerns_all_servers_is_written_while_they_are_busy(
    storage: Storage,
) -> None:
    busy: list[Awaitable[object]] = []
    for number in range(20):
        pins = storage.guild(number + 1).pins
        busy += [
            pins.pin("Qui ?", Language.FRENCH, PASSAGE, by=MODERATOR),
            storage.preferences.choose_language(number, Language.FRENCH),
            storage.privacy.sweep(),
        ]
    await asyncio.gather(*busy)
    assert len(await storage.preferences.languages()) == 20
    assert len(await storage.sequences()) == 20


async def test_nothing_goes_before_its_time(storage: Storage, clock: Clock) -> None:
    await fill(storage, clock, GUILD)
    await fill(storage, clock, OTHER)
    await storage.guild(GUILD).documents.remove("rules", by=MODERATOR, expected=1)
    await storage.privacy.left([OTHER])
    clock.advance(days=30, seconds=-1)
    assert await storage.privacy.sweep() == Swept()
    assert await storage.guild(GUILD).documents.bring_back("rules", by=MODERATOR) is not None
    assert await storage.guild(OTHER).documents.count() == 1
