"""The words that people read, in both languages."""

from bot.locales.phrasebook import Phrasebook, Phrasebooks

__all__ = ["Phrasebook", "Phrasebooks"]
