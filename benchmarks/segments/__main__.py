"""Print how a divided base answers the shared sets: `python -m benchmarks.segments`.

`python -m benchmarks.quality` encodes the sets first.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.quality.sets import SHARED, BenchmarkSet, Question, read_sets
from index import Encoder, EncoderChoice, Index, Outcome, Result, build_index, open_encoder
from index.building.assembly import EncodedTexts, assemble
from index.building.build import known_in
from index.calibration.reference import Reference
from index.segments.segments import Segment, Segments
from knowledge import Document, PassageLimits, read_library

DATA = Path("data")
ARTICLES = Path("knowledge/articles")
DIVISIONS = (1, 2, 5, 20)


def main() -> None:
    """Measure and print."""
    if not SHARED.is_dir():
        sys.exit(f"The shared sets are not there: {SHARED}. Nothing was measured.")
    encoder = open_encoder(EncoderChoice(), DATA / "models", print)
    build_index(read_library(ARTICLES, PassageLimits()), encoder, DATA / "benchmarks" / "article")
    article = Index.open(DATA / "benchmarks" / "article", encoder)
    sets = read_sets(SHARED)
    names = [f"{each.name} {asked}→{each.language}" for each in sets for asked in each.questions]
    print("acc@1 / right kept / unrelated shown, in %; unrelated: questions of the other set")
    print(" | ".join(["the base", *names]))
    bases: list[tuple[str, Sequence[Segment], int]] = [
        (f"in {count} segments" if count > 1 else "as one", (), count) for count in DIVISIONS
    ]
    bases += [(f"beside the article, {count}", article.segments.every, count) for count in (1, 20)]
    for name, others, count in bases:
        cells: list[str] = []
        for each, other in (sets, sets[::-1]):
            index = _divided(each, others, count, encoder, article)
            cells += _cells(index, each, other)
        # Each takes minutes, and is said as soon as it is known.
        print(" | ".join([name, *cells]), flush=True)


def _divided(
    chosen: BenchmarkSet, others: Sequence[Segment], count: int, encoder: Encoder, article: Index
) -> Index:
    """An index of a set in `count` segments, each made when those before it were there."""
    folder = DATA / "benchmarks" / chosen.name
    build_index(chosen.library, encoder, folder)
    known, reference = known_in(folder, encoder), article.reference
    segments = list(others)
    for documents in _blocks(chosen.library.documents, count):
        segments.append(_segment(documents, known, reference, segments))
    return Index(
        article.manifest, Segments(segments, reference), encoder, reference, article.confidence
    )


def _segment(
    documents: Sequence[Document],
    known: EncodedTexts,
    reference: Reference,
    before: Sequence[Segment],
) -> Segment:
    beside = Segments(before, reference) if before else None
    return Segment(assemble(documents, known, reference, beside))


def _blocks(documents: Sequence[Document], count: int) -> Iterator[list[Document]]:
    """Documents cut into `count` runs of passages, each numbered anew."""
    total = sum(len(each.passages) for each in documents)
    bounds = np.linspace(0, total, count + 1).astype(int)
    for low, high in pairwise(bounds.tolist()):
        block, at = [], 0
        for document in documents:
            last = at + len(document.passages)
            own = document.passages[max(low - at, 0) : max(high - at, 0)]
            if own:
                numbered = (replace(each, number=place) for place, each in enumerate(own, 1))
                block.append(replace(document, passages=tuple(numbered)))
            at = last
        yield block


def _cells(index: Index, own: BenchmarkSet, other: BenchmarkSet) -> Iterator[str]:
    for language, questions in own.questions.items():
        found = index.search_many([each.text for each in questions], [language] * len(questions))
        right = [each for each in zip(questions, found, strict=True) if _first_is_right(*each)]
        kept = [result.outcome is not Outcome.NONE for _, result in right]
        strangers = [each.text for each in other.questions[language]]
        shown = [
            each.outcome is not Outcome.NONE
            for each in index.search_many(strangers, [language] * len(strangers))
        ]
        shares = (len(right) / len(questions), np.mean(kept), np.mean(shown))
        yield " / ".join(f"{100 * each:.1f}" for each in shares)


def _first_is_right(question: Question, result: Result) -> bool:
    return result.matches[0].passage.id in question.gold


if __name__ == "__main__":
    main()
