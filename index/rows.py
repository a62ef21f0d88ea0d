"""What is embedded: a row for each passage text, each sentence, each curated question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from knowledge import Document, Language


class RowKind(StrEnum):
    """What the text of a row is."""

    PASSAGE = "passage"
    SENTENCE = "sentence"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Row:
    """One embedded text.

    Attributes:
        passage: The position of its passage among all passages of the index.
        kind: What the text is.
        language: The language of the text.
        position: Which sentence or question of the passage it is, counted from 0.
        content: The text that is embedded.
    """

    passage: int
    kind: RowKind
    language: Language
    position: int
    content: str


def rows_of(documents: Iterable[Document]) -> Iterator[Row]:
    """All rows of `documents`, passage by passage, in an order that never changes.

    The text of a passage is embedded under its document's and its section's title, which
    say what it is about; a sentence stands alone.
    """
    number = 0
    for document in documents:
        for passage in document.passages:
            for language, text in sorted(passage.texts.items()):
                edition = document.editions[language]
                titles = [title for title in (edition.about.title, text.section) if title]
                content = "\n".join([*titles, text.span.of(edition.text)])
                yield Row(number, RowKind.PASSAGE, language, 0, content)
                for position, sentence in enumerate(text.sentences):
                    content = sentence.of(edition.text)
                    yield Row(number, RowKind.SENTENCE, language, position, content)
            for language, questions in sorted(passage.questions.items()):
                for position, question in enumerate(questions):
                    yield Row(number, RowKind.QUESTION, language, position, question)
            number += 1
