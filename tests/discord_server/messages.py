"""Messages on the stand-in, and how a scenario reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.contracts import walk
from tests.contracts.rules import BUTTON, EPHEMERAL, LOADING, TEXT_DISPLAY
from tests.discord_server.community import Channel, Payload, User

DEFAULT, REPLY, CHAT_INPUT, CONTEXT_MENU = 0, 19, 20, 23


@dataclass(eq=False)
class Message:
    """A message.

    Attributes:
        content: Its text.
        flags: As Discord has them.
        mentions: Whom its text mentions.
        interaction: The interaction that it answers; None where there is none.
        edits: How often it was edited.
        deleted: Whether it is gone.
    """

    id: str
    channel: Channel
    author: User
    sent: datetime
    content: str = ""
    components: list[Payload] = field(default_factory=list)
    embeds: list[Payload] = field(default_factory=list)
    flags: int = 0
    kind: int = DEFAULT
    nonce: str | None = None
    mentions: list[User] = field(default_factory=list)
    reference: Message | None = None
    interaction: str | None = None
    edits: int = 0
    deleted: bool = False

    def fill(self, body: Payload) -> None:
        """Take what a request says of the message."""
        self.content = body.get("content") or ("" if "content" in body else self.content)
        if "components" in body:
            self.components = _numbered(body["components"] or [])
        self.embeds = body.get("embeds") or self.embeds
        self.flags |= body.get("flags") or 0

    def edit(self, body: Payload) -> None:
        """Take an edit; what was thinking has come to its end."""
        self.flags &= ~LOADING
        self.fill(body)
        self.edits += 1

    def payload(self) -> Payload:
        """The message in events and answers."""
        payload: Payload = {
            "id": self.id,
            "channel_id": self.channel.id,
            "author": self.author.payload(),
            "content": self.content,
            "timestamp": self.sent.isoformat(),
            "edited_timestamp": self.sent.isoformat() if self.edits else None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [each.payload() for each in self.mentions],
            "mention_roles": [],
            "attachments": [],
            "embeds": self.embeds,
            "components": self.components,
            "pinned": False,
            "type": self.kind,
            "flags": self.flags,
        }
        if self.nonce is not None:
            payload["nonce"] = self.nonce
        if self.interaction is not None:
            payload["application_id"] = payload["webhook_id"] = self.author.id
        if self.reference is not None:
            payload["message_reference"] = {
                "type": 0,
                "channel_id": self.channel.id,
                "message_id": self.reference.id,
            }
        return payload

    @property
    def ephemeral(self) -> bool:
        """Whether one member alone sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def thinking(self) -> bool:
        """Whether it says no more than that an answer is coming."""
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """Everything that a member reads in it."""
        shown = [each["content"] for each in walk(self.components) if each["type"] == TEXT_DISPLAY]
        return "\n".join([self.content, *shown] if self.content else shown)

    @property
    def buttons(self) -> dict[str, str]:
        """By their labels or emoji, the custom ids of its buttons, or where their links go."""
        return {
            each.get("label") or each["emoji"]["name"]: each.get("custom_id") or each["url"]
            for each in walk(self.components)
            if each["type"] == BUTTON
        }

    @property
    def choices(self) -> dict[str, tuple[str, str]]:
        """By their labels, what can be chosen: the custom id of a select, and the value."""
        return {
            option["label"]: (each["custom_id"], option["value"])
            for each in walk(self.components)
            for option in each.get("options") or ()
        }


def _numbered(components: Iterable[Any]) -> list[Payload]:
    """Components as Discord gives them back: each has a number."""
    numbered: list[Payload] = [dict(each) for each in components]
    for each in numbered:
        if each["type"] == BUTTON:
            each.setdefault("disabled", False)
        if "emoji" in each:
            each["emoji"] = _emoji(each["emoji"])
        if "options" in each:
            each["options"] = [
                {**option, "emoji": _emoji(option["emoji"])} if "emoji" in option else option
                for option in each["options"]
            ]
        if "components" in each:
            each["components"] = _numbered(each["components"])
        if "accessory" in each:
            (each["accessory"],) = _numbered([each["accessory"]])
    return _with_ids(numbered)


def _emoji(emoji: Payload) -> Payload:
    """An emoji as Discord gives it back: a Unicode one has no id, where discord.py sends null."""
    return {key: value for key, value in emoji.items() if value is not None}


def _with_ids(components: list[Payload]) -> list[Payload]:
    for number, each in enumerate(walk(components), 1):
        assert isinstance(each, dict)
        each["id"] = number
        if each["type"] == 17:
            each.setdefault("accent_color", None)
            each.setdefault("spoiler", False)
    return components
