"""What Discord shows of the commands, in each member's language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeVar

import discord
from discord import app_commands

from bot.locales import Phrasebook, Phrasebooks
from knowledge import Language

Command = TypeVar("Command")
_LANGUAGES = {
    discord.Locale.french: Language.FRENCH,
    discord.Locale.american_english: Language.ENGLISH,
    discord.Locale.british_english: Language.ENGLISH,
}


def language_of(locale: discord.Locale | None) -> Language | None:
    """The language of ours that a Discord locale is, if it is one."""
    return None if locale is None else _LANGUAGES.get(locale)


@cache
def _english() -> Phrasebook:
    # Every option of every command asks while it is defined; the file is read once.
    return Phrasebooks.read()[Language.ENGLISH]


def phrase(key: str) -> app_commands.locale_str:
    """A text of a command, by its key in `bot/locales`; `CommandTranslator` fills it in.

    Discord shows the default, which is English, to everybody else.
    """
    return app_commands.locale_str(_english()(key), key=key)


def named_options(*parameters: str) -> Callable[[Command], Command]:
    """Decorates a command whose options have names in each language, as `option.` has them."""
    return app_commands.rename(**{each: phrase(f"option.{each}") for each in parameters})


class CommandTranslator(app_commands.Translator):
    """Gives Discord every text of a command in each of our languages."""

    def __init__(self, books: Phrasebooks) -> None:
        self._books = books

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text in `locale`, or None where that is not one of our languages."""
        del context
        language = language_of(locale)
        key = string.extras.get("key")
        if language is None or key is None:
            return None
        book: Phrasebook = self._books[language]
        return book(key)
