"""Members who installed the bot for themselves ask where it is no member."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.storage import Storage
from tests.bot.world import World, buttons, press, response, text, texts

ELSEWHERE = 999
"""A server that the bot is not in."""


def in_a_server(payload: Mapping[str, Any], user: str) -> dict[str, Any]:
    """The same interaction, as Discord tells it from a server that the bot is not in."""
    return {
        **payload,
        "guild_id": str(ELSEWHERE),
        "guild": {"id": str(ELSEWHERE), "locale": "en-US", "features": []},
        "channel": {**payload["channel"], "guild_id": str(ELSEWHERE)},
        "app_permissions": "0",
        "authorizing_integration_owners": {"1": user},
        "context": 0,
    }


def in_a_private_channel(payload: Mapping[str, Any], user: str) -> dict[str, Any]:
    """The same interaction, as Discord tells it from between two other people."""
    kept = {key: payload[key] for key in payload if not key.startswith(("guild", "member"))}
    stranger = {"id": "77", "username": "eve", "discriminator": "0", "avatar": None}
    channel = {"id": payload["channel_id"], "type": 1, "recipients": [stranger], "flags": 0}
    return {
        **kept,
        "user": payload["member"]["user"],
        "channel": channel,
        "app_permissions": "0",
        "authorizing_integration_owners": {"1": user},
        "context": 2,
    }


@pytest.fixture(params=[in_a_server, in_a_private_channel])
def abroad(world: World, request: pytest.FixtureRequest) -> World:
    """The same members, whose interactions come from where the bot is not."""
    tell: Callable[[Mapping[str, Any], str], dict[str, Any]] = request.param
    plain = world.env.backend.emit

    def emit(event: str, payload: Mapping[str, Any]) -> None:
        if event == "INTERACTION_CREATE":
            payload = tell(payload, payload["member"]["user"]["id"])
        plain(event, payload)

    world.env.backend.emit = emit  # type: ignore[method-assign]
    return world


async def test_a_question_is_answered_and_not_kept(abroad: World, storage: Storage) -> None:
    answer = await abroad.zoe.slash(abroad.channel, "ask", question="Qui est Tim Wu ?")
    assert not answer.ephemeral
    assert "passage 9 sur 9" in text(answer)
    # Nobody is asked for an opinion on what is not kept.
    assert list(buttons(answer)) == [
        "Lire l’article",
        "Lire en anglais",
        "Voir le contexte",
        "Autres passages (3)",
        "Supprimer",
    ]
    for guild in (ELSEWHERE, abroad.guild.id):
        kept = await storage.guild(guild).questions.since(dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
        assert kept == ()


async def test_buttons_work(abroad: World) -> None:
    answer = response(await abroad.ann.slash(abroad.channel, "ask", question="Who is Tim Wu?"))
    context = await press(abroad.zoe, answer, "In context")
    assert context.ephemeral
    assert "passage 9 sur 9" in text(context)
    others = await press(abroad.zoe, answer, "Other passages (3)")
    turned = await press(abroad.zoe, response(others), "Suivant")
    assert texts(turned)[0] == "-# Autre passage, 2 sur 3"
    refused = await press(abroad.zoe, answer, "Delete")
    assert text(refused).startswith("Seuls l’auteur de la question")
    await press(abroad.ann, answer, "Delete")
    assert abroad.channel.history() == []


async def test_a_private_answer_can_be_shown_to_everyone(abroad: World) -> None:
    private = await abroad.ann.slash(abroad.channel, "ask", question="Who is Tim Wu?", private=True)
    assert private.ephemeral
    shown = await press(abroad.ann, response(private), "Show everyone")
    assert not shown.ephemeral


async def test_where_nothing_fits_questions_are_offered_and_no_moderators(abroad: World) -> None:
    answer = await abroad.ann.slash(abroad.channel, "ask", question="how do i unclog a sink")
    assert len(buttons(answer)) == 3
    assert "Ask the moderators" not in buttons(answer)


async def test_suggestions_and_reading_work(abroad: World) -> None:
    offered = await abroad.zoe.autocomplete(abroad.channel, "ask", "question", "qui est tim")
    assert offered[0]["name"].startswith("Qui est Tim Wu")
    topics = await abroad.ann.slash(abroad.channel, "topics")
    assert "What I can quote from" in text(topics)
    read = await abroad.ann.slash(abroad.channel, "read", document="small-business-rising")
    assert "passage 1 of 9" in text(read)


async def test_somebodys_message_is_searched(abroad: World) -> None:
    said = await abroad.zoe.send(abroad.channel, "who is part of the coalition?")
    found = await abroad.ann.context_menu(abroad.channel, "Find the passage", said)
    assert found.ephemeral
    assert "The American Booksellers Association" in text(found)


async def test_the_language_goes_along(abroad: World) -> None:
    await abroad.ann.slash(abroad.channel, "language", language="fr")
    answer = await abroad.ann.slash(abroad.channel, "ask", question="Who is Tim Wu?")
    assert "passage 9 sur 9" in text(answer)


async def test_help_names_no_mention(abroad: World) -> None:
    shown = text(await abroad.ann.slash(abroad.channel, "help"))
    assert "`/ask`" in shown or "</ask:" in shown
    assert "direct message" in shown
    assert "Mention me" not in shown
    assert "write your question here" not in shown
    assert len(shown.splitlines()) <= 10
