"""What Discord offers while somebody types."""

from __future__ import annotations

from discord import app_commands

from bot.components.markup import on_one_line, shortened

MOST_CHOICES = 25
"""What Discord shows of an autocompletion."""
LONGEST_CHOICE = 100
"""Characters of a choice, and of what it stands for."""


def choice(name: str, value: str) -> app_commands.Choice[str]:
    """A choice; a longer name is cut."""
    return app_commands.Choice(name=shortened(on_one_line(name), LONGEST_CHOICE), value=value)
