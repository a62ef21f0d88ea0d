"""What is encoded: the text of a passage in each language, and its curated questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from knowledge import Document, Edition, Language, PassageText, Span

_PAIRS = "; "


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
        content: What is encoded: of a passage the titles above it, what introduces it, and its
            own words, rows as “column: value” pairs.
        sentences: Its sentences, as spans of `content`; a curated question is one.
        title: The title of its document. It counts among its words and is not encoded: the same
            title in front of every passage draws them together.
    """

    passage: int
    kind: TextKind
    language: Language
    content: str
    sentences: tuple[Span, ...]
    title: str = ""

    @property
    def words(self) -> str:
        """What its words are counted in."""
        return f"{self.title}\n{self.content}"


def texts_of(documents: Iterable[Document]) -> Iterator[Text]:
    """All texts of `documents`, passage by passage, in an order that never changes."""
    number = 0
    for document in documents:
        for passage in document.passages:
            for language, text in sorted(passage.texts.items()):
                edition = document.editions[language]
                content, sentences = _content(edition, text)
                title = edition.about.title
                yield Text(number, TextKind.PASSAGE, language, content, sentences, title)
            for language, questions in sorted(passage.questions.items()):
                for question in questions:
                    whole = (Span(0, len(question)),)
                    yield Text(number, TextKind.QUESTION, language, question, whole)
            number += 1


def _content(edition: Edition, text: PassageText) -> tuple[str, tuple[Span, ...]]:
    """What is encoded of a passage, and its sentences in that."""
    rows = {each.span.start: each for each in edition.units_in(text.span) if any(each.titles)}
    before = (*text.headings, *(each.of(edition.text) for each in text.lead))
    parts = [f"{each}\n" for each in before]
    sentences: list[Span] = []
    end, length = text.span.start, sum(map(len, parts))
    for sentence in text.sentences:
        between = edition.text[end : sentence.start]
        row = rows.get(sentence.start)
        words = sentence.of(edition.text)
        if row is not None and row.span == sentence:
            words = _PAIRS.join(
                f"{title}: {cell}" if title else cell for title, cell in row.pairs(edition.text)
            )
        parts += (between, words)
        start = length + len(between)
        end, length = sentence.end, start + len(words)
        sentences.append(Span(start, length))
    return "".join(parts), tuple(sentences)
