"""The contract of every storage: questions, opinions, pins, requests, settings."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pydantic
import pytest
from sqlalchemy.exc import IntegrityError

from bot.storage import (
    Action,
    AskedQuestion,
    Gap,
    GuildSettings,
    Meaning,
    Opinion,
    Pin,
    Resolution,
    Statistics,
    Storage,
    Surface,
    new_question_id,
)
from index import Outcome, Strictness
from knowledge import Language
from tests.bot.storage.conftest import Clock

GUILD, OTHER, MODERATOR, MEMBER = 11, 22, 7, 70
PASSAGE = "0123456789abcdef"


def question(clock: Clock, text: str = "Qui est Tim Wu ?", **changes: object) -> AskedQuestion:
    plain = AskedQuestion(
        id=new_question_id(),
        guild=GUILD,
        at=clock.now,
        text=text,
        language=Language.FRENCH,
        outcome=Outcome.ANSWER,
        passage=PASSAGE,
        evidence=6.25,
        milliseconds=8.5,
        channel=5,
        surface=Surface.COMMAND,
        url="https://discord.com/channels/11/5/6",
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def none(clock: Clock, text: str, **changes: object) -> AskedQuestion:
    return question(clock, text, outcome=Outcome.NONE, passage=None, **changes)


def test_a_question_has_nothing_that_says_who_asked() -> None:
    names = {each.name for each in dataclasses.fields(AskedQuestion)}
    assert names.isdisjoint({"member", "user", "author", "asker", "by"})


async def test_questions_of_many_guilds_are_recorded_together_or_not_at_all(
    storage: Storage, clock: Clock
) -> None:
    ours, theirs = question(clock), question(clock, guild=OTHER)
    await storage.record([ours, theirs])
    for asked in (ours, theirs):
        here = storage.guild(asked.guild)
        assert await here.questions.since(clock.now) == (asked,)
    late = question(clock, guild=33)
    with pytest.raises(IntegrityError):
        await storage.record([late, ours])
    assert await storage.guild(33).questions.get(late.id) is None
    await storage.record([])
    assert await storage.sequences() == {GUILD: 0, OTHER: 0}


async def test_a_question_is_read_as_it_was_recorded(storage: Storage, clock: Clock) -> None:
    questions = storage.guild(GUILD).questions
    asked = question(clock)
    private = none(clock, "comment faire ?", url=None)
    await storage.record([asked, private])
    assert await questions.get(asked.id) == asked
    assert await questions.get(private.id) == private
    assert await questions.get("x" * 16) is None
    clock.advance(hours=1)
    later = question(clock)
    await storage.record([later])
    early = question(clock, at=clock.now - dt.timedelta(hours=2))
    await storage.record([early])
    first, *same, last = await questions.since(early.at)
    assert (first, last) == (early, later) and set(same) == {asked, private}
    assert await questions.since(clock.now) == (later,)


async def test_the_numbers_are_of_one_guild_since_a_moment(storage: Storage, clock: Clock) -> None:
    questions = storage.guild(GUILD).questions
    assert await questions.statistics(clock.now) == Statistics({}, {}, (), 0, 0, None)
    start, today = clock.now, clock.now.date()
    early = question(clock, at=start - dt.timedelta(seconds=1))
    await storage.record([early, question(clock, guild=OTHER)])
    for helpful in (True, True, False):
        await questions.add_opinion(Opinion(early.id, PASSAGE, helpful=helpful))
    await storage.guild(OTHER).questions.add_opinion(Opinion(None, PASSAGE, helpful=False))
    passages = [f"{number:016x}" for number in (1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6)]
    await storage.record(
        [question(clock, passage=each, milliseconds=float(at)) for at, each in enumerate(passages)]
    )
    clock.advance(days=1)
    english: dict[str, Any] = {"language": Language.ENGLISH, "milliseconds": 900.0}
    await storage.record([none(clock, "Who?", **english) for _ in range(12)])
    await questions.add_opinion(Opinion(None, PASSAGE, helpful=False))
    assert await questions.statistics(start) == Statistics(
        {(today, Outcome.ANSWER): 11, (today + dt.timedelta(days=1), Outcome.NONE): 12},
        {Language.ENGLISH: 12, Language.FRENCH: 11},
        tuple((f"{number:016x}", 2) for number in range(2, 7)),
        2,
        2,
        900.0,
    )
    numbers = await questions.statistics(clock.now)
    assert list(numbers.languages) == [Language.ENGLISH]
    assert (numbers.total, numbers.passages) == (12, ())
    assert (numbers.helpful, numbers.unhelpful, numbers.median_milliseconds) == (0, 1, 900.0)


async def test_the_language_asked_in_most_comes_first(storage: Storage, clock: Clock) -> None:
    asked = [question(clock), *(none(clock, "Who?", language=Language.ENGLISH) for _ in "ab")]
    await storage.record(asked)
    numbers = await storage.guild(GUILD).questions.statistics(clock.now)
    assert list(numbers.languages.items()) == [(Language.ENGLISH, 2), (Language.FRENCH, 1)]


async def test_gaps_are_what_was_not_answered_well(storage: Storage, clock: Clock) -> None:
    questions = storage.guild(GUILD).questions
    answered, disliked, liked = (question(clock, f"Question {each} ?") for each in "abc")
    nothing = none(clock, "où est le bureau ?")
    closest = question(clock, "Et puis ?", outcome=Outcome.CLOSEST)
    await storage.record([answered, disliked, liked, nothing, closest])
    await questions.add_opinion(Opinion(disliked.id, PASSAGE, helpful=False, sought="son âge"))
    await questions.add_opinion(Opinion(liked.id, PASSAGE, helpful=True))
    await questions.add_opinion(Opinion(None, PASSAGE, helpful=False))
    found = await questions.gaps(99)
    assert {each.question for each in found} == {disliked.id, nothing.id, closest.id}
    opinions = await questions.opinions(clock.now)
    assert opinions == (
        Opinion(disliked.id, PASSAGE, helpful=False, sought="son âge"),
        Opinion(liked.id, PASSAGE, helpful=True),
        Opinion(None, PASSAGE, helpful=False),
    )


async def test_an_opinion_takes_the_place_of_the_same_voice_s(
    storage: Storage, clock: Clock
) -> None:
    questions, theirs = (storage.guild(each).questions for each in (GUILD, OTHER))
    asked = question(clock)
    await storage.record([asked])
    unhelpful = Opinion(asked.id, PASSAGE, helpful=False, sought="son âge")
    for voice in ("a" * 32, "a" * 32, "b" * 32):
        await questions.add_opinion(unhelpful, voice=voice)
    await theirs.add_opinion(Opinion(None, PASSAGE, helpful=True), voice="a" * 32)
    await questions.add_opinion(Opinion(asked.id, PASSAGE, helpful=True), voice="a" * 32)
    assert await questions.opinions(clock.now) == (
        Opinion(asked.id, PASSAGE, helpful=True, sought="son âge"),
        unhelpful,
    )
    exported = await storage.privacy.export(GUILD)
    assert "a" * 32 not in str(exported)


async def test_questions_of_the_same_words_are_one_gap_most_asked_first(
    storage: Storage, clock: Clock
) -> None:
    questions = storage.guild(GUILD).questions
    meaning = Meaning("0" * 16, b"\x00\x3c" * 8)
    rare = none(clock, "Et le soir ?", url=None, meaning=meaning)
    public, latest = none(clock, "Ou est le bureau"), none(clock, "Où est le bureau ?", url=None)
    latest = dataclasses.replace(latest, at=clock.now + dt.timedelta(hours=1))
    theirs = none(clock, "Et le soir ?", guild=OTHER)
    await storage.record([rare, public, latest])
    await storage.record([theirs])
    assert await questions.gaps(99) == (
        Gap(latest.id, latest.text, Language.FRENCH, Outcome.NONE, 2, latest.at, public.url, None),
        Gap(rare.id, rare.text, Language.FRENCH, Outcome.NONE, 1, rare.at, None, meaning),
    )
    assert len(await questions.gaps(1)) == 1
    clock.advance(hours=2)
    newest = [none(clock, "Et demain ?"), none(clock, "Et hier ?", id="-" * 16)]
    await storage.record(newest)
    # How often comes first, then how lately, then the id, of which that one is the least.
    order = [latest.id, newest[1].id, newest[0].id, rare.id]
    assert [each.question for each in await questions.gaps(99)] == order
    exported = await storage.privacy.export(GUILD)
    assert "embedding" not in exported["questions"][0]


async def test_a_gap_is_settled_once(storage: Storage, clock: Clock) -> None:
    guild = storage.guild(GUILD)
    first, second = none(clock, "où est le bureau ?"), none(clock, "Ou est le bureau")
    await storage.record([first, second])
    identifiers = [first.id, second.id, "unknown-unknown-"]
    assert await guild.questions.settle(identifiers, Resolution.DONE, by=MODERATOR) == 2
    assert await guild.questions.gaps(99) == ()
    assert await guild.questions.settle(identifiers, Resolution.DONE, by=MODERATOR) == 0
    settled = await guild.questions.get(first.id)
    assert settled is not None and settled.progress is Resolution.DONE
    (entry,) = await guild.audit.latest(5)
    assert (entry.by, entry.action, entry.old, entry.new) == (
        MODERATOR,
        Action.GAP_SETTLED,
        None,
        {"progress": "done", "questions": 2},
    )
    assert entry.subject in {first.text, second.text}
    again = none(clock, "où est le bureau ?")
    await storage.record([again])
    assert [each.question for each in await guild.questions.gaps(99)] == [again.id]


async def test_more_questions_are_settled_at_once_than_a_condition_may_name(
    storage: Storage, clock: Clock
) -> None:
    guild = storage.guild(GUILD)
    asked = [none(clock, f"Question {number} ?") for number in range(2)]
    await storage.record(asked)
    unknown = [f"{number:016}" for number in range(1100)]
    identifiers = [*unknown, asked[0].id, *unknown, asked[1].id]
    assert await guild.questions.settle(identifiers, Resolution.DONE, by=MODERATOR) == 2
    (entry,) = await guild.audit.latest(5)
    assert (entry.subject, entry.new) == ("Question 0 ?", {"progress": "done", "questions": 2})


async def test_an_answer_that_is_shown_to_everybody_is_linked_and_no_other(
    storage: Storage, clock: Clock
) -> None:
    questions = storage.guild(GUILD).questions
    shown, private = question(clock, url=None), question(clock, url=None)
    await storage.record([shown, private])
    await questions.made_public(shown.id, "https://x.y/1")
    assert await questions.get(shown.id) == dataclasses.replace(shown, url="https://x.y/1")
    assert await questions.get(private.id) == private


async def test_what_is_no_subject_stays_none(storage: Storage, clock: Clock) -> None:
    questions = storage.guild(GUILD).questions
    first = none(clock, "Une blague ?")
    await storage.record([first])
    await questions.settle([first.id], Resolution.OFF_SUBJECT, by=MODERATOR)
    await storage.record([none(clock, "une blague"), none(clock, "une vanne")])
    assert [each.text for each in await questions.gaps(99)] == ["une vanne"]


async def test_what_was_sought_is_found_by_its_question_alone(
    storage: Storage, clock: Clock
) -> None:
    first, second = none(clock, "où ?"), none(clock, "quand ?")
    await storage.record([first, second])
    questions = storage.guild(GUILD).questions
    for sought in ("le lieu", "", "l’adresse", "le lieu"):
        opinion = Opinion(first.id, PASSAGE, helpful=False, sought=sought)
        await questions.add_opinion(opinion)
    await questions.add_opinion(Opinion(second.id, PASSAGE, helpful=False, sought="le jour"))
    assert await questions.sought(first.id) == ("le lieu", "l’adresse")
    assert await storage.guild(OTHER).questions.sought(first.id) == ()


async def test_a_pin_replaces_the_pin_of_the_same_question(storage: Storage, clock: Clock) -> None:
    guild = storage.guild(GUILD)
    before = await guild.sequence()
    first = await guild.pins.pin("Qui est Tim Wu ?", Language.FRENCH, PASSAGE, by=MODERATOR)
    assert await guild.sequence() > before
    assert first == Pin(
        first.id, "Qui est Tim Wu ?", Language.FRENCH, PASSAGE, clock.now, MODERATOR
    )
    other = "f" * 16
    second = await guild.pins.pin("qui est tim wu", Language.FRENCH, other, by=8)
    assert second.id == first.id
    third = await guild.pins.pin("Who is Tim Wu?", Language.ENGLISH, other, by=8)
    assert await guild.pins.every() == (third, second)
    assert await guild.pins.get(third.id) == third
    assert await storage.guild(OTHER).pins.get(third.id) is None
    assert await storage.guild(OTHER).pins.unpin(third.id, by=9) is None
    sequence = await guild.sequence()
    assert await guild.pins.unpin(second.id, by=9) == second
    assert await guild.sequence() > sequence
    assert await guild.pins.unpin(second.id, by=9) is None
    entries = [
        (each.by, each.action, each.subject, each.old, each.new)
        for each in await guild.audit.latest(9)
    ]
    assert entries == [
        (9, Action.UNPINNED, "qui est tim wu", other, None),
        (8, Action.PINNED, "Who is Tim Wu?", None, other),
        (8, Action.PINNED, "qui est tim wu", PASSAGE, other),
        (MODERATOR, Action.PINNED, "Qui est Tim Wu ?", None, PASSAGE),
    ]


async def test_a_request_waits_until_it_is_answered(storage: Storage, clock: Clock) -> None:
    requests = storage.guild(GUILD).requests
    asked = {"member": MEMBER, "language": Language.FRENCH, "channel": 5}
    first = await requests.add(text="Où est le bureau ?", question="q" * 16, url="u", **asked)  # type: ignore[arg-type]
    again = await requests.add(text="ou est le bureau", **asked)  # type: ignore[arg-type]
    assert again == first
    assert (first.member, first.at, first.answered) == (MEMBER, clock.now, False)
    second = await requests.add(text="Et le soir ?", **asked)  # type: ignore[arg-type]
    assert await requests.waiting() == (first, second)
    assert await storage.guild(OTHER).requests.get(first.id) is None
    assert await storage.guild(OTHER).requests.answer(first.id, by=1) is None
    answered = await requests.answer(first.id, by=MODERATOR)
    assert answered == first
    kept = await requests.get(first.id)
    assert kept is not None and (kept.answered, kept.member) == (True, None)
    assert await requests.answer(first.id, by=MODERATOR) is None
    assert await requests.waiting() == (second,)
    (entry,) = await storage.guild(GUILD).audit.latest(9)
    assert (entry.by, entry.action) == (MODERATOR, Action.REQUEST_ANSWERED)
    assert (entry.subject, entry.at) == ("Où est le bureau ?", clock.now)


async def test_settings_have_defaults_and_are_changed_one_by_one(storage: Storage) -> None:
    guild = storage.guild(GUILD)
    assert await guild.settings.read() == GuildSettings()
    await guild.settings.change(by=1, strictness=Strictness.STRICT, open_channels=(5, 6))
    after = await guild.settings.change(by=2, open_channels=(6,), retention_days=90)
    assert after == GuildSettings(strictness=Strictness.STRICT, open_channels=(6,))
    assert await guild.settings.read() == after
    assert await storage.guild(OTHER).settings.read() == GuildSettings()
    sequence = await guild.sequence()
    await guild.settings.change(by=2, open_channels=(6,))
    assert await guild.sequence() == sequence
    entries = [(each.by, each.subject, each.old, each.new) for each in await guild.audit.latest(9)]
    assert entries == [
        (2, "open_channels", [5, 6], [6]),
        (1, "strictness", None, "strict"),
        (1, "open_channels", [], [5, 6]),
    ]


@pytest.mark.parametrize(
    "wrong", [{"retention_days": 0}, {"open_channels": tuple(range(26))}, {"strictness": "lax"}]
)
async def test_a_wrong_setting_changes_nothing(storage: Storage, wrong: dict[str, object]) -> None:
    guild = storage.guild(GUILD)
    with pytest.raises(pydantic.ValidationError):
        await guild.settings.change(by=1, digest=True, **wrong)  # type: ignore[arg-type]
    assert await guild.settings.read() == GuildSettings()
    assert await guild.audit.count() == 0


async def test_a_member_chooses_a_language(storage: Storage) -> None:
    preferences = storage.preferences
    assert await preferences.languages() == {}
    await preferences.choose_language(MEMBER, Language.FRENCH)
    await preferences.choose_language(MODERATOR, Language.FRENCH)
    await preferences.choose_language(MEMBER, Language.ENGLISH)
    assert await preferences.languages() == {
        MEMBER: Language.ENGLISH,
        MODERATOR: Language.FRENCH,
    }
    await preferences.choose_language(MEMBER, None)
    await preferences.choose_language(MEMBER, None)
    assert await preferences.languages() == {MODERATOR: Language.FRENCH}


async def test_a_request_is_given_back_as_it_was_handed_over(
    storage: Storage, clock: Clock
) -> None:
    requests = storage.guild(GUILD).requests
    asked = question(clock, guild=GUILD)
    await storage.record([asked])
    about: dict[str, Any] = {"language": Language.FRENCH, "channel": 5}
    first = await requests.add(
        member=MEMBER, text="Où est-ce ?", question=asked.id, url="https://x.y/1", **about
    )
    # Another member's question of the same words is another request.
    second = await requests.add(member=MEMBER + 1, text="Où est-ce ?", **about)
    assert first.id != second.id
    assert await requests.waiting() == (first, second)
    assert await requests.get(first.id) == first
    assert (first.member, first.text, first.channel) == (MEMBER, "Où est-ce ?", 5)
    assert (first.question, first.url) == (asked.id, "https://x.y/1")
    assert (first.at, first.language, first.answered) == (clock.now, Language.FRENCH, False)


async def test_questions_of_the_same_words_are_given_once(storage: Storage, clock: Clock) -> None:
    meaning = Meaning("0" * 16, b"\x00\x3c")
    old = question(clock, "Vieille question ?", at=clock.now - dt.timedelta(days=91))
    asked = [
        question(clock, "QUI est Tim Wu", at=clock.now - dt.timedelta(days=1)),
        question(clock, meaning=meaning),
        none(clock, "Who keeps the bar?", language=Language.ENGLISH),
    ]
    await storage.record([old, *asked, question(clock, guild=OTHER)])
    questions = storage.guild(GUILD).questions
    since = clock.now - dt.timedelta(days=90)
    first, second = await questions.different_since(since, 10)
    assert (first.text, first.count, first.meaning) == ("Qui est Tim Wu ?", 2, meaning)
    assert (second.text, second.language, second.meaning) == (
        "Who keeps the bar?",
        Language.ENGLISH,
        None,
    )
    assert await questions.different_since(since, 1) == (first,)


async def test_how_often_passages_were_quoted_is_counted(storage: Storage, clock: Clock) -> None:
    old = question(clock, at=clock.now - dt.timedelta(days=91))
    other = question(clock, passage="f" * 16)
    theirs = question(clock, guild=OTHER)
    await storage.record([old, question(clock), question(clock), other, none(clock, "?"), theirs])
    questions = storage.guild(GUILD).questions
    since = clock.now - dt.timedelta(days=90)
    assert await questions.quoted_since(since) == {PASSAGE: 2, "f" * 16: 1}
