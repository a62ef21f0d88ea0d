"""How the bot responds to interactions."""

from __future__ import annotations

import time

from tests.discord_server import interactions as kinds
from tests.discord_server.call import Answer, Call, Refused, Route
from tests.discord_server.community import Payload
from tests.discord_server.interactions import Interaction
from tests.discord_server.messages import Message


async def _callback(call: Call) -> Answer:
    interaction = call.server.interactions.get(call.given["token"])
    if interaction is None or interaction.id != call.given["interaction"]:
        raise Refused(404, 10062, "Unknown interaction")
    if interaction.age > call.server.first_response:
        interaction.refused.append(10062)
        raise Refused(404, 10062, "Unknown interaction")
    if interaction.response is not None:
        interaction.refused.append(40060)
        raise Refused(400, 40060, "Interaction has already been acknowledged.")
    interaction.acknowledged = time.monotonic()
    interaction.response = call.body["type"]
    await _take(call, interaction, call.body.get("data") or {})
    interaction.changed()
    if call.query.get("with_response") not in {"1", "true"}:
        return Answer(204)
    return Answer(200, _called_back(interaction))


async def _take(call: Call, interaction: Interaction, data: Payload) -> None:
    kind = interaction.response
    if kind == kinds.ANSWER:
        interaction.original = await call.server.post_answer(interaction, data)
    elif kind == kinds.DEFER:
        interaction.original = await call.server.post_answer(interaction, data, thinking=True)
    elif kind == kinds.DEFER_UPDATE:
        interaction.original = interaction.message
    elif kind == kinds.UPDATE:
        interaction.original = interaction.message
        assert interaction.message is not None
        interaction.message.edit(data)
    elif kind == kinds.CHOICES:
        interaction.choices = data["choices"]
    elif kind == kinds.SHOW_MODAL:
        interaction.modal = data


def _called_back(interaction: Interaction) -> Payload:
    about: Payload = {"id": interaction.id, "type": interaction.kind}
    resource: Payload = {"type": interaction.response}
    message = interaction.original
    if message is not None:
        about |= {
            "response_message_id": message.id,
            "response_message_loading": message.thinking,
            "response_message_ephemeral": message.ephemeral,
        }
        if interaction.response in {kinds.ANSWER, kinds.UPDATE}:
            resource["message"] = message.payload()
    made = interaction.response in {kinds.ANSWER, kinds.UPDATE}
    return {"interaction": about, "resource": resource} if made else {"interaction": about}


def _of_token(call: Call) -> Interaction:
    interaction = call.server.interactions.get(call.given["token"])
    if interaction is None or interaction.response is None:
        raise Refused(404, 10015, "Unknown Webhook")
    if interaction.age > call.server.token_lives:
        interaction.refused.append(50027)
        raise Refused(401, 50027, "Invalid Webhook Token")
    return interaction


def _own_message(call: Call) -> tuple[Interaction, Message]:
    interaction = _of_token(call)
    wanted = call.given["message"]
    found = [interaction.original, *interaction.followups]
    for message in found[:1] if wanted == "@original" else found:
        if message is not None and not message.deleted and wanted in {"@original", message.id}:
            return interaction, message
    raise Refused(404, 10008, "Unknown Message")


async def _followup(call: Call) -> Answer:
    interaction = _of_token(call)
    original = interaction.original
    if original is not None and original.thinking and not original.deleted:
        # The first message after a deferral takes its place, and is seen by the same members.
        original.edit(call.body)
        message = original
    else:
        message = await call.server.post_answer(interaction, call.body)
        interaction.followups.append(message)
    interaction.changed()
    return Answer(200, message.payload())


async def _read_answer(call: Call) -> Answer:
    return Answer(200, _own_message(call)[1].payload())


async def _edit_answer(call: Call) -> Answer:
    interaction, message = _own_message(call)
    message.edit(call.body)
    interaction.changed()
    return Answer(200, message.payload())


async def _delete_answer(call: Call) -> Answer:
    interaction, message = _own_message(call)
    message.deleted = True
    interaction.changed()
    return Answer(204)


_WEBHOOK = "/webhooks/{application}/{token}"
_MESSAGE = _WEBHOOK + "/messages/{message}"
ROUTES: tuple[Route, ...] = (
    ("POST", "/interactions/{interaction}/{token}/callback", _callback),
    ("POST", _WEBHOOK, _followup),
    ("GET", _MESSAGE, _read_answer),
    ("PATCH", _MESSAGE, _edit_answer),
    ("DELETE", _MESSAGE, _delete_answer),
)
