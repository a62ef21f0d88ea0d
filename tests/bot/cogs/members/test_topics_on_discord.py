"""Members go through what the bot knows: its topics, and a document passage by passage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from simcord import InteractionResult

from bot.client.client import CoalitionBot
from tests.bot.world import World, buttons, press, raw, response, text, texts
from tests.contracts import check_commands, walk

SLUG = "small-business-rising"


def opening(result: InteractionResult, number: int) -> str:
    """The custom_id of the button beside the topic `number`, counted from 0."""
    ids = [str(each.get("custom_id", "")) for each in walk(raw(result)["components"])]
    return [each for each in ids if each.startswith("read:open:")][number]


async def test_topics_show_a_question_for_each_passage_in_pages(world: World) -> None:
    shown = await world.zoe.slash(world.channel, "topics")
    assert shown.ephemeral
    title, document, first, *_ = texts(shown)
    assert title == "**Ce que je peux citer**\n-# Page 1 sur 2"
    assert document.startswith("**Une coalition de petites entreprises américaines")
    assert first.endswith("?\n-# passage 1 sur 9")
    turned = await press(world.zoe, response(shown), "Suivant")
    assert texts(turned)[0].endswith("-# Page 2 sur 2")
    assert "passage 9 sur 9" in text(turned)
    back = await press(world.zoe, response(shown), "Précédent")
    assert texts(back) == texts(shown)


async def test_a_topic_opens_its_passage_privately(world: World) -> None:
    topics = await world.ann.slash(world.channel, "topics")
    opened = await world.ann.click(response(topics), custom_id=opening(topics, 3))
    assert opened.ephemeral
    assert text(opened).startswith("> The American Booksellers Association")
    assert "passage 4 of 9" in text(opened)


async def test_a_document_is_read_from_passage_to_passage(world: World) -> None:
    shown = await world.ann.slash(world.channel, "read", document=SLUG)
    assert shown.ephemeral
    assert 'Named "Small Business Rising,"' in text(shown)
    assert "Previous" not in buttons(shown)
    message = response(shown)
    for number in range(2, 10):
        shown = await press(world.ann, message, "Next")
        assert f"passage {number} of 9" in text(shown)
    assert "Next" not in buttons(shown)
    shown = await press(world.ann, message, "Previous")
    assert "passage 8 of 9" in text(shown)
    french = await press(world.ann, message, "Read in French")
    assert "passage 8 of 9" in text(french)
    assert "Translated" not in text(french)
    assert "Read in English" in buttons(french)
    leaps = [each for each in buttons(french) if each[0].isdigit()]
    assert [each.partition(".")[0] for each in leaps] == list("12345679")
    assert "passage 4 of 9" in text(await press(world.ann, french, leaps[3]))


async def test_documents_are_offered_by_title_in_either_language(world: World) -> None:
    for typed in ("", "monopoly", "PETITES ENTREPRISES AMERICAINES"):
        offered, *_ = await world.zoe.autocomplete(world.channel, "read", "document", typed)
        assert offered["value"] == SLUG
        assert offered["name"].startswith("Une coalition de petites entreprises")
        assert len(offered["name"]) <= 100
    assert await world.ann.autocomplete(world.channel, "read", "document", "xyzzy") == []


async def test_a_document_is_opened_by_its_title_or_slug_as_typed(world: World) -> None:
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    (document,) = bot.knowledge.index.documents
    titles = [each.about.title for each in document.editions.values()]
    for typed in (*titles, titles[0].upper(), SLUG.upper(), SLUG.replace("-", " ")):
        opened = await world.zoe.slash(world.channel, "read", document=typed)
        assert "passage 1 sur 9" in text(opened), typed


async def test_a_document_that_is_not_there_is_said_kindly(world: World) -> None:
    shown = await world.zoe.slash(world.channel, "read", document="xyzzy")
    assert shown.ephemeral
    assert text(shown) == "Je n’ai aucun document de ce nom. `/sujets` montre ce que je connais."


async def test_reading_goes_on_after_a_restart(
    world: World, make_bot: Callable[[], CoalitionBot]
) -> None:
    topics = await world.ann.slash(world.channel, "topics")
    document = await world.ann.slash(world.channel, "read", document=SLUG)
    await world.env.restart_bot(make_bot())
    opened = await world.ann.click(response(topics), custom_id=opening(topics, 0))
    assert "passage 1 of 9" in text(opened)
    assert "passage 2 of 9" in text(await press(world.ann, response(document), "Next"))
    turned = await press(world.ann, response(topics), "Next")
    assert texts(turned)[0].endswith("-# Page 2 of 2")


async def test_what_is_gone_is_said_kindly(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    topics = await world.ann.slash(world.channel, "topics")
    document = await world.ann.slash(world.channel, "read", document=SLUG)
    bot = world.env.bot
    assert isinstance(bot, CoalitionBot)
    monkeypatch.setattr(bot.knowledge.shared.answerer, "index", Emptied())
    gone = await press(world.ann, response(document), "Next")
    assert gone.ephemeral
    assert "This passage is no longer there" in text(gone)
    turned = await press(world.ann, response(topics), "Next")
    assert text(turned) == "I have no document yet. A moderator can add one."


async def test_the_commands_keep_discords_limits(world: World) -> None:
    check_commands(await world.sync())


class Emptied:
    """An index from which everything has gone."""

    documents = ()

    def passage(self, identifier: str) -> None:
        """There is none."""
