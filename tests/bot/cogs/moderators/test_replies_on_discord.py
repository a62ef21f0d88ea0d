"""Moderators answer in their own words, and keep what they wrote as a document."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from simcord import MemberActor

from bot.client.client import CoalitionBot
from bot.cogs.moderators.requests.panel import (
    LONGEST_REPLY,
    Background,
    Ending,
    reply_in,
    request_card,
)
from bot.components.markup import escaped, unescaped
from bot.locales import Phrasebooks
from bot.storage import GuildStorage, Request, Resolution
from knowledge import Language
from tests.bot.cogs.moderators.test_requests_on_discord import (
    SINK,
    asked,
    desk,
    handed_over,
    kept,
    mo,
    moderated,
    moderator_of,
    told,
)
from tests.bot.world import World, buttons, last_message, press, response, text
from tests.contracts import check_components

__all__ = ["kept", "mo", "moderated"]
WORDS = "Pour boiling water into it, then *use* a plunger. @everyone"
KEEP = "Garder en question-réponse"


async def replied(world: World, moderator: MemberActor, words: str = WORDS) -> object:
    modal = await press(moderator, await handed_over(world), "Answer in your own words")
    return await moderator.submit_modal(modal, {"words": words})


async def test_a_moderator_answers_in_their_own_words(
    moderated: World, mo: MemberActor, kept: GuildStorage
) -> None:
    modal = await press(mo, await handed_over(moderated), "Answer in your own words")
    assert modal.modal is not None and modal.modal["title"] == "Répondre avec vos mots"
    done = await mo.submit_modal(modal, {"words": WORDS})
    assert "Le membre est prévenu" in text(done)
    said = told(moderated.ann)
    assert "in their own words; this is not a quote" in said
    assert escaped(WORDS) in said and not [line for line in said.split("\n") if line[:1] == ">"]
    assert await kept.requests.waiting() == ()
    assert await kept.questions.gaps(9) == ()
    ended = last_message(desk(moderated))
    assert f"<@{mo.id}> answered it in their own words:\n{escaped(WORDS)}" in text(ended)


@pytest.mark.parametrize("where", ["reply", "post"])
async def test_one_tap_makes_it_an_entry_that_questions_find(
    moderated: World, mo: MemberActor, kept: GuildStorage, where: str
) -> None:
    modal = await press(mo, await handed_over(moderated), "Answer in your own words")
    done = await mo.submit_modal(modal, {"words": WORDS})
    shown = done if where == "reply" else last_message(desk(moderated))
    keep = next(iter(buttons(shown)))
    added = await press(mo, shown, keep)
    assert SINK in text(added) and "est ajouté" in text(added)
    again = await press(mo, shown, keep)
    assert "ont déjà une réponse à cette question" in text(again)
    (slug,) = await kept.documents.slugs()
    version = await kept.documents.newest(slug)
    assert version is not None and WORDS in version.files["en.md"]
    assert SINK in version.files["questions.yaml"]
    answer = await moderated.zoe.slash(moderated.channel, "ask", question=SINK)
    assert "plunger" in text(answer)


async def test_only_moderators_reply_and_keep(moderated: World, mo: MemberActor) -> None:
    post = await handed_over(moderated)
    refused = await press(moderated.ann, post, "Answer in your own words")
    assert "people who manage messages" in text(refused)
    modal = await press(mo, post, "Answer in your own words")
    await mo.submit_modal(modal, {"words": WORDS})
    refused = await press(
        moderated.ann, last_message(desk(moderated)), "Keep as question and answer"
    )
    assert "people who manage messages" in text(refused)


async def test_a_reply_that_comes_too_late_is_given_back(moderated: World, mo: MemberActor) -> None:
    post = await handed_over(moderated)
    modal = await press(mo, post, "Answer in your own words")
    await press(mo, post, "Done")
    late = await mo.submit_modal(modal, {"words": WORDS})
    assert "a déjà été traitée" in text(late) and escaped(WORDS) in text(late)


async def test_a_reply_survives_a_restart(
    moderated: World, mo: MemberActor, make_bot: Callable[[], CoalitionBot]
) -> None:
    modal = await press(mo, await handed_over(moderated), "Answer in your own words")
    await moderated.env.restart_bot(make_bot())
    done = await mo.submit_modal(modal, {"words": WORDS})
    await moderated.env.restart_bot(make_bot())
    assert "est ajouté" in text(await press(mo, done, KEEP))


async def test_who_takes_no_direct_messages_is_told_where_everybody_saw_the_question(
    moderated: World, mo: MemberActor
) -> None:
    modal = await press(mo, await handed_over(moderated), "Answer in your own words")
    path = f"/channels/{moderated.ann.user.dm_channel.id}/messages"
    moderated.env.inject_error("POST", path, status=403, code=50007)
    done = await mo.submit_modal(modal, {"words": WORDS})
    assert "prévenu là où il a posé la question" in text(done)
    said = last_message(moderated.channel)
    assert text(said).startswith(f"<@{moderated.ann.id}>\n**{SINK}**")
    assert escaped(WORDS) in text(said)
    assert [each.id for each in said.mentions] == [moderated.ann.id]
    assert not said.mention_everyone


async def test_what_only_its_member_saw_is_told_to_nobody_else(
    moderated: World, mo: MemberActor
) -> None:
    answer = await moderated.ann.slash(moderated.channel, "ask", question=SINK, private=True)
    await press(moderated.ann, response(answer), "Ask the moderators")
    path = f"/channels/{moderated.ann.user.dm_channel.id}/messages"
    moderated.env.inject_error("POST", path, status=403, code=50007)
    done = await press(mo, last_message(desk(moderated)), "Done")
    assert "n’a pas pu être prévenu" in text(done)
    assert moderated.channel.history() == []


async def test_every_answer_leads_to_the_moderators_with_what_was_given(
    moderated: World,
) -> None:
    answer = await asked(moderated, "Who is Tim Wu?")
    await press(moderated.ann, answer, "Ask the moderators")
    post = last_message(desk(moderated))
    assert text(post).startswith("**Who is Tim Wu?**\n-# A member asks this in")
    assert "the answer below did not help" in text(post)
    assert "-# given: " in text(post) and "Tim Wu" in text(post)


async def test_after_an_answer_that_did_not_help_what_was_sought_is_handed_over(
    moderated: World,
) -> None:
    answer = await asked(moderated, "Who is Tim Wu?")
    modal = await press(moderated.zoe, answer, "👎")
    said = await moderated.zoe.submit_modal(modal, {"sought": "*son* âge"})
    assert text(said).startswith("Merci")
    handed = await press(moderated.zoe, said, "Demander aux modérateurs")
    assert text(handed).startswith("Les modérateurs ont votre question.")
    post = text(last_message(desk(moderated)))
    assert r"-# looked for: \*son\* âge" in post and "did not help" in post


async def test_a_moderator_in_english_reads_english(moderated: World) -> None:
    moderator = moderator_of(moderated)
    moderated.tongues[moderator] = "en-US"
    post = await handed_over(moderated)
    modal = await press(moderator, post, "Answer in your own words")
    empty = await moderator.submit_modal(modal, {"words": "  "})
    assert text(empty).startswith("The answer was empty")
    modal = await press(moderator, post, "Answer in your own words")
    done = await moderator.submit_modal(modal, {"words": WORDS})
    assert text(done).startswith("Done. The member has been told.")
    assert list(buttons(done)) == ["Keep as question and answer"]


@pytest.mark.parametrize("ugly", ["*" * LONGEST_REPLY, r"a\*b \\ _c_ 1. d", "- x\n# y\n> z"])
def test_a_reply_is_read_again_to_the_letter(ugly: str) -> None:
    assert unescaped(escaped(ugly)) == ugly
    assert reply_in(None) is None


@pytest.mark.parametrize("language", list(Language))
def test_a_request_is_a_valid_card_whatever_came_before(language: Language) -> None:
    phrases, now = Phrasebooks.read()[language], dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    request = Request(
        10**14, 1, "*" * 2000, language, 1, now, "q", "https://discord.com/channels/1"
    )
    background = Background("_" * 5000, ("|" * 500,) * 9)
    check_components(request_card(request, phrases, background=background).to_components())  # type: ignore[no-untyped-call]
    ending = Ending("replied", Resolution.DONE, 1, words="*" * LONGEST_REPLY)
    closed = dataclasses.replace(request, url=None)
    card = request_card(closed, phrases, ending, background)
    check_components(card.to_components())  # type: ignore[no-untyped-call]
