"""Who reads what a command says: the language of a terminal, chosen or that of its environment."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.locales import Phrasebook, said
from bot.locales.phrasebook import phrasebook
from knowledge import Language

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The first that is set and not empty counts, as POSIX has it."""


def environment_language() -> Language:
    """The language that the terminal is set to, English where it is none of ours."""
    value = next((each for name in _VARIABLES if (each := os.environ.get(name))), "")
    code = re.split(r"[_.@]", value, maxsplit=1)[0].lower()
    return next((each for each in Language if each == code), Language.ENGLISH)


@dataclass(slots=True)
class Terminal:
    """Who reads what a command says.

    Attributes:
        chosen: The language that they asked for; None takes that of the environment.
    """

    chosen: Language | None = None

    @property
    def phrases(self) -> Phrasebook:
        """The words that they read."""
        return phrasebook(self.chosen or environment_language())

    def say(self, what: object) -> None:
        """Print a line on standard error: a text as it is, words and errors in their language."""
        Console(stderr=True).print(Text(said(what, self.phrases)), soft_wrap=True)


def terminal_of(context: typer.Context, language: Language | None = None) -> Terminal:
    """Who reads what a command says, refusals included.

    Args:
        context: The command's.
        language: What the command itself was told; None leaves what was chosen before it.
    """
    root = context.find_root()
    if not isinstance(root.obj, Terminal):
        root.obj = Terminal()
    root.obj.chosen = language or root.obj.chosen
    return root.obj


SpokenOption = Annotated[
    Language | None,
    typer.Option(
        "--language", help="The language of what is said; that of the terminal if left out."
    ),
]
