"""What is encoded: the text of a passage in each language, and its curated questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from knowledge import Document, Language, Span


class TextKind(StrEnum):
    """What a text is."""

    PASSAGE = "passage"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Text:
    """One encoded text.

    Attributes:
        passage: The number of its passage among all passages of the index.
        kind: What it is.
        language: Its language.
        content: What is encoded.
        sentences: Its sentences, as spans of `content`; a curated question is one.
        heading: The titles above it. They count among its words and are not encoded: a
            title in front of every passage draws them together.
    """

    passage: int
    kind: TextKind
    language: Language
    content: str
    sentences: tuple[Span, ...]
    heading: str = ""

    @property
    def words(self) -> str:
        """What its words are counted in."""
        return f"{self.heading}\n{self.content}"


def texts_of(documents: Iterable[Document]) -> Iterator[Text]:
    """All texts of `documents`, passage by passage, in an order that never changes."""
    number = 0
    for document in documents:
        for passage in document.passages:
            for language, text in sorted(passage.texts.items()):
                edition = document.editions[language]
                content = text.span.of(edition.text)
                sentences = tuple(each.within(text.span) for each in text.sentences)
                heading = "\n".join(filter(None, (edition.about.title, text.section)))
                yield Text(number, TextKind.PASSAGE, language, content, sentences, heading)
            for language, questions in sorted(passage.questions.items()):
                for question in questions:
                    whole = (Span(0, len(question)),)
                    yield Text(number, TextKind.QUESTION, language, question, whole)
            number += 1
