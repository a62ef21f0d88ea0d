"""Finding how sure answers are, of an encoder and a reader, by documents written for it.

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

import numpy as np

from index.building.assembly import EncodedTexts, Meter, assemble, encode_texts
from index.calibration.calibration import Standing, Strictness
from index.calibration.confidence import Confidence, Example, Signals
from index.calibration.reference import Reference
from index.encoders.encoder import Encoded, Encoder, finite
from index.ranking.courtesies import without_courtesies
from index.ranking.ranking import CANDIDATES, Query, RankedPassage
from index.ranking.texts import texts_of
from index.readers.reader import Reader
from index.reading import Reading, ReadPassage, with_first
from index.search import best_signals
from index.segments.segments import Segment, Segments
from knowledge import Document, Edition, FrontMatter, Language, Passage, PassageText, Span
from knowledge.passages.sentences import sentence_spans

SIZES = (4, 23)
"""Documents of the knowledge bases between a single one and all: about 16 and 100 passages."""
NEAR_SHARE = 1 / 3
"""How much questions that no passage answers count among all."""
_BATCH = 32
_RIDGE = 1e-3
_STEPS = 50
_LEAST_SCORE_WEIGHT = 0.05
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


class TriedPassage(NamedTuple):
    """A passage that a reader read.

    Attributes:
        score: Its score.
        logit: What the reader gave for it.
        right: Whether it is the passage that answers.
        standing: How it stands.
        signals: What speaks for it.
    """

    score: float
    logit: float
    right: bool
    standing: Standing
    signals: Signals


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
        read: The passages that a reader read, as they came; none where nobody read.
    """

    about: WrittenDocument
    question: WrittenQuestion
    size: int
    answerable: bool
    right: bool
    shown: bool
    standing: Standing
    signals: Signals
    read: tuple[TriedPassage, ...] = ()

    def after(self, weight: float) -> Trial:
        """The same once the reader has had its say.

        Args:
            weight: What a logit counts in deviations of noise.
        """
        if not self.read:
            return self
        best = max(self.read, key=lambda each: each.score + weight * each.logit)
        return self._replace(
            right=self.answerable and best.right, standing=best.standing, signals=best.signals
        )


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


def fitting_size(reader: Reader | None = None) -> int:
    """How many texts are encoded, and questions read, for a fit."""
    every = bundled_documents()
    questions = sum(len(each.questions) for each in every)
    asked = 0 if reader is None else questions * (len(SIZES) + 3)
    return sum(len(each.document.passages) for each in every) + questions + asked


def fit_confidence(
    encoder: Encoder, reference: Reference, meter: Meter, reader: Reader | None = None
) -> Confidence:
    """Find the weights of an encoder, or of an encoder and a reader.

    Args:
        encoder: The encoder.
        reference: What is bundled, as it reads it.
        meter: Told how far it is.
        reader: The reader; None for none.

    Raises:
        EncoderError: The encoder failed.
        ReaderError: The reader failed.
    """
    written = bundled_documents()
    questions = encoded_questions(encoder, written, meter.add)
    known = EncodedTexts()
    texts = tuple(texts_of([each.document for each in written]))
    encode_texts(known, texts, encoder, reference, meter=meter)
    encodings = WrittenEncodings(known, questions, reference)
    if reader is None:
        trials = list(ask_written(written, (), encodings))
        return Confidence.fitted(examples(trials), encoder.name, None)
    trials = []
    for trial in ask_written(written, (), encodings, Reading(reader)):
        trials.append(trial)
        meter.add(1)
    return fitted_reading(trials, encoder.name, reader.name)


def fitted_reading(trials: Sequence[Trial], encoder: str, reader: str) -> Confidence:
    """The weights of a pair, by questions that the reader has read with passages."""
    weight = reading_weight([each for each in trials if each.shown and each.answerable])
    read = [each.after(weight) for each in trials]
    return Confidence.fitted(examples(read), encoder, reader, weight)


