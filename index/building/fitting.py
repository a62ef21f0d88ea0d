"""Finding how sure the answers of an encoder are, by documents that were written for it.

The bundled documents (`index/data/written.jsonl`) come with questions that a passage answers and
with questions of the same matter that none does. They are put into knowledge bases of many sizes,
from a single passage to all of them, and asked; what speaks for the best passage, and whether it
answers, is what a `Confidence` is fitted on. No training uses these documents, so that a reader
can be judged by them too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from index.building.assembly import EncodedTexts, Meter, assemble, encode_texts
from index.calibration.calibration import Standing, Strictness
from index.calibration.confidence import Confidence, Example, Signals
from index.calibration.reference import Reference
from index.encoders.encoder import Encoded, Encoder, finite
from index.ranking.courtesies import without_courtesies
from index.ranking.ranking import CANDIDATES
from index.ranking.texts import texts_of
from index.search import best_signals
from index.segments.segments import Segment, Segments
from knowledge import Document, Edition, FrontMatter, Language, Passage, PassageText, Span
from knowledge.passages.sentences import sentence_spans

SIZES = (4, 23)
"""Documents of the knowledge bases between a single one and all: about 16 and 100 passages."""
NEAR_SHARE = 1 / 3
"""How much questions that no passage answers count among all."""
_BATCH = 32
_UNRELATED = 4
"""Of the bundled unrelated questions one in so many is asked of each of the many bases."""


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A question about a written document.

    Attributes:
        text: The question, without courtesies.
        language: Its language.
        passage: The id of the passage that answers it, or that tempts most.
        answered: Whether it answers.
    """

    text: str
    language: Language
    passage: str
    answered: bool


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    """A document that was written with questions."""

    document: Document
    questions: tuple[WrittenQuestion, ...]


class WrittenEncodings(NamedTuple):
    """What an encoder reads of written documents.

    Attributes:
        texts: Every text of them.
        questions: Every question, by its words.
        reference: What is bundled to know silence by.
    """

    texts: EncodedTexts
    questions: Mapping[str, Encoded]
    reference: Reference


class Trial(NamedTuple):
    """A question that was asked of a knowledge base of some size.

    Attributes:
        about: The document that it is about.
        question: The question.
        size: How many documents the base has; 0 for a single passage.
        answerable: Whether a passage of the base answers it.
        right: Whether the best passage does.
        shown: Whether what speaks for it reaches the threshold.
        standing: How it stands.
        signals: What speaks for it.
    """

    about: WrittenDocument
    question: WrittenQuestion
    size: int
    answerable: bool
    right: bool
    shown: bool
    standing: Standing
    signals: Signals


@lru_cache(maxsize=1)
def bundled_documents() -> tuple[WrittenDocument, ...]:
    """The written documents that are bundled."""
    text = (resources.files("index") / "data" / "written.jsonl").read_text("utf-8")
    return written_documents(text.splitlines(), "written")


def read_written(path: Path) -> tuple[WrittenDocument, ...]:
    """The written documents of a file.

    Raises:
        OSError: It cannot be read.
        ValueError: It is none of written documents.
        KeyError: A document lacks a part.
    """
    return written_documents(path.read_text("utf-8").splitlines(), path.stem)


def written_documents(lines: Sequence[str], name: str) -> tuple[WrittenDocument, ...]:
    """Documents from lines of JSON.

    Args:
        lines: A document each: `lang`, `title`, `passages`, `questions`.
        name: Goes before their slugs.
    """
    return tuple(_written(json.loads(line), f"{name}-{at}") for at, line in enumerate(lines))


def _written(value: dict[str, Any], slug: str) -> WrittenDocument:
    language = Language(value["lang"])
    text = ""
    made: list[Passage] = []
    for number, passage in enumerate(value["passages"], 1):
        span = Span(len(text), len(text) + len(passage.strip()))
        text += passage.strip()
        own = PassageText(span, sentence_spans(text, span, language), "")
        made.append(Passage(f"{slug}/{number}", number, {language: own}))
        text += "\n\n"
    about = FrontMatter(title=str(value["title"]), language=language)
    return WrittenDocument(
        Document(slug, {language: Edition(about, text)}, tuple(made)),
        tuple(
            WrittenQuestion(
                without_courtesies(each["q"]),
                Language(each["lang"]),
                f"{slug}/{each['passage'] + 1}",
                each["kind"] == "answered",
            )
            for each in value["questions"]
        ),
    )


