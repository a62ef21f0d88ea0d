"""What members do."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from discord import Permissions

from tests.contracts import walk
from tests.discord_server.attachments import Attachment
from tests.discord_server.community import Channel, Member, Payload, User
from tests.discord_server.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL,
    Interaction,
    NotAnsweredError,
)
from tests.discord_server.messages import REPLY, Message

if TYPE_CHECKING:
    from tests.discord_server.server import DiscordServer

_CHAT_INPUT, _MESSAGE_COMMAND = 1, 3
_SUBCOMMAND, _STRING, _INTEGER, _BOOLEAN, _ATTACHMENT = 1, 3, 4, 5, 11
_IN_GUILD, _WITH_BOT = 0, 1


class Person:
    """A member of a guild, who does things there, or in direct messages."""

    def __init__(self, server: DiscordServer, member: Member) -> None:
        self._server = server
        self.member = member
        self.user: User = member.user
        self.channel: Channel = member.guild.channels[0]

    @property
    def direct(self) -> Channel:
        """Their direct messages with the bot."""
        return self._server.direct(self.user)

    # ---------------------------------------------------------------- interactions

    async def ask(
        self, question: str, channel: Channel | None = None, **more: object
    ) -> Interaction:
        """`/ask`, here or in another channel."""
        return await self.command("ask", channel, question=question, **more)

    async def command(
        self, name: str, channel: Channel | None = None, **options: object
    ) -> Interaction:
        """Use a command of the bot; one in a group is named `group command`."""
        attached: Payload = {}
        given: Payload = {}
        for key, value in options.items():
            if not isinstance(value, Attachment):
                given[key] = value
                continue
            given[key] = id_ = self._server.clock.snowflake()
            self._server.attachments.keep(id_, value)
            attached[id_] = value.payload(self._server, id_)
        data = _command(name, given, attached)
        if attached:
            data["resolved"] = {"attachments": attached}
        return await self._act(COMMAND, data, channel)

    async def type_into(self, name: str, option: str, typed: str, **before: object) -> Interaction:
        """Type into an option of a command that offers choices."""
        data = _command(name, {**before, option: typed})
        data["options"][-1]["focused"] = True
        return await self._act(AUTOCOMPLETE, data, None)

    async def use_on(self, name: str, message: Message) -> Interaction:
        """Use a command of a message's menu."""
        data: Payload = {
            "id": "1",
            "name": name,
            "type": _MESSAGE_COMMAND,
            "target_id": message.id,
            "resolved": {"messages": {message.id: message.payload()}},
        }
        return await self._act(COMMAND, data, message.channel)

    async def press(self, message: Message, label: str) -> Interaction:
        """Press the button of a message that begins so, or choose it in a menu."""
        for each, custom_id in message.buttons.items():
            if each.startswith(label):
                return await self.forge(message, custom_id)
        for each, (menu, value) in message.choices.items():
            if each.startswith(label):
                return await self.choose(message, menu, value)
        raise NotAnsweredError(f"no button {label!r} among {list(message.buttons)}")

    async def forge(self, message: Message, custom_id: str) -> Interaction:
        """Press a button that need not be there; Discord is made to say that it is."""
        data = {"component_type": 2, "custom_id": custom_id, "id": 1}
        if custom_id not in message.buttons.values():
            button = {"type": 2, "id": 99, "style": 2, "label": "x", "custom_id": custom_id}
            row = {"type": 1, "id": 98, "components": [button]}
            message = replace(message, components=[*message.components, row])
        return await self._act(COMPONENT, data, message.channel, message)

    async def choose(self, message: Message, custom_id: str, *values: str) -> Interaction:
        """Choose in a select of a message."""
        data = {"component_type": 3, "custom_id": custom_id, "id": 1, "values": list(values)}
        return await self._act(COMPONENT, data, message.channel, message)

    async def submit(self, shown: Interaction, *typed: str) -> Interaction:
        """Send the modal that an interaction showed."""
        assert shown.modal is not None, "there is no modal"
        labels: list[Payload] = shown.modal["components"]
        inputs = [each for each in walk(labels) if each["type"] == 4]
        components = [
            {
                "type": 18,
                "id": 2 * number,
                "component": {
                    "type": 4,
                    "id": 2 * number + 1,
                    "custom_id": each["custom_id"],
                    "value": value,
                },
            }
            for number, (each, value) in enumerate(zip(inputs, typed, strict=True), 1)
        ]
        data = {"custom_id": shown.modal["custom_id"], "components": components}
        return await self._act(MODAL, data, shown.channel, shown.message)

    async def payload_of(self, kind: int, data: Payload, message: Message | None = None) -> Payload:
        """What Discord would send of an interaction, without sending it."""
        return self._payload(self._begun(kind, self.channel, message), data)

    async def _act(
        self,
        kind: int,
        data: Payload,
        channel: Channel | None,
        message: Message | None = None,
    ) -> Interaction:
        channel = channel or self.channel
        interaction = self._begun(kind, channel, message)
        payload, guild = self._payload(interaction, data), channel.guild
        await self._server.gateway.dispatch(
            "INTERACTION_CREATE", payload, guild.id if guild else None
        )
        return interaction

    def _begun(self, kind: int, channel: Channel, message: Message | None) -> Interaction:
        server = self._server
        interaction = Interaction(
            server.clock.snowflake(),
            f"interaction-{secrets.token_urlsafe(40)}",
            kind,
            self.user,
            channel,
            message,
        )
        server.interactions[interaction.token] = interaction
        return interaction

    def _payload(self, interaction: Interaction, data: Payload) -> Payload:
        server, channel = self._server, interaction.channel
        payload: Payload = {
            "id": interaction.id,
            "application_id": server.bot.id,
            "type": interaction.kind,
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel_id": channel.id,
            "locale": self.user.locale,
            "entitlements": [],
            "attachment_size_limit": 10 * 1024**2,
        }
        if interaction.message is not None:
            payload["message"] = interaction.message.payload()
        if channel.guild is None:
            return {
                **payload,
                "user": self.user.payload(),
                "channel": {"id": channel.id, "type": 1},
                "context": _WITH_BOT,
                "app_permissions": str(Permissions.all().value),
                "authorizing_integration_owners": {"0": "0"},
            }
        guild = channel.guild
        own = str(self.member.permissions_in(channel).value)
        app = guild.members[server.bot.id].permissions_in(channel)
        return {
            **payload,
            "guild_id": guild.id,
            "guild": {"id": guild.id, "locale": guild.locale, "features": list(guild.features)},
            "guild_locale": guild.locale,
            "channel": {**channel.payload(), "permissions": own},
            "member": {**self.member.payload(), "user": self.user.payload(), "permissions": own},
            "context": _IN_GUILD,
            "app_permissions": str(app.value),
            "authorizing_integration_owners": {"0": guild.id},
        }

    # ------------------------------------------------------------------- messages

    async def say(
        self,
        text: str,
        channel: Channel | None = None,
        *,
        mentioning: bool = False,
        replying_to: Message | None = None,
    ) -> Message:
        """Write a message, which may mention the bot."""
        server = self._server
        message = server.new_message(channel or self.channel, self.user)
        message.content = f"{server.bot.mention} {text}" if mentioning else text
        if mentioning:
            message.mentions.append(server.bot)
        if replying_to is not None:
            message.reference, message.kind = replying_to, REPLY
        await server.announce(message)
        return message

    async def mention(self, text: str, channel: Channel | None = None) -> Message:
        """Mention the bot."""
        return await self.say(text, channel, mentioning=True)

    async def write_privately(self, text: str) -> Message:
        """Write to the bot alone."""
        return await self.say(text, self.direct)


def _command(name: str, options: Payload, attached: Collection[str] = ()) -> Payload:
    group, _, inner = name.partition(" ")
    given: list[Payload] = [
        {
            "name": key,
            "type": _ATTACHMENT if value in attached else _option_type(value),
            "value": value,
        }
        for key, value in options.items()
    ]
    if inner:
        given = [{"name": inner, "type": _SUBCOMMAND, "options": given}]
    return {"id": "1", "name": group, "type": _CHAT_INPUT, "options": given}


def _option_type(value: object) -> int:
    if isinstance(value, bool):
        return _BOOLEAN
    return _INTEGER if isinstance(value, int) else _STRING