def reading_weight(trials: Sequence[Trial]) -> float:
    """What a logit counts beside a score, so that the right passage comes first.

    The conditional logit model (McFadden 1974): the chance of a passage is in proportion to
    exp(a × score + b × logit), and a and b make the right ones likeliest. What counts is b / a.

    Args:
        trials: Questions that a passage answers; each size of base counts alike.
    """
    sizes: dict[int, int] = {}
    choices = []
    for each in trials:
        right = [at for at, one in enumerate(each.read) if one.right]
        if right and len(each.read) > 1:
            rows = np.array([(one.score, one.logit) for one in each.read])
            choices.append((each.size, rows, right[0]))
            sizes[each.size] = sizes.get(each.size, 0) + 1
    found = np.zeros(2)
    ridge = np.diag([_RIDGE, _RIDGE])
    for _ in range(_STEPS):
        slope, bend = -ridge @ found, ridge.copy()
        for size, rows, right_one in choices:
            powers = rows @ found
            chances = np.exp(powers - powers.max())
            chances /= chances.sum()
            mean = chances @ rows
            share = len(choices) / (len(sizes) * sizes[size])
            slope += share * (rows[right_one] - mean)
            bend += share * ((rows.T * chances) @ rows - np.outer(mean, mean))
        found += np.linalg.solve(bend, slope)
    score, logit = found.tolist()
    return round(float(max(logit, 0.0) / max(score, _LEAST_SCORE_WEIGHT)), 4)


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
    reading: Reading | None = None,
) -> Iterator[Trial]:
    """Ask documents their questions, in knowledge bases of every size.

    Args:
        written: The documents that are asked about.
        others: Documents that fill up the largest base.
        encodings: All of them, and the questions of `written`.
        reading: Reads what is shown; None reads nothing.
    """
    for number, each in enumerate(written):
        passages = each.document.passages
        single = replace(each.document, passages=(passages[number % len(passages)],))
        yield from _ask([single], [each], 0, encodings, reading)
        yield from _ask([each.document], [each], 1, encodings, reading)
    for size in SIZES:
        for language in Language:
            own = [each for each in written if language in each.document.editions]
            for start in range(0, len(own), size):
                # The last base is filled up with the first documents.
                group = own[start : start + size]
                base = [*group, *own[: max(0, min(size, start) - len(group))]]
                documents = [each.document for each in base]
                yield from _ask(documents, group, size, encodings, reading)
    documents = [each.document for each in (*written, *others)]
    yield from _ask(documents, written, len(documents), encodings, reading)


def _ask(
    documents: Sequence[Document],
    about: Sequence[WrittenDocument],
    size: int,
    encodings: WrittenEncodings,
    reading: Reading | None,
) -> Iterator[Trial]:
    # What unrelated questions reach hardly differs where fewer are asked.
    fewer = replace(encodings.reference, every=_UNRELATED)
    segments = Segments([Segment(assemble(documents, encodings.texts, fewer))], fewer)
    base = _Base(segments, size, encodings.questions, reading)
    for each in about:
        for question in each.questions:
            yield base.asked(each, question)


@dataclass(frozen=True, slots=True)
class _Base:
    """A knowledge base of some size, which is asked."""

    segments: Segments
    size: int
    questions: Mapping[str, Encoded]
    reading: Reading | None

    def asked(self, about: WrittenDocument, question: WrittenQuestion) -> Trial:
        segments, language = self.segments, question.language
        query = segments.query(question.text, self.questions[question.text], language)
        threshold = segments.thresholds[language]
        different = segments.different(segments.rank(query, threshold.noise, CANDIDATES))
        standing = threshold.standing([one.score for one in different])
        shown = standing.evidence >= threshold.evidence[Strictness.BALANCED]
        answerable = question.answered and segments.number(question.passage) is not None
        read: list[ReadPassage] = []
        if self.reading is not None and shown:
            read = self.reading.of(question.text, segments, different, standing)
        return Trial(
            about,
            question,
            self.size,
            answerable,
            answerable and self._is(different[0], question.passage),
            shown,
            standing,
            best_signals(segments, query, different, standing, language),
            tuple(self._tried(each, query, different, question) for each in read),
        )

    def _tried(
        self,
        read: ReadPassage,
        query: Query,
        different: Sequence[RankedPassage],
        question: WrittenQuestion,
    ) -> TriedPassage:
        segments, language = self.segments, question.language
        ordered = with_first(different, read.ranked)
        standing = segments.thresholds[language].standing([one.score for one in ordered])
        return TriedPassage(
            read.ranked.score,
            read.logit,
            self._is(read.ranked, question.passage),
            standing,
            best_signals(segments, query, ordered, standing, language, reader=read.logit),
        )

    def _is(self, ranked: RankedPassage, identifier: str) -> bool:
        return self.segments.at(ranked.passage).passage.id == identifier
