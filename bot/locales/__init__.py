"""The words that people read, in both languages."""

from bot.locales.phrasebook import Phrasebook, Phrasebooks
from bot.locales.words import Words, said

__all__ = ["Phrasebook", "Phrasebooks", "Words", "said"]
