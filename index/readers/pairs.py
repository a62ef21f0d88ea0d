"""From a question and a passage to the tokens of both, as the model's tokenizer joins them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict
from tokenizers import Tokenizer

from index.encoders.exported.tokenizer import TextTokenizer, Tokens
from index.readers.windows import question_room, windows

PAIR = "pair.json"

_UNLIMITED = 1 << 30


class Marker(BaseModel):
    """A token that stands around texts, and its type."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    type: int


class PairTemplate(BaseModel):
    """How a question and a passage become one row of tokens.

    Attributes:
        before, between, after: The markers around the two.
        question, passage: The type of their own tokens.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    before: tuple[Marker, ...]
    between: tuple[Marker, ...]
    after: tuple[Marker, ...]
    question: int
    passage: int

    @classmethod
    def of(cls, definition: str) -> Self:
        """The template of a tokenizer.

        Args:
            definition: The content of its `tokenizer.json`.
        """
        whole = json.loads(definition) | {"truncation": None, "padding": None}
        read = Tokenizer.from_str(json.dumps(whole)).encode("a", "a")
        types = read.type_ids
        own = [at for at, each in enumerate(read.sequence_ids) if each == 0]
        theirs = [at for at, each in enumerate(read.sequence_ids) if each == 1]

        def markers(start: int, end: int) -> tuple[Marker, ...]:
            return tuple(Marker(id=read.ids[at], type=types[at]) for at in range(start, end))

        return cls(
            before=markers(0, own[0]),
            between=markers(own[-1] + 1, theirs[0]),
            after=markers(theirs[-1] + 1, len(types)),
            question=types[own[0]],
            passage=types[theirs[0]],
        )

    @property
    def markers(self) -> int:
        """How many there are."""
        return len(self.before) + len(self.between) + len(self.after)


@dataclass(frozen=True, slots=True)
class ReadPair:
    """The tokens of a question and of a passage, or of a window of it.

    Attributes:
        ids: Their ids, markers included.
        types: The type of each.
    """

    ids: list[int]
    types: list[int]


class PairTokenizer:
    """Joins questions and passages; safe to use from several threads."""

    def __init__(self, tokenizer: TextTokenizer, template: PairTemplate, longest: int) -> None:
        """Start.

        Args:
            tokenizer: Splits either.
            template: How they are joined.
            longest: How many tokens are read at once, markers included.
        """
        self._tokenizer = tokenizer
        self._template = template
        self._room = longest - template.markers

    def read(self, question: str, passage: str) -> Iterator[ReadPair]:
        """The question with each window of the passage."""
        asked = self._ids(question)[: question_room(self._room)]
        tokens = self._ids(passage)
        for window in windows(len(tokens), self._room - len(asked)):
            yield self._joined(asked, tokens[window])

    def _ids(self, text: str) -> list[int]:
        read: Tokens = self._tokenizer.read(text, _UNLIMITED)
        return read.ids[read.first : read.first + len(read.offsets)]

    def _joined(self, question: list[int], passage: list[int]) -> ReadPair:
        before, between, after = (
            self._template.before,
            self._template.between,
            self._template.after,
        )
        return ReadPair(
            [
                *(each.id for each in before),
                *question,
                *(each.id for each in between),
                *passage,
                *(each.id for each in after),
            ],
            [
                *(each.type for each in before),
                *([self._template.question] * len(question)),
                *(each.type for each in between),
                *([self._template.passage] * len(passage)),
                *(each.type for each in after),
            ],
        )


def write_template(definition: str, folder: Path) -> None:
    """Write the template of a tokenizer to a folder.

    Raises:
        OSError: It cannot be written.
    """
    (folder / PAIR).write_text(PairTemplate.of(definition).model_dump_json(), encoding="utf-8")
