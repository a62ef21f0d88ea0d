"""The page's cards are those that Discord is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
import simcord

from bot.locales import Phrasebooks
from bot.operations.preview.previewer import Previewer, Shown
from knowledge import Language
from tests.bot.cogs.moderators.test_requests_on_discord import appoint
from tests.bot.world import World, press
from tests.contracts import walk

FRENCH, ENGLISH = Language.FRENCH, Language.ENGLISH
BOOKS = Phrasebooks.read()
OURS = {"id", "elements"}
"""What simcord adds to a payload, and what the page does."""


def payload(components: Iterable[Mapping[str, Any]]) -> Any:  # noqa: ANN401 - any JSON
    """Components without what differs from one message to the next."""

    def bare(value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, dict):
            return {key: bare(inner) for key, inner in value.items() if key not in OURS}
        return [bare(each) for each in value] if isinstance(value, list) else value

    written = json.dumps(bare(list(components)))
    written = re.sub(r'(helpful:[0-9a-f]{16}:)[\w-]{16}"', r'\1kept"', written)
    written = re.sub(r"moderators:[\w-]{16}:\d+", "moderators:kept:asker", written)
    return json.loads(re.sub(r"delete:\d+", "delete:asker", written))


def sent(result: simcord.InteractionResult) -> Any:  # noqa: ANN401
    assert result.response is not None
    return payload(result.response.components)


def shown(answer: Shown) -> Any:  # noqa: ANN401
    components = answer.as_json()["components"]
    assert components is not None
    return payload(components)


def custom_id(answer: Shown, label: str) -> str:
    for each in walk(shown(answer)):
        if each.get("label") == label:
            return str(each["custom_id"])
        for option in each.get("options", ()):
            if option["label"] == label:
                return str(option["value"])
    raise AssertionError(label)


@pytest.mark.parametrize(
    "question",
    [
        "Qui fait partie de la coalition ?",
        "c koi *small* business <@1> @everyone `rising` ||???||",
        "Comment cuire des pâtes al dente ?",
        "pourquoi " * 200,
        "bonjour",
        "who is tim wu",
        "👍🏽",
    ],
)
async def test_an_answer_is_the_card_that_discord_is_sent(
    previewer: Previewer, world: World, question: str
) -> None:
    await appoint(world, world.guild.create_text_channel("moderators"))
    for member, language in ((world.zoe, FRENCH), (world.ann, ENGLISH)):
        result = await member.slash(world.channel, "ask", question=question)
        assert shown(await previewer.ask(question, language, ENGLISH)) == sent(result)


@pytest.mark.parametrize("label", ["others", "context", "other_language"])
async def test_a_button_shows_what_it_shows_in_discord(
    previewer: Previewer, world: World, label: str
) -> None:
    phrases = BOOKS[ENGLISH]
    words = phrases(f"card.{label}", count=3, language=phrases("written_in.fr"))
    asked = await previewer.ask("who is tim wu", ENGLISH, FRENCH)
    answered = await world.ann.slash(world.channel, "ask", question="who is tim wu")
    assert answered.response is not None

    opened = await previewer.press(custom_id(asked, words), ENGLISH, FRENCH)
    result = await press(world.ann, answered.response, words)

    assert shown(opened) == sent(result)
    assert opened.private and not opened.in_place
    assert opened.said == "Un nouveau message est montré."


async def test_a_long_passage_is_read_page_by_page(previewer: Previewer) -> None:
    asked = await previewer.ask("who is tim wu", ENGLISH, ENGLISH)
    place = custom_id(asked, "In context").removeprefix("context:")
    whole = await previewer.press(f"whole:turn:7:{place}", ENGLISH, ENGLISH)
    assert whole.in_place
    assert "-# Page 1 of 1" in json.dumps(shown(whole)), "the last page, where there is no eighth"


async def test_passages_turn_in_place(previewer: Previewer) -> None:
    asked = await previewer.ask("who is tim wu", ENGLISH, ENGLISH)
    first = await previewer.press(custom_id(asked, "Other passages (3)"), ENGLISH, ENGLISH)
    second = await previewer.press(custom_id(first, "Next"), ENGLISH, ENGLISH)
    assert second.in_place
    assert "-# Other passage 2 of 3" in json.dumps(shown(second))
    back = await previewer.press(custom_id(second, "Previous"), ENGLISH, ENGLISH)
    assert shown(back) == shown(first)


async def test_topics_open_documents_as_in_discord(previewer: Previewer, world: World) -> None:
    topics = previewer.topics(FRENCH, FRENCH)
    result = await world.zoe.slash(world.channel, "topics")
    assert shown(topics) == sent(result)
    following = await previewer.press(custom_id(topics, "Suivant"), FRENCH, FRENCH)
    assert following.in_place
    reading = await previewer.press(custom_id(topics, "Lire 1"), FRENCH, FRENCH)
    read = await world.zoe.slash(world.channel, "read", document="small-business-rising")
    assert shown(reading) == sent(read)


async def test_a_suggestion_is_asked(previewer: Previewer) -> None:
    nothing = await previewer.ask("how do i unclog a sink", ENGLISH, ENGLISH)
    *offered, moderators = [each for each in walk(shown(nothing)) if each["type"] == 2]
    assert len(offered) == 3
    assert moderators["label"] == "Ask the moderators"
    answer = await previewer.press(offered[0]["custom_id"], FRENCH, ENGLISH)
    assert f"**{offered[0]['label']}**" in json.dumps(shown(answer))
    assert answer.private and answer.explained is not None
    assert answer.quote_language is ENGLISH
    assert "Montrer à tous" in json.dumps(shown(answer), ensure_ascii=False)


@pytest.mark.parametrize(
    "pressed", ["helpful:0123456789abcdef:----------------", "delete:1", "sought:x", "", "\u202e"]
)
async def test_what_needs_discord_says_so(previewer: Previewer, pressed: str) -> None:
    answer = await previewer.press(pressed, FRENCH, ENGLISH)
    assert answer.card is None
    assert answer.said == "This button works only in Discord; here it does nothing."


@pytest.mark.parametrize(
    "pressed",
    [
        "passage:0123456789abcdef0:fr",
        "others:turn:9:fr:0123456789abcdef0",
        "read:open:0123456789abcdef:en",
        "suggested:0123456789abcdef:fr:01234567",
    ],
)
async def test_a_passage_that_is_gone_is_said_to_be(previewer: Previewer, pressed: str) -> None:
    answer = await previewer.press(pressed, FRENCH, ENGLISH)
    assert answer.said == BOOKS[ENGLISH]("problem.gone")
    assert BOOKS[FRENCH]("problem.gone") in json.dumps(shown(answer), ensure_ascii=False)


async def test_the_explanation_is_that_of_the_terminal(previewer: Previewer) -> None:
    answer = await previewer.ask("Qui est Tim Wu ?", FRENCH, FRENCH)
    explained = answer.explained
    assert explained is not None
    best = explained["passages"][0]
    assert best["number"] == 9
    assert best["curated_question"]["matched_words"]
    evidence = f"{explained['evidence']:.2f}".replace(".", ",")
    assert answer.said.startswith("Une réponse est montrée")
    assert evidence in answer.said
    assert (await previewer.ask("", FRENCH, FRENCH)).explained is None


async def test_suggestions_are_those_of_the_command(previewer: Previewer, world: World) -> None:
    for typed in ("", "qui ", "amazon fait quoi"):
        offered = await world.zoe.autocomplete(world.channel, "ask", "question", typed)
        assert await previewer.suggest(typed, FRENCH) == [each["value"] for each in offered]