def fitting_size() -> int:
    """How many texts are encoded for a fit."""
    every = bundled_documents()
    return sum(len(each.document.passages) + len(each.questions) for each in every)


def fit_confidence(encoder: Encoder, reference: Reference, meter: Meter) -> Confidence:
    """Find the weights of an encoder without a reader.

    Args:
        encoder: The encoder.
        reference: What is bundled, as it reads it.
        meter: Told how far it is.

    Raises:
        EncoderError: The encoder failed.
    """
    written = bundled_documents()
    questions = encoded_questions(encoder, written, meter.add)
    known = EncodedTexts()
    texts = tuple(texts_of([each.document for each in written]))
    encode_texts(known, texts, encoder, reference, meter=meter)
    trials = list(ask_written(written, (), WrittenEncodings(known, questions, reference)))
    return Confidence.fitted(examples(trials), encoder.name, None)


def encoded_questions(
    encoder: Encoder, written: Sequence[WrittenDocument], told: Callable[[int], None]
) -> dict[str, Encoded]:
    """The questions of documents as the encoder reads them.

    Raises:
        EncoderError: The encoder failed.
    """
    every = sorted({one.text for each in written for one in each.questions}, key=len)
    found: dict[str, Encoded] = {}
    for start in range(0, len(every), _BATCH):
        batch = every[start : start + _BATCH]
        found |= zip(batch, finite(batch, encoder.encode_queries(batch)), strict=True)
        told(len(batch))
    return found


def examples(trials: Sequence[Trial]) -> list[Example]:
    """What a confidence is fitted on.

    Every size of base counts alike, and in each of them questions that no passage answers count
    `NEAR_SHARE`. What stays silent anyway is left out.
    """
    totals: dict[tuple[int, bool], int] = {}
    for each in trials:
        key = each.size, each.answerable
        totals[key] = totals.get(key, 0) + 1
    shares = {True: 1 - NEAR_SHARE, False: NEAR_SHARE}
    return [
        Example(
            each.signals, each.right, shares[each.answerable] / totals[each.size, each.answerable]
        )
        for each in trials
        if each.shown
    ]


def ask_written(
    written: Sequence[WrittenDocument],
    others: Sequence[WrittenDocument],
    encodings: WrittenEncodings,
) -> Iterator[Trial]:
    """Ask documents their questions, in knowledge bases of every size.

    Args:
        written: The documents that are asked about.
        others: Documents that fill up the largest base.
        encodings: All of them, and the questions of `written`.
    """
    for number, each in enumerate(written):
        passages = each.document.passages
        single = replace(each.document, passages=(passages[number % len(passages)],))
        yield from _ask([single], [each], 0, encodings)
        yield from _ask([each.document], [each], 1, encodings)
    for size in SIZES:
        for language in Language:
            own = [each for each in written if language in each.document.editions]
            for start in range(0, len(own), size):
                # The last base is filled up with the first documents.
                group = own[start : start + size]
                base = [*group, *own[: max(0, min(size, start) - len(group))]]
                documents = [each.document for each in base]
                yield from _ask(documents, group, size, encodings)
    documents = [each.document for each in (*written, *others)]
    yield from _ask(documents, written, len(documents), encodings)


def _ask(
    documents: Sequence[Document],
    about: Sequence[WrittenDocument],
    size: int,
    encodings: WrittenEncodings,
) -> Iterator[Trial]:
    # What unrelated questions reach hardly differs where fewer are asked.
    fewer = replace(encodings.reference, every=_UNRELATED)
    segments = Segments([Segment(assemble(documents, encodings.texts, fewer))], fewer)
    there = {passage.id for each in documents for passage in each.passages}
    for each in about:
        for question in each.questions:
            language = question.language
            query = segments.query(question.text, encodings.questions[question.text], language)
            threshold = segments.thresholds[language]
            different = segments.different(segments.rank(query, threshold.noise, CANDIDATES))
            standing = threshold.standing([one.score for one in different])
            answerable = question.answered and question.passage in there
            passage = segments.at(different[0].passage).passage
            yield Trial(
                each,
                question,
                size,
                answerable,
                answerable and passage.id == question.passage,
                standing.evidence >= threshold.evidence[Strictness.BALANCED],
                standing,
                best_signals(segments, query, different, standing, language),
            )
