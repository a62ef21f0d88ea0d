"""The stand-in for Discord: what there is on it, and its two interfaces on one socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web
from discord import Permissions

from tests.contracts import ContractError, Contracts, documents
from tests.contracts.rules import LOADING
from tests.discord_server.attachments import Attachments
from tests.discord_server.call import Refused
from tests.discord_server.clock import Clock
from tests.discord_server.community import EVERYDAY, Channel, Guild, Member, Payload, Role, User
from tests.discord_server.faults import Faults
from tests.discord_server.gateway import Gateway
from tests.discord_server.interactions import (
    COMMAND,
    FIRST_RESPONSE,
    TOKEN,
    Interaction,
    NotAnsweredError,
)
from tests.discord_server.limits import Limits
from tests.discord_server.messages import CHAT_INPUT, Message
from tests.discord_server.people import Person
from tests.discord_server.rest import Rest

SECRET = "MTE.stand-in.a-token-that-must-never-show"  # noqa: S105 - of the stand-in alone


class DiscordServer:
    """A Discord on a free port of the loopback, while it is entered.

    Attributes:
        token: The token of the bot; set another, and the bot's is revoked.
        first_response: Seconds in which an interaction has to be answered first.
        token_lives: Seconds for which it can be answered at all.
        keeps_requests: Whether requests and messages are kept, for as long as a scenario lasts.
        recommended_shards: What `/gateway/bot` says.
        problems: What was sent, by either side, that Discord would not send or take.
    """

    def __init__(self, *, checked: bool = True, keeps_requests: bool = True) -> None:
        self.token = SECRET
        self.first_response = FIRST_RESPONSE
        self.token_lives = TOKEN
        self.keeps_requests = keeps_requests
        self.recommended_shards = 1
        self.clock = Clock()
        self.faults = Faults()
        self.limits = Limits()
        self.gateway = Gateway(self)
        self.rest = Rest(self)
        self.attachments = Attachments()
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: dict[str | None, list[Payload]] = {}
        self.takes_no_direct_messages: set[User] = set()
        self.problems: list[ContractError] = []
        self._contracts = documents() if checked else None
        self._happened = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._port = 0
        self.bot = self.user("coalition", bot=True)
        self.operator = self.user("operator")

    # --------------------------------------------------------------------- running

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=32 * 1024**2)
        self.rest.add_to(app)
        self.attachments.add_to(app)
        app.router.add_get("/gateway/", self.gateway.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()
        if self.problems and error is None:
            raise self.problems[0]

    async def stop(self) -> None:
        """Be gone; entering again serves on the same port."""
        await self.gateway.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def address(self) -> str:
        """Where the stand-in is."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def gateway_address(self) -> str:
        """Where its gateway is."""
        return f"ws://127.0.0.1:{self._port}/gateway/"

    def check(self, check: Callable[[Contracts], None]) -> None:
        """Hold something against the contracts; problems fail the scenario at its end."""
        if self._contracts is None:
            return
        try:
            check(self._contracts)
        except ContractError as problem:
            self.problems.append(problem)

    # ------------------------------------------------------------- what there is on it

    def user(self, name: str, locale: str = "en-US", *, bot: bool = False) -> User:
        """A new user."""
        user = User(self.clock.snowflake(), name, locale, bot)
        self.users[user.id] = user
        return user

    def guild(
        self, name: str = "Maison", locale: str = "en-US", *, community: bool = False
    ) -> Guild:
        """A new guild, with the bot in it and a channel; known to the bot when it connects."""
        features = ("COMMUNITY",) if community else ()
        guild = Guild(self.clock.snowflake(), name, self.operator, locale, features)
        guild.roles.append(Role(guild.id, "@everyone", EVERYDAY))
        guild.members[self.bot.id] = Member(self.bot, guild)
        self.guilds[guild.id] = guild
        self.channel(guild)
        return guild

    def channel(
        self, guild: Guild, name: str = "general", denied: Permissions | None = None
    ) -> Channel:
        """A new channel; `denied` is what the bot may not do there."""
        channel = Channel(self.clock.snowflake(), name, guild)
        if denied is not None:
            channel.denied[self.bot.id] = denied
        guild.channels.append(channel)
        self.channels[channel.id] = channel
        return channel

    def person(
        self,
        name: str,
        guild: Guild,
        locale: str = "en-US",
        permissions: Permissions | None = None,
    ) -> Person:
        """A new member of a guild, who does things there."""
        member = Member(self.user(name, locale), guild)
        if permissions is not None:
            member.roles.append(Role(self.clock.snowflake(), name, permissions))
            guild.roles.extend(member.roles)
        guild.members[member.user.id] = member
        return Person(self, member)

    def direct(self, user: User) -> Channel:
        """The channel of a user's direct messages with the bot."""
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        channel = Channel(self.clock.snowflake(), user.name, recipient=user)
        self.channels[channel.id] = channel
        return channel

    # -------------------------------------------------------------------- messages

    def new_message(self, channel: Channel, author: User) -> Message:
        """A message that nobody is told of yet."""
        message = Message(self.clock.snowflake(), channel, author, self.clock.now())
        self.messages[message.id] = message
        return message

    async def announce(self, message: Message) -> None:
        """Tell the bot of a message."""
        guild = message.channel.guild
        payload = message.payload()
        if message.reference is not None and not message.reference.deleted:
            payload["referenced_message"] = message.reference.payload()
        if guild is not None:
            payload["guild_id"] = guild.id
            member = guild.members.get(message.author.id)
            if member is not None:
                payload["member"] = member.payload()
        await self.gateway.dispatch("MESSAGE_CREATE", payload, guild.id if guild else None)

    async def reply_to(self, message: Message, within: float = 10.0) -> Message:
        """Wait for the bot's reply to a message.

        Raises:
            NotAnsweredError: It did not come.
        """
        return await self.written(message.channel, within, lambda each: each.reference is message)

    async def written(
        self,
        channel: Channel,
        within: float = 10.0,
        fits: Callable[[Message], bool] = lambda _: True,
    ) -> Message:
        """Wait for a message of the bot in a channel; gives the latest that fits.

        Raises:
            NotAnsweredError: It did not come.
        """

        def found() -> list[Message]:
            return [m for m in self.messages_in(channel) if m.author is self.bot and fits(m)]

        await self.until(lambda: bool(found()), within)
        return found()[-1]

    async def until(self, true: Callable[[], bool], within: float = 10.0) -> None:
        """Wait until something is true of what the bot did.

        Raises:
            NotAnsweredError: It never was.
        """
        try:
            async with asyncio.timeout(within):
                while not true():
                    self._happened.clear()
                    await self._happened.wait()
        except TimeoutError:
            raise NotAnsweredError(f"it did not happen within {within} s") from None

    def happened(self) -> None:
        """Note that the bot did something."""
        self._happened.set()

    async def post_answer(
        self, interaction: Interaction, body: Payload, *, thinking: bool = False
    ) -> Message:
        """Make the message that answers an interaction."""
        message = self.new_message(interaction.channel, self.bot)
        message.interaction = interaction.id
        message.kind = CHAT_INPUT if interaction.kind == COMMAND else message.kind
        message.fill(body)
        if thinking:
            message.flags |= LOADING
        if not message.ephemeral and not thinking:
            await self.announce(message)
        return message

    def messages_in(self, channel: Channel) -> list[Message]:
        """What stands in a channel, the oldest first; what one member alone sees, too."""
        return [m for m in self.messages.values() if m.channel is channel and not m.deleted]

    def channel_of(self, id_: str) -> Channel:
        """A channel that the bot asks for."""
        channel = self.channels.get(id_)
        if channel is None or channel.deleted:
            raise Refused(404, 10003, "Unknown Channel")
        return channel

    def require(self, channel: Channel, **needed: bool) -> None:
        """Refuse what the bot may not do in a channel."""
        if channel.guild is None:
            if channel.recipient in self.takes_no_direct_messages:
                raise Refused(403, 50007, "Cannot send messages to this user")
            return
        allowed = channel.guild.members[self.bot.id].permissions_in(channel)
        if not all(getattr(allowed, name) for name in needed):
            raise Refused(403, 50013, "Missing Permissions")

    # -------------------------------------------------------------------- happenings

    async def take_away(self, guild: Guild) -> None:
        """Let a guild be unavailable, as in an outage."""
        guild.available = False
        await self.gateway.dispatch("GUILD_DELETE", {"id": guild.id, "unavailable": True}, guild.id)

    async def give_back(self, guild: Guild) -> None:
        """Let an unavailable guild be there again."""
        guild.available = True
        await self.gateway.dispatch("GUILD_CREATE", guild.payload(self.bot), guild.id)

    async def delete_channel(self, channel: Channel) -> None:
        """Delete a channel."""
        channel.deleted = True
        guild = channel.guild
        await self.gateway.dispatch(
            "CHANNEL_DELETE", channel.payload(), guild.id if guild else None
        )

    def revoke_token(self) -> None:
        """Let the bot's token be worth nothing; what is connected stays so until it is closed."""
        self.token = "another"  # noqa: S105
