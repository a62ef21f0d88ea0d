"""Which message of the bot answers which message of a member, as long as it is remembered."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import discord

_MOST = 500
"""Answers that still follow when their question is edited or deleted."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was answered to a message.

    Attributes:
        asked: What the message said.
        answer: The answer's message.
    """

    asked: str
    answer: int


class SentAnswers:
    """The latest answers, by the message that asked."""

    def __init__(self) -> None:
        self._sent: OrderedDict[int, Sent] = OrderedDict()

    def keep(self, message: discord.Message, answer: int) -> None:
        """Remember which message answers another."""
        self._sent[message.id] = Sent(message.content, answer)
        if len(self._sent) > _MOST:
            self._sent.popitem(last=False)

    def to(self, message: int) -> Sent | None:
        """What was answered to a message, if that is remembered."""
        return self._sent.get(message)

    def forget(self, message: int) -> Sent | None:
        """Forget what was answered to a message; returns it."""
        return self._sent.pop(message, None)
