"""The guilds that the bot is in, as it asks for them."""

from __future__ import annotations

from tests.discord_server.call import Answer, Call, Refused, Route
from tests.discord_server.community import Guild

_MOST = 200


async def _own(call: Call) -> Answer:
    """A page of the guilds, by their ids."""
    server = call.server
    limit = int(call.query.get("limit", _MOST))
    if not 1 <= limit <= _MOST:
        raise Refused(400, 50035, "Invalid Form Body: NUMBER_TYPE_MAX")
    after = int(call.query.get("after", 0))
    guilds = sorted(
        (each for each in server.guilds.values() if int(each.id) > after),
        key=lambda each: int(each.id),
    )
    return Answer(200, [each.short_payload(server.bot) for each in guilds[:limit]])


async def _guild(call: Call) -> Answer:
    return Answer(200, _there(call).whole_payload())


async def _member(call: Call) -> Answer:
    member = _there(call).members.get(call.given["user"])
    if member is None:
        raise Refused(404, 10007, "Unknown Member")
    return Answer(200, {**member.payload(), "user": member.user.payload()})


async def _channels(call: Call) -> Answer:
    channels = _there(call).channels
    return Answer(200, [each.payload() for each in channels if not each.deleted])


def _there(call: Call) -> Guild:
    guild = call.server.guilds.get(call.given["guild"])
    if guild is None:
        raise Refused(404, 10004, "Unknown Guild")
    return guild


ROUTES: tuple[Route, ...] = (
    ("GET", "/users/@me/guilds", _own),
    ("GET", "/guilds/{guild}", _guild),
    ("GET", "/guilds/{guild}/members/{user}", _member),
    ("GET", "/guilds/{guild}/channels", _channels),
)
