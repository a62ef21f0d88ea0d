"""What Discord offers while somebody types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from discord import app_commands

from bot.components.markup import on_one_line, shortened
from bot.storage.same_question import folded_question

MOST_CHOICES = 25
"""What Discord shows of an autocompletion."""
LONGEST_CHOICE = 100
"""Characters of a choice, and of what it stands for."""


def choice(name: str, value: str) -> app_commands.Choice[str]:
    """A choice; a longer name is cut."""
    return app_commands.Choice(name=shortened(on_one_line(name), LONGEST_CHOICE), value=value)


def meant(typed: str, named: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """What somebody means who may have chosen from the list, or typed a name without it.

    Args:
        typed: What Discord hands over.
        named: What there is, by what a choice stands for, each with the names it goes by.

    Returns:
        The one that the list's choice stands for; else all that go by the name, accents, case
        and punctuation aside.
    """
    if typed in named:
        return (typed,)
    words = folded_question(typed)
    return tuple(
        each
        for each, names in named.items()
        if words and any(folded_question(name) == words for name in (each, *names))
    )
