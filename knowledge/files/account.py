"""What a reader of an office format leaves out, gathered as it goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from knowledge.blocks.reading import Furniture, LeftOut, left_out


class Account:
    """All that was left out of a file so far."""

    def __init__(self) -> None:
        self._texts: dict[Furniture, list[str]] = {}
        self._counts: dict[Furniture, int] = {}

    def text(self, what: Furniture, text: str, count: int = 1) -> None:
        """A text was left out; several that are one thing have a count of 0 from the second on."""
        if text.strip():
            self._texts.setdefault(what, []).append(text)
            self._counts[what] = self._counts.get(what, 0) + count

    def thing(self, what: Furniture) -> None:
        """Something without words was left out."""
        self._texts.setdefault(what, [])
        self._counts[what] = self._counts.get(what, 0) + 1

    def has(self, what: Furniture) -> bool:
        """Whether something of a kind was left out."""
        return what in self._texts

    def __iter__(self) -> Iterator[LeftOut]:
        for what, texts in self._texts.items():
            yield replace(left_out(what, "\n".join(texts)), count=max(self._counts[what], 1))
