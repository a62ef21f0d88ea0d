"""The checks themselves: what Discord refuses is seen, and what it takes is let through."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts import ContractError, Contracts, check_rules, documents
from tests.contracts.documents import FOLDER

QUIET: dict[str, Any] = {"parse": []}
TEXT: dict[str, Any] = {"type": 10, "content": "text"}
V2 = 1 << 15
MESSAGES = "/api/v10/channels/1/messages"
CALLBACK = "/interactions/1/token/callback"


def card(*components: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"flags": V2, "components": list(components), "allowed_mentions": QUIET, **more}


def button(**more: object) -> dict[str, Any]:
    given = {"type": 2, "style": 2, "label": "Press", "custom_id": "press", **more}
    return {"type": 1, "components": [given]}


@pytest.fixture
def contracts() -> Contracts:
    found = documents()
    if found is None:
        pytest.skip(f"Discord's documents are not here, so nothing is checked: {FOLDER}")
    return found


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"content": "x" * 2001}, "2001 characters"),
        ({}, "empty message"),
        (card(), "empty message"),
        (card(TEXT, content="beside"), "beside components v2"),
        (card(*[TEXT] * 41), "41 components"),
        (card({**TEXT, "content": "x" * 4001}), "4001 characters"),
        (card({**TEXT, "content": " "}), "blank text"),
        (card({"type": 17, "components": []}), "empty container"),
        (card(button(), button()), "custom_id twice"),
        (card(button(custom_id="x" * 101)), "custom_id too long"),
        (card(button(label="x" * 81)), "label of 81"),
        (card(button(label=" ")), "neither label nor emoji"),
        (card(button(style=5, url="javascript:1")), "link to"),
        (card({"type": 1, "components": [TEXT] * 6}), "row of 6"),
        ({"content": "hi"}, "allowed_mentions"),
        (card(TEXT) | {"allowed_mentions": {"parse": ["everyone"]}}, "may ping"),
        (card(TEXT) | {"allowed_mentions": {"parse": [], "replied_user": True}}, "pings the"),
        ({"embeds": [{"description": "x" * 4000}] * 2}, "8000 characters"),
        ({"embeds": [{"fields": [{"name": "x", "value": " "}]}]}, "empty field"),
    ],
)
def test_a_message_that_discord_refuses_is_seen(body: dict[str, Any], problem: str) -> None:
    with pytest.raises(ContractError, match=problem):
        check_rules("POST", MESSAGES, body)
    with pytest.raises(ContractError, match=problem):
        check_rules("POST", CALLBACK, {"type": 4, "data": body})


@pytest.mark.parametrize(
    ("kind", "data", "problem"),
    [
        (8, {"choices": [{"name": "x", "value": "x"}] * 26}, "26 choices"),
        (8, {"choices": [{"name": "x" * 101, "value": "x"}]}, "name"),
        (8, {"choices": [{"name": "x", "value": "x" * 101}]}, "value"),
        (9, {"title": "x" * 46, "custom_id": "x", "components": [TEXT]}, "x" * 46),
        (9, {"title": "x", "custom_id": "x", "components": [TEXT] * 6}, "five inputs"),
    ],
)
def test_choices_and_modals_that_discord_refuses_are_seen(
    kind: int, data: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ContractError, match=problem):
        check_rules("POST", CALLBACK, {"type": kind, "data": data})


OPTION: dict[str, Any] = {"name": "word", "description": "A word.", "type": 3}


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ({"name": "Ask"}, "lower case"),
        ({"name": "two words"}, "no name"),
        ({"description": ""}, "description"),
        ({"description_localizations": {"fr": "x" * 101}}, "x" * 101),
        ({"options": [OPTION] * 26}, "26 options"),
        ({"options": [OPTION, {**OPTION, "required": True}]}, "required option after"),
        ({"options": [{**OPTION, "choices": [{"name": "", "value": "x"}]}]}, "value"),
        ({"options": [{**OPTION, "description": "x" * 100}] * 25}, None),
        ({"options": [{**OPTION, "choices": [{"name": "x" * 99, "value": "x" * 99}] * 25}] * 2},
         "characters"),
    ],
)  # fmt: skip
def test_a_command_that_discord_refuses_is_seen(
    command: dict[str, Any], problem: str | None
) -> None:
    body = [{"name": "ask", "description": "Asks.", **command}]
    if problem is None:
        check_rules("PUT", "/applications/1/commands", body)
    else:
        with pytest.raises(ContractError, match=problem):
            check_rules("PUT", "/applications/1/commands", body)


def test_a_request_is_held_against_the_document(contracts: Contracts) -> None:
    reference = {"message_id": 5, "channel_id": 4}
    contracts.check_request("POST", MESSAGES, card(TEXT, message_reference=reference))
    with pytest.raises(ContractError, match="/flags"):
        contracts.check_request("POST", MESSAGES, card(TEXT, flags="many"))
    with pytest.raises(ContractError, match="has no /nowhere"):
        contracts.check_request("GET", "/nowhere", None)
    with pytest.raises(ContractError, match="has no DELETE"):
        contracts.check_request("DELETE", "/gateway/bot", None)
    with pytest.raises(ContractError, match="takes no body"):
        contracts.check_request("GET", "/gateway/bot", {"more": 1})


def test_an_answer_is_held_against_the_document(contracts: Contracts) -> None:
    contracts.check_response("GET", "/gateway", 200, {"url": "wss://gateway.discord.gg"})
    contracts.check_response("DELETE", f"{MESSAGES}/2", 204, None)
    contracts.check_response("GET", "/gateway", 503, "upstream connect error")
    with pytest.raises(ContractError, match="url"):
        contracts.check_response("GET", "/gateway", 200, {})
    with pytest.raises(ContractError, match="does not answer 201"):
        contracts.check_response("GET", "/gateway", 201, {})


def test_an_event_is_held_against_its_schema(contracts: Contracts) -> None:
    with pytest.raises(ContractError, match="READY"):
        contracts.check_event("READY", {"v": 10})
    with pytest.raises(ContractError, match="IDENTIFY"):
        contracts.check_event("IDENTIFY", {"token": "token"})
    contracts.check_event("TYPING_START", {"of which": "there is no schema"})
