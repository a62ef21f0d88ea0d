"""Reading modals without discord.py's memory of them, so that they outlive a restart.

discord.py calls a modal's own `on_submit` only in the process that sent the modal.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

FORGOTTEN = 900
"""Seconds after which discord.py forgets a modal that it was given to send."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A modal that was sent in.

    Attributes:
        match: What its `custom_id` says.
        components: What it is made of, as Discord has it.
    """

    match: re.Match[str]
    components: Sequence[Mapping[str, Any]]

    def typed(self, name: str) -> str:
        """What somebody typed into the input `name`."""
        for component in self.components:
            inner = component.get("component") or {}
            if inner.get("custom_id") == name:
                return str(inner.get("value") or "")
        return ""


def submission(
    interaction: discord.Interaction[Any], pattern: re.Pattern[str]
) -> Submission | None:
    """The modal that was sent in, if its `custom_id` is of `pattern`."""
    data: Mapping[str, Any] = interaction.data or {}
    match = pattern.fullmatch(str(data.get("custom_id", "")))
    return None if match is None else Submission(match, data["components"])


class Modals:
    """What is done when a modal is sent in, by its `custom_id`."""

    def __init__(self) -> None:
        self._acts: list[
            tuple[
                re.Pattern[str],
                Callable[[Submission, discord.Interaction[Any]], Awaitable[None]],
            ]
        ] = []

    def on(
        self,
        pattern: re.Pattern[str],
        act: Callable[[Submission, discord.Interaction[Any]], Awaitable[None]],
    ) -> None:
        """Register what is done with a modal whose `custom_id` is of `pattern`."""
        self._acts.append((pattern, act))

    async def take(self, interaction: discord.Interaction[Any]) -> None:
        """Do what is registered for a modal that was sent in; nothing where nothing is."""
        for pattern, act in self._acts:
            sent_in = submission(interaction, pattern)
            if sent_in is not None:
                await act(sent_in, interaction)
                return
