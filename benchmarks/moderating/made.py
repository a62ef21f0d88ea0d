"""Documents made of real words, which are there to be searched and say nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import yaml

from bot.drafts import written_file
from knowledge import Language

QUESTIONS = Path("tests/data/questions.yaml")
MODERATOR = 1


class Maker:
    """Makes documents; the same ones every time."""

    def __init__(self) -> None:
        self._chosen = random.Random(7)  # noqa: S311 - not for secrets
        asked = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
        self._words = sorted({word for each in asked for word in each["question"].split()})

    def passages(self, count: int, words: int) -> list[str]:
        """Passages of so many words each, in sentences of twenty."""
        return [self._passage(words) for _ in range(count)]

    def _passage(self, words: int) -> str:
        said = self._chosen.choices(self._words, k=words)
        return " ".join(" ".join(said[at : at + 20]) + "." for at in range(0, words, 20))

    def drawn(self, passages: Sequence[str], count: int) -> list[str]:
        """Some of the passages, in any order, none of them twice."""
        return self._chosen.sample(passages, count)


def document(title: str, passages: Sequence[str]) -> dict[str, str]:
    """The files of a document, a paragraph for each passage."""
    text = written_file(title, Language.ENGLISH, "\n\n".join(passages), None)
    return {"en.md": text}
