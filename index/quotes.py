"""Where a passage stands, and quotes: parts of a document, proved to stand there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from index.errors import NotVerbatimError
from index.ranking.telling import Telling
from knowledge import Document, Language, Mark, Passage, Span, Unit


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage in one language, with what a reader needs to know of it.

    Attributes:
        text: The passage, a substring of the edition's text.
        sentences: Its sentences, as spans of `text`.
        sentence: The telling sentence, one of `sentences`; None where it is the whole.
        language: The language of `text`.
        is_translation: Whether `text` translates the original.
        original_language: The language that it was translated from, if it was.
        passage_id: The passage.
        number, of: It is the passage `number` of `of` in its document.
        document: The document's slug.
        title, section, publisher, author, published, url: Where it comes from.
        headings: The titles that it stands under, the highest first.
        lead: What introduces it in its document where that is not a part of it.
        marks: What of `text` is bold, a link and so on.
        units: The paragraphs, items, rows and so on that `text` has, as spans of it; the first
            and the last may reach beyond.
        review_by: The day by which somebody should look whether it still holds.
    """

    text: str
    sentences: tuple[Span, ...]
    sentence: Span | None
    language: Language
    is_translation: bool
    original_language: Language | None
    passage_id: str
    number: int
    of: int
    document: str
    title: str
    section: str
    publisher: str | None
    author: str | None
    published: dt.date | None
    url: str | None
    headings: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    units: tuple[Unit, ...] = ()
    review_by: dt.date | None = None

    @classmethod
    def quoted(
        cls, document: Document, passage: Passage, language: Language, sentence: int | None
    ) -> Quote:
        """Quote `passage` in `language`, marking its sentence number `sentence`."""
        edition, text = document.editions[language], passage.texts[language]
        about = edition.about
        sentences = tuple(each.within(text.span) for each in text.sentences)
        return cls(
            text=text.span.of(edition.text),
            sentences=sentences,
            sentence=None if sentence is None else sentences[sentence],
            language=language,
            is_translation=about.translated_from is not None,
            original_language=about.translated_from,
            passage_id=passage.id,
            number=passage.number,
            of=len(document.passages),
            document=document.slug,
            title=about.title,
            section=text.section,
            publisher=about.publisher,
            author=about.author,
            published=about.published,
            url=None if about.url is None else str(about.url),
            headings=text.headings,
            lead=tuple(each.of(edition.text) for each in text.lead),
            marks=edition.marks_in(text.span),
            units=tuple(each.within(text.span) for each in edition.units_in(text.span)),
            review_by=document.review_by,
        )

    @property
    def marked(self) -> str:
        """The telling sentence, or an empty string where the whole passage is needed."""
        return "" if self.sentence is None else self.sentence.of(self.text)

    def prove(self, document: Document) -> None:
        """Check once more, before it is shown, that the quote stands in its document.

        Raises:
            NotVerbatimError: It does not.
        """
        source = document.editions[self.language].text
        if document.slug != self.document or not self.text or self.text not in source:
            raise NotVerbatimError(
                f"the quote {self.text[:60]!r} is not a part of the document “{self.document}”"
            )
        if self.sentence is not None and self.sentence not in self.sentences:
            raise NotVerbatimError(f"the mark {self.sentence} is no sentence of the quote")


@dataclass(frozen=True, slots=True)
class Located:
    """A passage and the document that it stands in."""

    document: Document
    passage: Passage

    def quote(self, language: Language, telling: Telling | None = None) -> Quote:
        """The passage in `language`, or in the other one where it has only that.

        Args:
            language: The language that a reader would like.
            telling: For each language the number of the sentence to mark; None marks none.

        Raises:
            NotVerbatimError: The quote does not stand in the document.
        """
        chosen = language if language in self.passage.texts else language.other
        sentence = None if telling is None else telling.get(chosen)
        quote = Quote.quoted(self.document, self.passage, chosen, sentence)
        quote.prove(self.document)
        return quote
