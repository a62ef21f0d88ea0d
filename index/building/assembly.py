"""From documents to a generation: encode what is new, put together what was encoded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from index.building.checkpoint import Checkpoint
from index.calibration.calibration import Calibration
from index.calibration.reference import Reference, ordinary_words, telling_tokens
from index.encoders.encoder import Encoder, FloatArray, finite
from index.ranking.bm25 import InvertedIndex, Rarities
from index.ranking.late_interaction import TokenEncoding, TokenVectors
from index.ranking.texts import Text, TextKind, texts_of
from index.ranking.vectors import hold_vectors
from index.segments.generation import Generation, Parts
from index.segments.segments import Segments
from knowledge import Document, Language
from knowledge.visible import visible

_BATCH = 32
_KEPT = 256
"""Texts after which what is encoded is kept, in case the build is interrupted."""

Progress = Callable[[int, int], None]
"""Told how many texts are encoded, and how many there are to encode."""


@dataclass(frozen=True)
class EncodedTexts:
    """Texts and questions, encoded.

    Attributes:
        texts: Texts, by what they are made of.
        questions: Embeddings of curated questions as questions.
    """

    texts: dict[str, TokenEncoding] = field(default_factory=dict)
    questions: dict[str, FloatArray] = field(default_factory=dict)

    def add(self, generation: Generation, slugs: Container[str] | None = None) -> None:
        """Add what a generation has of some documents; None for all."""
        parts, row, question = generation.parts, 0, 0
        for number, text in enumerate(generation.texts):
            rows = slice(row, row + len(text.sentences))
            row = rows.stop
            wanted = slugs is None or generation.passages[text.passage].document.slug in slugs
            if wanted:
                codes, scales = parts.tokens.of(number)
                vectors = parts.vectors.at(np.arange(rows.start, rows.stop))
                encoding = TokenEncoding(
                    vectors.astype(np.float16), codes, scales, parts.ranges[rows]
                )
                self.texts[text_key(text)] = encoding
            if text.kind is TextKind.QUESTION:
                if wanted:
                    self.questions[text.content] = parts.curated[question]
                question += 1


class Meter:
    """Counts what is encoded."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def add(self, count: int) -> None:
        """Count `count` more."""
        self._done += count
        if self._progress is not None:
            self._progress(self._done, self._total)


def text_key(text: Text) -> str:
    """Tells texts apart that are read apart."""
    made_of = f"{text.language} {[tuple(each) for each in text.sentences]} {text.content}"
    if visible(text.content) != text.content:
        # What was kept of it by an earlier version was read with the signs that nobody sees.
        made_of += " visible"
    return hashlib.sha256(made_of.encode()).hexdigest()


def curated_questions(texts: Sequence[Text]) -> list[str]:
    """Every curated question, in the order of the texts."""
    return [text.content for text in texts if text.kind is TextKind.QUESTION]


class Missing(NamedTuple):
    """What is to be encoded: texts, of equal ones one, and curated questions as questions."""

    texts: list[Text]
    questions: list[str]


def missing_from(known: EncodedTexts, texts: Sequence[Text]) -> Missing:
    """What is not known of texts."""
    different = {text_key(each): each for each in texts}
    return Missing(
        [each for key, each in different.items() if key not in known.texts],
        [each for each in curated_questions(texts) if each not in known.questions],
    )


def encode_missing(
    known: EncodedTexts,
    texts: Sequence[Text],
    encoder: Encoder,
    reference: Reference,
    progress: Progress | None,
) -> None:
    """Encode what is not known of texts, and add it.

    Args:
        known: What is added to.
        texts: What must be known afterwards.
        encoder: What encodes.
        reference: What is bundled, as the encoder reads it.
        progress: Called after every batch.

    Raises:
        EncoderError: The encoder failed.
    """
    missing = missing_from(known, texts)
    meter = Meter(progress, len(missing.texts) + len(missing.questions))
    encode_texts(known, missing.texts, encoder, reference, meter=meter)
    encode_questions(known, missing.questions, encoder, meter)


def encode_texts(
    known: EncodedTexts,
    texts: Sequence[Text],
    encoder: Encoder,
    reference: Reference,
    *,
    meter: Meter,
    checkpoint: Checkpoint | None = None,
) -> None:
    """Encode texts and add them to what is known.

    Args:
        known: What is added to.
        texts: What is encoded.
        encoder: What encodes.
        reference: What is bundled, as the encoder reads it.
        meter: Told how far it is.
        checkpoint: Where a long build keeps what it has encoded so far.

    Raises:
        OSError: The checkpoint cannot be written.
        EncoderError: The encoder failed.
    """
    unkept: dict[str, TokenEncoding] = {}
    # Texts of like length go together, so that little is spent on padding.
    ordered = sorted(texts, key=lambda text: (len(text.content), text.content))
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        contents = [text.content for text in batch]
        encoded = finite(contents, encoder.encode_passages(contents))
        for text, each in zip(batch, encoded, strict=True):
            mean = reference.questions[text.language].mean
            kept = telling_tokens(text.content, each.offsets, text.language)
            unkept[text_key(text)] = TokenEncoding.of(each, text.sentences, mean, kept)
        known.texts.update(unkept)
        if checkpoint is not None and len(unkept) >= _KEPT:
            checkpoint.keep(unkept)
            unkept.clear()
        meter.add(len(batch))


def encode_questions(
    known: EncodedTexts, asked: Sequence[str], encoder: Encoder, meter: Meter
) -> None:
    """Encode curated questions as questions, and add them to what is known.

    Raises:
        EncoderError: The encoder failed.
    """
    for start in range(0, len(asked), _BATCH):
        batch = asked[start : start + _BATCH]
        encoded = finite(batch, encoder.encode_queries(batch))
        for question, each in zip(batch, encoded, strict=True):
            known.questions[question] = each.embedding
        meter.add(len(batch))


def assemble(
    documents: Sequence[Document],
    known: EncodedTexts,
    reference: Reference,
    beside: Segments | None = None,
) -> Generation:
    """Put together what documents are searched by.

    Args:
        documents: The documents; at least one.
        known: Every text of them, encoded.
        reference: What is bundled, as the encoder reads it.
        beside: What they are searched together with, if with anything.
    """
    texts = tuple(texts_of(documents))
    encodings = [known.texts[text_key(text)] for text in texts]
    languages = list(Language)
    numbers = np.array([languages.index(text.language) for text in texts], np.int64)
    vectors = hold_vectors(
        np.concatenate([each.sentences for each in encodings]).astype(np.float32)
    )
    curated = [known.questions[each] for each in curated_questions(texts)]
    parts = Parts(
        vectors,
        TokenVectors.measured(
            encodings, numbers, len(languages), None if beside is None else beside.centres
        ),
        np.concatenate([each.ranges for each in encodings]),
        InvertedIndex.of([text.words for text in texts]),
        np.stack(curated) if curated else np.zeros((0, vectors.dimension), np.float32),
    )
    ranking = Generation(tuple(documents), parts, Calibration({}, {})).ranking
    others = () if beside is None else beside.words
    unrelated = reference.queries(Rarities([*others, parts.words], ordinary_words()))
    noises = {each: () if beside is None else beside.noises(each) for each in unrelated}
    return Generation(tuple(documents), parts, Calibration.measure(ranking, unrelated, noises))
