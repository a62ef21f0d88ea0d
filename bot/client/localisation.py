"""In which language somebody is spoken to: as they chose, as Discord says, as the server is."""

from __future__ import annotations

from typing import Any

import discord

from bot.client.translator import language_of
from bot.guilds.languages import LanguageBook
from bot.guilds.settings import SettingsBook
from bot.locales import Phrasebook, Phrasebooks
from knowledge import Language


class Localiser:
    """Finds the phrases for members and for servers.

    Attributes:
        books: The phrases in each language.
    """

    def __init__(
        self,
        books: Phrasebooks,
        languages: LanguageBook,
        settings: SettingsBook,
        default: Language,
    ) -> None:
        """Start.

        Args:
            books: The phrases in each language.
            languages: What members chose.
            settings: What servers chose.
            default: The language where nothing else is known.
        """
        self.books = books
        self._languages = languages
        self._settings = settings
        self._default = default

    def phrases(self, locale: discord.Locale | None, chosen: Language | None = None) -> Phrasebook:
        """The phrases for somebody whose Discord is in `locale`, or who chose a language."""
        return self.books[chosen or language_of(locale) or self._default]

    async def phrases_for(self, interaction: discord.Interaction[Any]) -> Phrasebook:
        """The phrases for who acts: in the language chosen with `/language`, else in Discord's."""
        phrases = self.phrases(interaction.locale, await self._languages.of(interaction.user.id))
        return await self.calling(phrases, interaction.guild_id)

    async def calling(self, phrases: Phrasebook, guild: int | None) -> Phrasebook:
        """The same phrases, with the word that a server has for its documents."""
        return phrases.calling((await self._settings.of(guild)).called)

    async def public_phrases(self, interaction: discord.Interaction[Any]) -> Phrasebook:
        """The phrases of what who acts is answered before everybody.

        They are in the language that the server set, as in an answer to a mention, unless who
        acts chose one.
        """
        chosen = await self._languages.of(interaction.user.id)
        settings = await self._settings.of(interaction.guild_id)
        return self.phrases(interaction.locale, chosen or settings.language).calling(
            settings.called
        )

    async def guild_phrases(self, guild: discord.Guild | None) -> Phrasebook:
        """The phrases of a server."""
        book = self.books[await self.guild_language(guild) or self._default]
        return await self.calling(book, None if guild is None else guild.id)

    async def guild_language(self, guild: discord.Guild | None) -> Language | None:
        """The language that a server chose: in its settings, or as a community server."""
        if guild is None:
            return None
        chosen = (await self._settings.of(guild.id)).language
        if chosen is None and "COMMUNITY" in guild.features:
            return language_of(guild.preferred_locale)
        return chosen
