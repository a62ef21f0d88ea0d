"""What may be answered: everything that members do comes in here, until the bot stops."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import discord

from bot.client.localisation import Localiser
from bot.components.sending import reply_privately


class Admission:
    """Counts what is being answered, so that it can end before the bot stops."""

    def __init__(self, localiser: Localiser) -> None:
        """Start; `localiser` has the words for who is not admitted."""
        self._localiser = localiser
        self._inside: set[asyncio.Task[Any]] = set()
        self._is_open = True

    @property
    def inside(self) -> int:
        """How much is being answered."""
        return len(self._inside)

    def enter(self) -> bool:
        """Whether what the current task is about may be answered; waited for in either case.

        Where it is False, the member is still to be told.
        """
        task = asyncio.current_task()
        if task is not None and task not in self._inside:
            self._inside.add(task)
            task.add_done_callback(self._inside.discard)
        return self._is_open

    async def admit(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether what a member did may be answered; where not, the member is told."""
        if self.enter():
            return True
        with contextlib.suppress(discord.HTTPException):
            if interaction.type is discord.InteractionType.autocomplete:
                await interaction.response.autocomplete([])
            else:
                phrases = self._localiser.phrases(interaction.locale)
                await reply_privately(interaction, phrases("problem.stopping"))
        return False

    async def close(self, patience: float) -> int:
        """Let nobody in any more, and wait for who is inside.

        Args:
            patience: How long to wait, in seconds.

        Returns:
            How many answers are not finished even so.
        """
        self._is_open = False
        try:
            async with asyncio.timeout(patience):
                while self._inside:
                    await asyncio.wait(self._inside)
        except TimeoutError:
            pass
        return len(self._inside)
