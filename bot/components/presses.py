"""What is done when a button is pressed, by its class.

A button is what it says and knows nothing of what a press does; who does it registers here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeAlias, TypeVar

from discord import Interaction, ui

Pressed: TypeAlias = ui.DynamicItem[Any]
"""A button or a select of which Discord alone keeps the state."""
P = TypeVar("P", bound=ui.DynamicItem[Any])


class Host(Protocol):
    """The client, as far as buttons know it."""

    async def pressed(self, item: Pressed, interaction: Interaction[Any]) -> None:
        """Do what was registered for a press, or say why not."""


class Presses:
    """What is done when a button is pressed, by its class."""

    def __init__(self) -> None:
        self._acts: dict[type[Pressed], Callable[[Any, Interaction[Any]], Awaitable[None]]] = {}

    @property
    def kinds(self) -> tuple[type[Pressed], ...]:
        """The classes that something is registered for."""
        return tuple(self._acts)

    def on(self, kind: type[P], act: Callable[[P, Interaction[Any]], Awaitable[None]]) -> None:
        """Register what a press does.

        Raises:
            ValueError: Something is registered for that class already.
        """
        if kind in self._acts:
            raise ValueError(f"two things are to be done when a {kind.__name__} is pressed")
        self._acts[kind] = act

    async def take(self, item: Pressed, interaction: Interaction[Any]) -> None:
        """Do what is registered.

        Raises:
            KeyError: Nothing is.
        """
        await self._acts[type(item)](item, interaction)
