"""Joining segments into one, without encoding anything again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.calibration.calibration import Calibration
from index.calibration.unrelated import NOTHING, NumberArray, UnrelatedFinds
from index.ranking.bm25 import InvertedIndex
from index.ranking.late_interaction import TokenVectors
from index.ranking.products import CodeArray
from index.ranking.ranking import GROUPS, Noise
from index.ranking.runs import IntArray
from index.ranking.texts import TextKind
from index.ranking.vectors import hold_vectors
from index.segments.generation import CODES_FILE, Generation, Parts
from index.segments.segments import Segment
from knowledge import Language


class _Kept(NamedTuple):
    """What is kept of a segment.

    Attributes:
        segment: The segment.
        texts: int64 (texts,): the numbers of its texts.
        rows: int64 (sentences,): the rows of their sentences.
        tokens: int64 (tokens,): their tokens.
        questions: int64 (questions,): the rows of the curated questions among them.
        passages: int32 (passages,): for each passage its number within the segment once the
            others are gone; -1 for those.
    """

    segment: Segment
    texts: IntArray
    rows: IntArray
    tokens: IntArray
    questions: IntArray
    passages: NumberArray


def join(segments: Sequence[Segment], folder: Path) -> Generation:
    """Put the documents that segments have into one.

    Args:
        segments: Segments that are centred alike; together they have a document.
        folder: An empty folder. The codes of tokens, by far the largest part, are written
            there, so that they need not fit into memory.

    Raises:
        OSError: They cannot be written.
    """
    kept = [_kept(each) for each in segments]
    parts = [each.segment.generation.parts for each in kept]
    vectors = hold_vectors(
        np.concatenate([each.vectors.at(own.rows) for each, own in zip(parts, kept, strict=True)])
    )
    joined = Parts(
        vectors,
        _tokens(kept, folder / CODES_FILE),
        np.concatenate([each.ranges[own.rows] for each, own in zip(parts, kept, strict=True)]),
        InvertedIndex.joined(
            [each.words.only(own.texts) for each, own in zip(parts, kept, strict=True)]
        ),
        np.concatenate(
            [each.curated[own.questions] for each, own in zip(parts, kept, strict=True)]
        ),
    )
    documents = tuple(document for each in segments for document in each.documents)
    texts = Generation(documents, joined, Calibration({}, {})).texts
    groups = [GROUPS.index((each.language, each.kind)) for each in texts]
    return Generation(
        documents, joined, _calibration(kept, np.bincount(groups, minlength=len(GROUPS)))
    )


def _kept(segment: Segment) -> _Kept:
    generation, among = segment.generation, segment.among
    every = generation.texts
    if among is None:
        among = np.ones(len(generation.passages), bool)
    chosen = np.array([among[each.passage] for each in every])
    counts = np.array([len(each.sentences) for each in every])
    starts = generation.parts.tokens.starts
    question = np.array([each.kind is TextKind.QUESTION for each in every])
    return _Kept(
        segment,
        np.flatnonzero(chosen),
        np.flatnonzero(np.repeat(chosen, counts)),
        np.flatnonzero(np.repeat(chosen, np.diff(starts))),
        np.flatnonzero(chosen[question]),
        np.where(among, np.cumsum(among) - 1, NOTHING).astype(np.int32),
    )


def _tokens(kept: Sequence[_Kept], path: Path) -> TokenVectors:
    parts = [each.segment.generation.parts.tokens for each in kept]
    pairs = list(zip(parts, kept, strict=True))
    counts = [np.diff(each.starts)[own.texts] for each, own in pairs]
    return TokenVectors(
        _codes(pairs, path),
        np.concatenate([each.scales[own.tokens] for each, own in pairs]),
        np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64),
        np.concatenate([each.languages[own.texts] for each, own in pairs]),
        np.asarray(parts[0].centres),
        np.concatenate([each.lengths[own.tokens] for each, own in pairs]),
    )


def _codes(pairs: Sequence[tuple[TokenVectors, _Kept]], path: Path) -> CodeArray:
    total = sum(len(own.tokens) for _, own in pairs)
    dimension = pairs[0][0].codes.shape[1]
    written = np.lib.format.open_memmap(
        path, mode="w+", dtype=pairs[0][0].codes.dtype, shape=(total, dimension)
    )
    row = 0
    for tokens, own in pairs:
        for text in own.texts:
            codes = tokens.of(int(text)).codes
            written[row : row + len(codes)] = codes
            row += len(codes)
    written.flush()
    return np.asarray(np.load(path, mmap_mode="r"))


def _calibration(kept: Sequence[_Kept], texts: IntArray) -> Calibration:
    every = [each.segment.generation.calibration for each in kept]
    noises: dict[Language, Noise] = {}
    finds: dict[Language, UnrelatedFinds] = {}
    lengths = [int((each.passages != NOTHING).sum()) for each in kept]
    firsts = np.cumsum([0, *lengths])
    numbers = [
        np.where(each.passages == NOTHING, NOTHING, each.passages + first).astype(np.int32)
        for each, first in zip(kept, firsts, strict=False)
    ]
    for language in every[0].noises:
        pooled = Noise.pooled([each.noises[language] for each in every])
        # Texts that were left out count no longer.
        noises[language] = pooled._replace(texts=tuple(texts.tolist()))
        finds[language] = UnrelatedFinds.joined(
            [each.finds[language] for each in every], numbers, pooled
        )
    return Calibration(noises, finds)
