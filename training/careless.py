"""The same question as somebody in a hurry types it."""

from __future__ import annotations

import re
import unicodedata
from random import Random

_GREETINGS = {
    "fr": ("bonjour, ", "Bonjour, ", "salut, ", "slt ", "bonsoir ", "Bonjour à tous, ", "coucou "),
    "en": (
        "hi, ",
        "Hello, ",
        "hey ",
        "hi all, ",
        "Good morning, ",
        "hello everyone, ",
        "hey guys ",
    ),
}
_THANKS = {
    "fr": (" merci", " merci d'avance", " svp", ", merci !", " stp"),
    "en": (" thanks", " please", " pls", ", thank you!", " thx"),
}
_SHORT = {
    "fr": {
        "pourquoi": "pk",
        "combien": "cb",
        "quand": "qd",
        "est-ce que": "esk",
        "beaucoup": "bcp",
        "quelqu'un": "qqn",
        "pour": "pr",
        "dans": "ds",
        "toujours": "tjrs",
    },
    "en": {
        "what is": "whats",
        "who is": "whos",
        "you": "u",
        "are": "r",
        "because": "cuz",
        "people": "ppl",
        "between": "btwn",
        "with": "w/",
    },
}


def carelessly(question: str, language: str, chance: Random) -> str:
    """`question` without accents, capitals or marks, shortened, mistyped, greeted: by chance.

    Args:
        question: The question.
        language: Its language, fr or en.
        chance: What decides; the same state gives the same words.
    """
    if _happens(chance, 0.5):
        question = without_accents(question)
    if _happens(chance, 0.6):
        question = question.lower()
    if _happens(chance, 0.6):
        question = re.sub(r"[\s\u00a0\u202f]*[?.!]+$", "", question)
    if _happens(chance, 0.3):
        question = question.replace("'", " ").replace("’", " ")
    if _happens(chance, 0.3):
        for long, short in _SHORT[language].items():
            question = re.sub(rf"\b{long}\b", short, question)
    if _happens(chance, 0.4):
        question = _mistyped(question, chance)
    if _happens(chance, 0.25):
        question = chance.choice(_GREETINGS[language]) + question
    if _happens(chance, 0.15):
        question += chance.choice(_THANKS[language])
    return question


def without_accents(text: str) -> str:
    """`text` with its letters bare."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(each for each in parts if not unicodedata.combining(each))


def _happens(chance: Random, share: float) -> bool:
    return chance.random() < share


def _mistyped(text: str, chance: Random) -> str:
    words = [each.start() for each in re.finditer(r"\w{5,}", text)]
    if not words:
        return text
    place = chance.choice(words) + chance.randint(1, 3)
    kind = chance.randrange(3)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place] + text[place:]
    return text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :]
