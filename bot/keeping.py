"""What the bot keeps of members, behind protocols; here in memory, for this process alone."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Protocol

_MOST_OPINIONS = 1000


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a member thinks of an answer; does not say which member.

    Attributes:
        guild: The server, or None in direct messages.
        message: The answer's message.
        passage: The passage that was quoted.
        helpful: Whether it helped.
        sought: What was sought instead; blank where it was not said.
    """

    guild: int | None
    message: int
    passage: str
    helpful: bool
    sought: str


class Opinions(Protocol):
    """Where opinions go."""

    async def add(self, opinion: Opinion) -> None:
        """Keep one."""


class MemoryOpinions:
    """Keeps the latest opinions until the process ends."""

    def __init__(self) -> None:
        self.latest: deque[Opinion] = deque(maxlen=_MOST_OPINIONS)

    async def add(self, opinion: Opinion) -> None:
        """Keep one."""
        self.latest.append(opinion)
