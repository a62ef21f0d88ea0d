"""Messages in channels."""

from __future__ import annotations

from tests.discord_server.call import Answer, Call, Refused, Route
from tests.discord_server.messages import REPLY, Message


async def _post(call: Call) -> Answer:
    channel = call.server.channel_of(call.given["channel"])
    call.server.require(channel, view_channel=True, send_messages=True)
    nonce = call.body.get("nonce")
    if call.body.get("enforce_nonce") and nonce is not None:
        for message in reversed(call.server.messages_in(channel)):
            if message.nonce == nonce and message.author is call.server.bot:
                return Answer(200, message.payload())
    reference = call.body.get("message_reference")
    replied = None
    if reference is not None:
        replied = call.server.messages.get(str(reference["message_id"]))
        gone = replied is None or replied.deleted or replied.channel is not channel
        if gone and reference.get("fail_if_not_exists", True):
            raise Refused(400, 50035, "Invalid Form Body: MESSAGE_REFERENCE_UNKNOWN_MESSAGE")
        if gone:
            replied = None
        else:
            call.server.require(channel, read_message_history=True)
    message = call.server.new_message(channel, call.server.bot)
    message.fill(call.body)
    message.nonce = None if nonce is None else str(nonce)
    if replied is not None:
        message.reference, message.kind = replied, REPLY
    await call.server.announce(message)
    return Answer(200, message.payload())


def _bots_message(call: Call) -> Message:
    channel = call.server.channel_of(call.given["channel"])
    message = call.server.messages.get(call.given["message"])
    if message is None or message.deleted or message.channel is not channel:
        raise Refused(404, 10008, "Unknown Message")
    return message


async def _read_message(call: Call) -> Answer:
    return Answer(200, _bots_message(call).payload())


async def _edit_message(call: Call) -> Answer:
    message = _bots_message(call)
    if message.author is not call.server.bot:
        raise Refused(403, 50005, "Cannot edit a message authored by another user")
    message.edit(call.body)
    return Answer(200, message.payload())


async def _delete_message(call: Call) -> Answer:
    message = _bots_message(call)
    if message.author is not call.server.bot:
        call.server.require(message.channel, manage_messages=True)
    message.deleted = True
    return Answer(204)


async def _read_channel(call: Call) -> Answer:
    channel = call.server.channel_of(call.given["channel"])
    call.server.require(channel, view_channel=True)
    return Answer(200, channel.payload())


async def _open_direct(call: Call) -> Answer:
    user = call.server.users.get(str(call.body["recipient_id"]))
    if user is None:
        raise Refused(400, 50033, "Invalid Recipient(s)")
    return Answer(200, call.server.direct(user).payload())


_CHANNEL = "/channels/{channel}"
_MESSAGE = _CHANNEL + "/messages/{message}"
ROUTES: tuple[Route, ...] = (
    ("POST", "/users/@me/channels", _open_direct),
    ("GET", _CHANNEL, _read_channel),
    ("POST", _CHANNEL + "/messages", _post),
    ("GET", _MESSAGE, _read_message),
    ("PATCH", _MESSAGE, _edit_message),
    ("DELETE", _MESSAGE, _delete_message),
)
