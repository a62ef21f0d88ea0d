"""Interactions: what a member did, and what the bot made of it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from tests.discord_server.community import Channel, Payload, User
from tests.discord_server.messages import Message

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
ANSWER, DEFER, DEFER_UPDATE, UPDATE, CHOICES, SHOW_MODAL = 4, 5, 6, 7, 8, 9
FIRST_RESPONSE = 3.0
TOKEN = 15 * 60.0


class NotAnsweredError(AssertionError):
    """What a member waited for did not come."""


@dataclass(eq=False)
class Interaction:
    """An interaction.

    Attributes:
        began: When it was sent to the bot (`time.monotonic`).
        acknowledged: When the first response came; None before.
        refused: Responses that Discord did not take, by their error code.
        response: The kind of the first response.
        original: The message that answers; for a button's update, the message of the button.
        followups: What came after it.
        modal: The modal that was shown, and `choices` those of an autocompletion.
        finished: When the answer was there, not only announced (`time.monotonic`).
    """

    id: str
    token: str
    kind: int
    user: User
    channel: Channel
    message: Message | None = None
    began: float = field(default_factory=time.monotonic)
    acknowledged: float | None = None
    finished: float | None = None
    response: int | None = None
    refused: list[int] = field(default_factory=list)
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Payload | None = None
    choices: list[Payload] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def age(self) -> float:
        """Seconds since it was made."""
        return time.monotonic() - self.began

    def changed(self) -> None:
        """Note that something came of it."""
        if self.finished is None and self._is_finished():
            self.finished = time.monotonic()
        self._changed.set()

    def _is_finished(self) -> bool:
        thinking = self.original is not None and self.original.thinking
        return bool(self.followups or (self.response is not None and not thinking))

    @property
    def took(self) -> float:
        """Seconds from the member's action to the answer."""
        assert self.finished is not None, "there is no answer"
        return self.finished - self.began

    async def done(self, within: float = 10.0) -> Interaction:
        """Wait for the answer itself, not only for its announcement.

        Raises:
            NotAnsweredError: It did not come.
        """
        await self._until(lambda: self.finished is not None, within, "no answer")
        return self

    async def acknowledgement(self, within: float = 10.0) -> Interaction:
        """Wait for the first response.

        Raises:
            NotAnsweredError: It did not come.
        """
        await self._until(lambda: self.response is not None, within, "no response")
        return self

    async def card(self, within: float = 10.0) -> Message:
        """Wait for what the member reads in the end: the latest message that answers.

        Raises:
            NotAnsweredError: It did not come.
        """
        await self.done(within)
        found = self.followups[-1] if self.followups else self.original
        if found is None:
            raise NotAnsweredError(f"{self} has no message")
        return found

    async def followup(self, within: float = 10.0) -> Message:
        """Wait for a message after the first response.

        Raises:
            NotAnsweredError: It did not come.
        """
        await self._until(lambda: bool(self.followups), within, "no followup")
        return self.followups[-1]

    async def _until(self, true: Any, within: float, what: str) -> None:  # noqa: ANN401
        try:
            async with asyncio.timeout(within):
                while not true():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise NotAnsweredError(
                f"{what} to {self.user.name}'s interaction within {within} s; refused: "
                f"{self.refused}"
            ) from None
