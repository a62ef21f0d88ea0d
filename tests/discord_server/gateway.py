"""The gateway: sessions, heartbeats, replay, and everything that may go wrong with them."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import WSCloseCode, WSMsgType, web
from discord import Intents

from tests.discord_server.community import Guild, Payload

if TYPE_CHECKING:
    from tests.discord_server.server import DiscordServer

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACKNOWLEDGED = (
    *(0, 1, 2, 6, 7, 9, 10),
    11,
)
NOT_AUTHENTICATED, AUTHENTICATION_FAILED, TOO_FAST, NOT_ALLOWED = 4003, 4004, 4008, 4014
_PRIVILEGED = Intents(members=True, presences=True, message_content=True).value
_SENDS, _WINDOW = 120, 60.0
_KEPT = 5000


@dataclass(eq=False)
class Session:
    """A session of the bot, which outlives its connections.

    Attributes:
        shard: Its number, and how many there are.
        sequence: The number of the event that was sent last.
        socket: Its connection; None while there is none.
        transport: What is under the connection.
        silent: Whether nothing more comes through, though the connection is open: a zombie.
    """

    id: str
    token: str
    intents: Intents
    shard: tuple[int, int]
    sequence: int = 0
    socket: web.WebSocketResponse | None = None
    transport: asyncio.Transport | None = None
    silent: bool = False
    sent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def has(self, guild: str | None) -> bool:
        """Whether events of a guild go here; those of direct messages go to the first shard."""
        number, count = self.shard
        return (0 if guild is None else (int(guild) >> 22) % count) == number

    async def send(self, name: str, data: object) -> None:
        """Send an event, or keep it until the session is resumed."""
        self.sequence += 1
        event = json.dumps({"op": DISPATCH, "t": name, "s": self.sequence, "d": data})
        self.sent.append((self.sequence, event))
        await self.write(event)

    async def write(self, text: str) -> None:
        """Send a text, where there is a connection."""
        if self.socket is not None and not self.socket.closed and not self.silent:
            try:
                await self.socket.send_str(text)
            except ConnectionError:
                self.socket = None

    async def send_op(self, op: int, data: object = None) -> None:
        """Send what is no event."""
        await self.write(json.dumps({"op": op, "d": data, "s": None, "t": None}))


class Gateway:
    """The gateway of the stand-in.

    Attributes:
        heartbeat_interval: Seconds, as HELLO says.
        identify_every: Seconds in which one shard of a bucket may identify; another that does is
            refused as Discord refuses it, and counted in `too_soon`.
        refuses: The HTTP status by which new connections are refused; None lets them in.
        resumes: Whether sessions can be resumed.
        approved: The privileged intents that the application has.
        identified: Every IDENTIFY, and `resumed` every RESUME, that came.
        heartbeats: When each came (`time.monotonic`).
        connections: How many there were.
    """

    def __init__(self, server: DiscordServer) -> None:
        self._server = server
        self.heartbeat_interval = 41.25
        self.identify_every = 0.0
        self.too_soon = 0
        self.refuses: int | None = None
        self.resumes = True
        self.approved = Intents.none()
        self.identified: list[Payload] = []
        self.resumed: list[Payload] = []
        self.heartbeats: list[float] = []
        self.connections = 0
        self._last_identify = float("-inf")
        self.sessions: dict[str, Session] = {}
        self._changed = asyncio.Condition()

    # -------------------------------------------------------- what a scenario does

    async def dispatch(self, name: str, data: Payload, guild: str | None) -> None:
        """Send an event to the session that it belongs to."""
        self._server.check(lambda contracts: contracts.check_event(name, data))
        for session in list(self.sessions.values()):
            if session.has(guild):
                await session.send(name, self._visible(name, data, session.intents))

    async def until(self, true: Callable[[], bool], within: float = 20.0) -> None:
        """Wait until something is true of the gateway."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(true)

    async def connected(self, within: float = 20.0) -> None:
        """Wait until a session is ready and connected."""
        await self.until(lambda: any(each.socket for each in self.sessions.values()), within)

    async def all_connected(self, count: int, within: float = 60.0) -> None:
        """Wait until so many shards are ready and connected."""

        def connected() -> int:
            return len({each.shard for each in self.sessions.values() if each.socket})

        await self.until(lambda: connected() == count, within)

    async def close(self, code: int) -> None:
        """Close every connection with a code."""
        for socket in self._sockets():
            await socket.close(code=code)

    def drop(self) -> None:
        """Cut every connection without a word."""
        for session in self.sessions.values():
            if session.transport is not None:
                session.transport.abort()
            session.socket = session.transport = None

    def fall_silent(self) -> None:
        """Let the connections of now be open, and nothing come through them."""
        for session in self.sessions.values():
            session.silent = True

    async def ask_to_reconnect(self) -> None:
        """Op 7."""
        for session in self.sessions.values():
            await session.send_op(RECONNECT)

    async def ask_for_heartbeat(self) -> None:
        """Op 1, from the server."""
        for session in self.sessions.values():
            await session.send_op(HEARTBEAT)

    async def invalidate(self, *, resumable: bool) -> None:
        """Op 9."""
        for session in list(self.sessions.values()):
            await session.send_op(INVALID, resumable)
            if not resumable:
                self.sessions.pop(session.id, None)

    def _sockets(self) -> list[web.WebSocketResponse]:
        return [each.socket for each in self.sessions.values() if each.socket is not None]

    # ------------------------------------------------------------- what a bot meets

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve a connection."""
        if self.refuses is not None:
            return web.Response(status=self.refuses)
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        self.connections += 1
        interval = int(self.heartbeat_interval * 1000)
        await socket.send_json(
            {"op": HELLO, "d": {"heartbeat_interval": interval}, "s": None, "t": None}
        )
        session: Session | None = None
        times: deque[float] = deque(maxlen=_SENDS)
        try:
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    break
                now = time.monotonic()
                if len(times) == _SENDS and now - times[0] < _WINDOW:
                    await socket.close(code=TOO_FAST)
                    break
                times.append(now)
                session = await self._take(socket, session, message.json())
                if session is not None and session.socket is socket:
                    session.transport = request.transport
        except ConnectionError:
            pass
        finally:
            if session is not None and session.socket is socket:
                session.socket = None
            await self._notify()
        return socket

    async def _take(
        self, socket: web.WebSocketResponse, session: Session | None, payload: Payload
    ) -> Session | None:
        op, data = payload["op"], payload["d"]
        if op == HEARTBEAT:
            self.heartbeats.append(time.monotonic())
            if session is None or not session.silent:
                await socket.send_json({"op": ACKNOWLEDGED, "d": None, "s": None, "t": None})
            await self._notify()
        elif op == IDENTIFY:
            session = await self._identify(socket, data)
        elif op == RESUME:
            session = await self._resume(socket, data)
        elif session is None:
            await socket.close(code=NOT_AUTHENTICATED)
        return session

    async def _identify(self, socket: web.WebSocketResponse, data: Payload) -> Session | None:
        self._server.check(lambda contracts: contracts.check_event("IDENTIFY", data))
        self.identified.append(data)
        if data["token"] != self._server.token:
            await socket.close(code=AUTHENTICATION_FAILED)
            return None
        if data["intents"] & _PRIVILEGED & ~self.approved.value:
            await socket.close(code=NOT_ALLOWED)
            return None
        number, count = data.get("shard", (0, 1))
        if time.monotonic() < self._last_identify + self.identify_every:
            self.too_soon += 1
            await socket.send_json({"op": INVALID, "d": False, "s": None, "t": None})
            return None
        self._last_identify = time.monotonic()
        session = Session(
            f"session-{len(self.identified)}",
            data["token"],
            _intents(data["intents"]),
            (number, count),
        )
        session.socket = socket
        guilds = [each for each in self._server.guilds.values() if session.has(each.id)]
        ready = {
            "v": 10,
            "user": self._server.bot.own_payload(),
            "guilds": [{"id": each.id, "unavailable": True} for each in guilds],
            "session_id": session.id,
            "resume_gateway_url": self._server.gateway_address,
            "shard": [number, count],
            "application": {"id": self._server.bot.id, "flags": 0, "flags_new": "0"},
        }
        self._server.check(lambda contracts: contracts.check_event("READY", ready))
        await session.send("READY", ready)
        self.sessions[session.id] = session
        for guild in guilds:
            if guild.available:
                await self._create(session, guild)
        await self._notify()
        return session

    async def _create(self, session: Session, guild: Guild) -> None:
        created = guild.payload(self._server.bot)
        self._server.check(lambda contracts: contracts.check_event("GUILD_CREATE", created))
        await session.send("GUILD_CREATE", created)

    async def _resume(self, socket: web.WebSocketResponse, data: Payload) -> Session | None:
        self.resumed.append(data)
        session = self.sessions.get(data["session_id"])
        if data["token"] != self._server.token:
            await socket.close(code=AUTHENTICATION_FAILED)
            return None
        missed = [] if session is None else [e for s, e in session.sent if s > data["seq"]]
        complete = session is not None and session.sequence - data["seq"] == len(missed)
        if session is None or not self.resumes or not complete:
            await socket.send_json({"op": INVALID, "d": False, "s": None, "t": None})
            await self._notify()
            return None
        session.silent = False
        session.socket = socket
        for event in missed:
            await session.write(event)
        await session.send("RESUMED", {})
        await self._notify()
        return session

    def _visible(self, name: str, data: Payload, intents: Intents) -> Payload:
        """An event without what the bot's intents hide from it."""
        if name != "MESSAGE_CREATE" or intents.message_content or "guild_id" not in data:
            return data
        me = self._server.bot.id
        if data["author"]["id"] == me or any(each["id"] == me for each in data["mentions"]):
            return data
        return {**data, "content": "", "components": [], "embeds": [], "attachments": []}

    async def stop(self) -> None:
        """Close what is open."""
        for socket in self._sockets():
            await socket.close(code=WSCloseCode.GOING_AWAY)

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _intents(value: int) -> Intents:
    intents = Intents.none()
    intents.value = value
    return intents
